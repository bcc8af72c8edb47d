"""Every way out: one press saves one file, a photo that has changed since is explained, nothing unsaved is lost."""

import base64
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Dialog, Download, expect

from tests.web.conftest import QUIET, OpenStudio, Studio, encoded, photo
from tests.web.test_page_bad_input import is_one_sentence

pytestmark = pytest.mark.browser

FULL = (1100, 160)  # larger than what is painted for the screen


def saved(studio: Studio) -> Image.Image:
    with studio.page.expect_download(timeout=60_000) as waiting:
        studio.part("download").click()
    return Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes()))


def delete(file: Path) -> None:
    file.unlink()


def move(file: Path) -> None:
    file.rename(file.with_name("elsewhere.jpg"))


def replace(file: Path) -> None:
    file.write_bytes(encoded(photo(*FULL).rotate(180), "JPEG"))
    os.utime(file, (1, 1))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:900])


@pytest.mark.parametrize("change", [delete, move, replace, cut])
def test_a_photo_that_is_no_longer_there_is_named_and_the_picture_on_the_screen_is_saved(
    studio: Studio, tmp_path: Path, change: object
) -> None:
    file = tmp_path / "Beach day.jpg"
    file.write_bytes(encoded(photo(*FULL), "JPEG"))
    studio.part("photo-input").set_input_files(file)
    studio.wait_for("done")
    painted = studio.result()
    assert callable(change)
    change(file)
    studio.part("download").click()
    studio.wait_for("error")
    sentence = studio.part("error").inner_text()
    assert sentence.startswith("“Beach day.jpg” was moved, changed or deleted: ")
    assert is_one_sentence(sentence)
    np.testing.assert_array_equal(studio.result(), painted)
    studio.save_as("PNG", "screen")
    np.testing.assert_array_equal(np.asarray(saved(studio).convert("RGB")), painted)
    studio.wait_for("done")  # and the sentence is gone
    studio.save_as("PNG")


