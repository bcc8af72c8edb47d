"""Every way in: whatever is dropped, pasted, shared or opened with the page ends as a picture or in one sentence."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from server import WEB
from tests.web.conftest import QUIET, OpenStudio, Studio, encoded, photo
from tests.web.faulty_site import OpenSite
from tests.web.test_page_bad_input import is_one_sentence

pytestmark = pytest.mark.browser

FILM = b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(99)
APPLE_DOUBLE = b"\0\x05\x16\x07\0\2\0\0Mac OS X        " + bytes(99)
FIRST, SECOND = encoded(photo(60, 40), "JPEG"), encoded(photo(50, 70), "JPEG")
ELSEWHERE = "https://pictures.example/sunset.jpg"
WRITTEN = f"data:image/jpeg;base64,{base64.b64encode(FIRST).decode()}"

Given = dict[str, str]  # type to text, as a drag or the clipboard holds it
GIVE = """([way, files, texts]) => {
  const transfer = new DataTransfer();
  for (const [name, type, bytes] of files) {
    const content = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
    transfer.items.add(new File([content], name, { type }));
  }
  for (const [type, text] of Object.entries(texts)) transfer.setData(type, text);
  const options = { bubbles: true, cancelable: true };
  document.querySelector(way === 'style' ? '#styles' : 'main').dispatchEvent(
    way === 'paste'
      ? new ClipboardEvent('paste', { ...options, clipboardData: transfer })
      : new DragEvent('drop', { ...options, dataTransfer: transfer }),
  );
}"""


def give(studio: Studio, way: str, *files: tuple[str, bytes], texts: Given | None = None, kind: str = "") -> None:
    """Drops or pastes files, in their order, and texts; `way` is drop, paste or style: a drop on the styles."""
    listed = [[name, kind, base64.b64encode(content).decode()] for name, content in files]
    studio.page.evaluate(GIVE, [way, listed, texts or {}])


def shown(studio: Studio) -> tuple[int, int]:
    """Width and height of the picture painted next."""
    studio.wait_for("done", "error")
    assert studio.state == "done", studio.part("error").inner_text()
    height, width, _ = studio.result().shape
    return width, height


def told(studio: Studio) -> str:
    """The sentence that is said instead of a picture."""
    studio.wait_for("error")
    sentence = studio.part("error").inner_text()
    assert is_one_sentence(sentence)
    return sentence


@pytest.fixture(autouse=True)
def nothing_opened(request: pytest.FixtureRequest) -> None:
    """The shared page begins each test without a photo."""
    if "studio" not in request.fixturenames:
        return
    studio: Studio = request.getfixturevalue("studio")
    studio.page.keyboard.press("Escape")
    if studio.page.locator("#clear").is_visible():
        studio.page.locator("#clear").click()
    studio.wait_for("ready")


@pytest.mark.parametrize("way", ["drop", "paste"])
@pytest.mark.parametrize(
    ("passed_over", "content"),
    [
        ("live.mov", FILM),
        ("._photo.jpg", APPLE_DOUBLE),
        ("letter.pdf", b"%PDF-1.7\n" * 9),
        ("empty.jpg", b""),
        ("cut.jpg", FIRST[: len(FIRST) // 2]),
        ("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)),
    ],
)
def test_what_is_no_picture_is_passed_over_and_a_word_says_so(
    studio: Studio, way: str, passed_over: str, content: bytes
) -> None:
    give(studio, way, (passed_over, content), ("photo.jpg", FIRST))
    assert shown(studio) == (60, 40)
    expect(studio.part("notice")).to_have_text(f"“{passed_over}” was not opened: it is damaged, or not a photo.")


def test_of_several_photos_the_first_is_painted_and_all_are_in_the_film_strip(studio: Studio) -> None:
    frames = studio.part("film-photo")
    give(studio, "drop", ("photo.jpg", FIRST), ("another.jpg", SECOND))
    assert shown(studio) == (60, 40)
    expect(frames).to_have_count(2)
    give(studio, "drop", ("a.jpg", SECOND), ("b.jpg", FIRST), ("c.mov", FILM))
    studio.wait_until("document.querySelector('[data-testid=result]').width === 50")
    expect(frames).to_have_count(2)
    expect(frames.first).to_have_attribute("aria-pressed", "true")
    expect(studio.part("notice")).to_contain_text("“c.mov” was not opened")
    give(studio, "drop", ("only.jpg", FIRST))
    studio.wait_until("document.querySelector('[data-testid=result]').width === 60")
    expect(frames).to_have_count(0)


@pytest.mark.parametrize(("name", "kind"), [("photo.txt", "text/plain"), ("photo", ""), ("film.mp4", "video/mp4")])
def test_the_bytes_say_what_is_a_picture_not_name_or_type(studio: Studio, name: str, kind: str) -> None:
    give(studio, "drop", (name, FIRST), kind=kind)
    assert shown(studio) == (60, 40)


@pytest.mark.parametrize("way", ["drop", "paste"])
@pytest.mark.parametrize(
    "texts",
    [
        {"text/html": f'<p>Look:</p><img alt="us" src="{WRITTEN}">'},
        {"text/html": f'<img src="{WRITTEN.replace("data:", " DATA:")}">', "text/plain": "us"},
        {"text/html": f"<img src='{'&#10;'.join(WRITTEN[i : i + 76] for i in range(0, len(WRITTEN), 76))}'>"},
        {"text/html": f'<picture><source srcset="{WRITTEN} 2x"><img src="{ELSEWHERE}"></picture>'},
        {"text/html": f'<div style="background: url({WRITTEN})"></div>'},
        {"text/html": f'<img src="{ELSEWHERE}"><img src="{WRITTEN}">'},
        {"text/plain": WRITTEN},
        {"text/uri-list": WRITTEN},
        {"text/plain": "data:," + "".join(f"%{byte:02x}" for byte in FIRST)},
    ],
    ids=["html", "capitals", "wrapped", "srcset", "style", "second", "address", "list", "percent"],
)
def test_a_picture_written_out_in_html_or_an_address_is_painted(studio: Studio, way: str, texts: Given) -> None:
    give(studio, way, texts=texts)
    assert shown(studio) == (60, 40)


@pytest.mark.parametrize("way", ["drop", "paste", "style"])
@pytest.mark.parametrize(
    ("texts", "files", "words"),
    [
        ({"text/uri-list": ELSEWHERE, "text/html": f'<img src="{ELSEWHERE}">'}, [], "not fetched from other sites"),
        ({"text/html": f'<img src="{ELSEWHERE}">'}, [], "not fetched from other sites"),
        ({"text/plain": ELSEWHERE}, [], "not fetched from other sites"),
        ({"text/plain": "pictures.example/sunset.jpg"}, [], "not fetched from other sites"),
        ({"text/uri-list": "file:///home/us/sunset.jpg"}, [], "not fetched from other sites"),
        ({"text/plain": "A sunset over the hills."}, [], "text, not a picture"),
        ({"text/html": "<b>A sunset</b>", "text/plain": "A sunset"}, [], "text, not a picture"),
        ({"text/plain": "data:image/jpeg;base64,~~~"}, [], "cannot be read as a picture"),
        ({}, [], "No picture was found"),
        ({}, [("live.mov", FILM)], "“live.mov” cannot be read as a picture"),
        ({}, [("live.mov", FILM), ("._live.mov", APPLE_DOUBLE)], "no picture among these files"),
        ({}, [("live.mov", FILM), ("cut.jpg", FIRST[:400])], "“cut.jpg” is incomplete"),
    ],
)
def test_what_holds_no_picture_is_explained_in_one_sentence(
    studio: Studio, way: str, texts: Given, files: list[tuple[str, bytes]], words: str
) -> None:
    give(studio, way, *files, texts=texts)
    assert words in told(studio)


def test_a_style_comes_by_the_same_ways(studio: Studio) -> None:
    studio.paint()
    own = studio.page.locator('[data-style^="own-"]')
    count = own.count()
    give(studio, "style", ("live.mov", FILM), ("quilt.jpg", SECOND))
    studio.wait_for("done")
    expect(studio.part("notice")).to_contain_text("“quilt.jpg” was opened, “live.mov” was not")
    give(studio, "style", texts={"text/html": f'<img src="{WRITTEN}">'})
    expect(own).to_have_count(count + 2)
    studio.wait_for("done")


def test_a_drop_while_something_is_painted_takes_its_place(studio: Studio) -> None:
    studio.give(encoded(photo(1024, 768), "JPEG"), "large.jpg")
    studio.wait_until("document.querySelector('[data-testid=progress]').value > 20")
    give(studio, "drop", ("live.mov", FILM), ("photo.jpg", FIRST))
    studio.wait_until("document.querySelector('[data-testid=result]').width === 60")
    assert shown(studio) == (60, 40)


def test_while_a_dialog_is_open_nothing_goes_to_the_page_behind_it(studio: Studio) -> None:
    before = studio.paint()
    studio.page.locator("#promise").click()
    expect(studio.page.get_by_role("dialog")).to_be_visible()
    give(studio, "paste", ("photo.jpg", FIRST))
    give(studio, "paste", texts={"text/plain": "words"})
    assert studio.state == "done"
    studio.page.get_by_role("button", name="Close").click()
    np.testing.assert_array_equal(studio.result(), before)
    give(studio, "paste", ("photo.jpg", FIRST))
    studio.wait_until("document.querySelector('[data-testid=result]').width === 60")
    studio.wait_for("done")


def test_what_the_browser_itself_pastes_is_painted(open_studio: OpenStudio) -> None:
    studio = open_studio(permissions=["clipboard-read", "clipboard-write"])
    for kind, content in {"text/html": f'<img src="{WRITTEN}">', "text/plain": ELSEWHERE, "image/png": None}.items():
        studio.page.evaluate(
            """async ([kind, content, png]) => {
                const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
                const blob = new Blob([content ?? bytes], { type: kind });
                await navigator.clipboard.write([new ClipboardItem({ [kind]: blob })]);
            }""",
            [kind, content, base64.b64encode(encoded(photo(44, 33))).decode()],
        )
        studio.page.keyboard.press("Control+V")
        if kind == "text/plain":
            assert "not fetched" in told(studio)
        else:
            studio.wait_until(f"document.querySelector('[data-testid=result]').width === {60 if content else 44}")
            studio.wait_for("done")


Drag = Callable[..., None]


def drag(studio: Studio, *paths: Path, items: list[dict[str, str]] | None = None) -> None:
    """Drags files and folders of this disk, or items of another page, onto the page, as the system does."""
    session = studio.page.context.new_cdp_session(studio.page)
    data: dict[str, Any] = {"items": items or [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": step, "x": 400, "y": 300, "data": data})


def test_of_a_dropped_folder_the_first_picture_is_taken(studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "Holiday"
    (folder / "@eaDir").mkdir(parents=True)
    (folder / "a first folder").mkdir()
    for name in ("@eaDir/b.jpg", "a first folder/c.jpg", "10.jpg", "._2.jpg"):
        (folder / name).write_bytes(SECOND)
    (folder / "1.mov").write_bytes(FILM)
    (folder / "2.jpg").write_bytes(FIRST)
    drag(studio, folder)
    assert shown(studio) == (60, 40)
    expect(studio.part("film-photo")).to_have_count(3)
    names = studio.part("film-photo").evaluate_all("(frames) => frames.map((frame) => frame.ariaLabel)")
    assert names == ["2.jpg", "10.jpg", "c.jpg"]


def test_a_picture_deep_in_a_folder_of_many_files_is_found(studio: Studio, tmp_path: Path) -> None:
    for i in range(900):  # more than a browser lists at a time
        (tmp_path / f".{i}").touch()
    (tmp_path / "x" / "y").mkdir(parents=True)
    (tmp_path / "x" / "y" / "z.jpg").write_bytes(FIRST)
    drag(studio, tmp_path)
    assert shown(studio) == (60, 40)


@pytest.mark.parametrize("files", [[], ["notes.txt"], ["notes.txt", "more.txt"]])
def test_a_folder_without_pictures_is_explained(studio: Studio, tmp_path: Path, files: list[str]) -> None:
    for name in files:
        (tmp_path / name).write_text("notes")
    drag(studio, tmp_path)
    assert "no picture" in told(studio)


def test_a_link_or_text_that_is_really_dragged_here_is_not_dropped_in_silence(studio: Studio) -> None:
    drag(studio, items=[{"mimeType": "text/uri-list", "data": ELSEWHERE}])
    assert "not fetched" in told(studio)
    drag(studio, items=[{"mimeType": "text/html", "data": f'<img src="{WRITTEN}">'}])
    assert shown(studio) == (60, 40)


LAUNCH = """() => {
  const handle = (name, content) => ({
    kind: 'file',
    name,
    getFile: content
      ? async () => new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name)
      : () => Promise.reject(new DOMException('It is gone.', 'NotFoundError')),
  });
  const value = {
    setConsumer(consumer) {
      window.launch = (files) => consumer({ files: files.map(([name, content]) => handle(name, content)) });
      consumer({ targetURL: location.href, files: [] }); // a plain start
    },
  };
  Object.defineProperty(window, 'launchQueue', { value }); // where Chromium has its own
}"""


def launch(studio: Studio, *files: tuple[str, bytes | None]) -> None:
    """Opens files with the installed app; without content they are gone when it reads them."""
    listed = [[name, base64.b64encode(content).decode() if content else None] for name, content in files]
    studio.page.evaluate("(files) => window.launch(files)", listed)


def test_a_photo_opened_with_the_installed_app_is_there(chromium: Browser, site: str) -> None:
    context = chromium.new_context(**QUIET)
    context.add_init_script(f"({LAUNCH})()")
    studio = Studio(context.new_page())
    studio.page.goto(f"{site}/?backend=wasm")
    studio.wait_for("ready")
    launch(studio, ("photo.jpg", FIRST))
    assert shown(studio) == (60, 40)
    launch(studio, ("gone.jpg", None), ("b.jpg", SECOND))
    studio.wait_until("document.querySelector('[data-testid=result]').width === 50")
    expect(studio.part("notice")).to_contain_text("“gone.jpg” was not opened")
    launch(studio, ("gone.jpg", None))
    assert "“gone.jpg” cannot be read" in told(studio)
    assert studio.complaints == []
    context.close()


def test_the_manifest_offers_the_app_for_what_it_opens() -> None:
    manifest = json.loads((WEB / "dist" / "manifest.webmanifest").read_text())
    share = manifest["share_target"]
    assert (share["method"], share["enctype"]) == ("POST", "multipart/form-data")
    for handler in manifest["file_handlers"]:
        for kind, extensions in handler["accept"].items():
            for extension in extensions:
                assert Image.registered_extensions()[extension].lower() == kind.removeprefix("image/")


SHARE = """([action, field, files]) => {
  const form = document.createElement('form');
  Object.assign(form, { action, method: 'post', enctype: 'multipart/form-data' });
  const input = Object.assign(document.createElement('input'), { type: 'file', name: field, multiple: true });
  const transfer = new DataTransfer();
  for (const [name, content] of files) {
    transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
  }
  input.files = transfer.files;
  form.append(input);
  document.body.append(form);
  form.submit();
}"""
KEPT = "async () => (await caches.keys()).filter((name) => name !== 'nocturne')"


def share(studio: Studio, *files: tuple[str, bytes]) -> None:
    """Posts the files as a phone does that shares them to the installed app, whose manifest says where and how."""
    target = json.loads((WEB / "dist" / "manifest.webmanifest").read_text())["share_target"]
    listed = [[name, base64.b64encode(content).decode()] for name, content in files]
    with studio.page.expect_navigation(url=lambda url: not url.endswith("share")):
        studio.page.evaluate(SHARE, [target["action"], target["params"]["files"][0]["name"], listed])


def test_a_photo_shared_to_the_installed_app_is_there_and_goes_no_farther(
    chromium: Browser, open_site: OpenSite
) -> None:
    site = open_site()
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")  # the page may not post; the system may
    studio = Studio(context.new_page())
    studio.page.goto(f"{site.address}/?backend=wasm")
    studio.wait_for("ready")
    studio.wait_until("navigator.serviceWorker.controller !== null")
    share(studio, ("живопись.mov", FILM), ("фото №1.jpg", FIRST))
    assert shown(studio) == (60, 40)
    expect(studio.part("notice")).to_contain_text("“живопись.mov” was not opened")
    assert studio.page.evaluate(KEPT) == []
    assert studio.page.url == f"{site.address}/"
    studio.page.reload()
    studio.wait_for("ready")
    share(studio)
    assert "did not arrive" in told(studio)
    assert site.methods == {"GET"}
    context.close()


def test_a_share_that_finds_no_room_is_explained(chromium: Browser, open_site: OpenSite) -> None:
    site = open_site()
    worker = site.folder / "service-worker.js"
    full = "Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError'));"
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    studio = Studio(context.new_page())
    worker.write_text(f"addEventListener('activate', () => {{ {full} }});" + worker.read_text())
    studio.page.goto(f"{site.address}/?backend=wasm")
    studio.wait_until("navigator.serviceWorker.controller !== null")
    share(studio, ("photo.jpg", FIRST))
    assert "did not arrive" in told(studio)
    context.close()