def test_a_file_that_the_browser_lets_change_unnoticed_is_not_saved_as_the_photo(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.page.evaluate("""() => {
        window.changeFiles = (base64) => {
            const other = new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]);
            const decode = window.createImageBitmap;
            window.createImageBitmap = (source, ...rest) => {
                window.createImageBitmap = decode;
                return decode(other, ...rest);
            };
        };
    }""")
    for before, other in [
        (photo(*FULL), photo(*FULL).rotate(180)),
        (Image.new("RGB", FULL, "teal"), Image.new("RGB", (FULL[0] + 1, FULL[1]), "teal")),
    ]:
        studio.paint(encoded(before))
        studio.page.evaluate("(file) => window.changeFiles(file)", base64.b64encode(encoded(other)).decode())
        studio.part("download").click()
        studio.wait_for("error")
        expect(studio.part("error")).to_contain_text("moved, changed or deleted")
        studio.page.keyboard.press("Escape")
        studio.wait_for("done")


@pytest.fixture
def downloads(studio: Studio) -> Iterator[list[Download]]:
    """What the page saves from now on."""
    found: list[Download] = []

    def add(download: Download) -> None:
        found.append(download)

    studio.page.on("download", add)
    yield found
    studio.page.remove_listener("download", add)


def settle(studio: Studio, downloads: list[Download]) -> int:
    """How many files were saved, once the page has come to rest after the first."""
    expect(studio.part("status")).to_contain_text("Saved as", timeout=60_000)
    studio.save_as("WebP")
    with studio.page.expect_download():  # comes after all those that were begun before
        studio.part("download").click()
    studio.save_as("JPEG")
    return len(downloads) - 1


@pytest.mark.parametrize("size", [(90, 60), FULL])
def test_a_double_click_saves_one_file(studio: Studio, downloads: list[Download], size: tuple[int, int]) -> None:
    studio.paint(encoded(photo(*size)))
    studio.part("download").dblclick()
    assert settle(studio, downloads) == 1


def test_a_double_tap_told_as_two_clicks_saves_one_file(studio: Studio, downloads: list[Download]) -> None:
    studio.paint(encoded(photo(90, 60)))
    studio.page.evaluate("""() => new Promise((resolve) => {
        const [download, status] = ['download', 'status'].map((id) => document.querySelector(`[data-testid=${id}]`));
        new MutationObserver((_, observer) => { // the first file is saved
            observer.disconnect();
            setTimeout(() => resolve(download.click()), 20);
        }).observe(status, { childList: true });
        download.click();
        download.click();
    })""")
    assert settle(studio, downloads) == 1


def test_a_key_that_is_held_down_saves_one_file(studio: Studio, downloads: list[Download]) -> None:
    studio.paint(encoded(photo(90, 60)))
    studio.part("download").focus()
    studio.page.keyboard.down("Enter")
    for _ in range(8):
        studio.page.wait_for_timeout(100)
        studio.page.keyboard.down("Enter")  # repeats, as the key is down
    studio.page.keyboard.up("Enter")
    assert settle(studio, downloads) == 1


def test_a_cancelled_full_size_can_be_asked_for_again_at_once(studio: Studio) -> None:
    studio.paint(encoded(photo(2400, 1800), "JPEG"))
    state = studio.page.evaluate("""async () => {
        const [download, cancel] = ['download', 'cancel'].map((id) => document.querySelector(`[data-testid=${id}]`));
        download.click();
        cancel.click(); // while the file is still read
        await new Promise((resolve) => setTimeout(resolve));
        download.click();
        return document.documentElement.dataset.state;
    }""")
    assert state == "working"
    studio.part("cancel").click()
    studio.wait_for("done")


def leave(studio: Studio) -> list[str]:
    """Kinds of the questions that are asked when the page is reloaded; each is answered with leaving."""
    asked: list[str] = []

    def go(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    studio.page.on("dialog", go)
    studio.page.reload()
    studio.page.remove_listener("dialog", go)
    studio.wait_for("ready")
    return asked


def touch(studio: Studio) -> None:
    """Browsers ask on behalf of pages that were used alone."""
    studio.page.get_by_role("heading", name="Nocturne").click()


def test_leaving_asks_only_with_a_painting_that_was_not_saved(open_studio: OpenStudio) -> None:
    studio = open_studio(permissions=["clipboard-read", "clipboard-write"])
    touch(studio)
    assert leave(studio) == [], "nothing was painted"

    touch(studio)
    studio.paint()
    assert leave(studio) == ["beforeunload"]

    touch(studio)
    studio.paint()
    saved(studio)
    expect(studio.part("status")).to_contain_text("Saved as")
    assert leave(studio) == []

    touch(studio)
    studio.paint()
    saved(studio)
    studio.choose_style(2)
    assert leave(studio) == ["beforeunload"], "it has changed since"

    touch(studio)
    studio.paint()
    studio.page.get_by_role("button", name="Copy the picture").click()
    expect(studio.part("status")).to_have_text("Copied")
    assert leave(studio) == []

    touch(studio)
    studio.paint()
    studio.page.locator("#clear").click()
    assert leave(studio) == [], "the visitor took the photo away"

    touch(studio)
    studio.paint()
    studio.set_strength(0)
    assert leave(studio) == [], "it is the photo itself"


SHARES = """
  window.shares = [];
  navigator.canShare = () => true;
  navigator.share = ({ files }) => {
    if (shares.some((share) => share.open)) return Promise.reject(new DOMException('', 'InvalidStateError'));
    const share = { name: files[0].name, open: true };
    shares.push(share);
    return new Promise((resolve, reject) => {
      share.end = (error) => {
        share.open = false;
        if (error) reject(new DOMException('', error));
        else resolve();
      };
    });
  };
"""


@pytest.fixture
def sharing(chromium: Browser, site: str) -> Iterator[Studio]:
    """A painted photo in a browser that shares as the test says."""
    context = chromium.new_context(**QUIET)
    context.add_init_script(SHARES)
    studio = Studio(context.new_page())
    studio.page.goto(f"{site}/?backend=wasm")
    studio.wait_for("ready")
    touch(studio)
    studio.paint()
    yield studio
    context.close()


def test_a_double_click_shares_once_and_what_was_shared_is_safe(sharing: Studio) -> None:
    button = sharing.page.get_by_role("button", name="Share the picture")
    button.dblclick()
    sharing.wait_until("shares.length === 1")
    button.click()
    sharing.page.evaluate("shares[0].end('AbortError')")
    expect(sharing.part("error")).to_be_hidden()
    sharing.wait_until("shares.every((share) => !share.open)")
    button.click()
    sharing.wait_until("shares.length === 2")
    sharing.page.evaluate("shares[1].end()")
    expect(sharing.part("error")).to_be_hidden()
    assert leave(sharing) == []


def test_a_picture_whose_sharing_was_given_up_is_not_safe(sharing: Studio) -> None:
    sharing.page.get_by_role("button", name="Share the picture").click()
    sharing.wait_until("shares.length === 1")
    sharing.page.evaluate("shares[0].end('AbortError')")
    assert leave(sharing) == ["beforeunload"]
