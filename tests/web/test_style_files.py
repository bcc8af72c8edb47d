"""Styles that are kept: saved as a file, opened, dropped, passed on as an address; and what cannot be opened."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenStudio, Pixels, Studio, encoded, photo
from tests.web.test_adjust import open_adjust, painted_after, set_boldness, set_stroke_size
from tests.web.test_mixing import NAMES, OWN, mix_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

PHOTO = encoded(photo(240, 180))


@pytest.fixture(scope="module")
def kept(open_for_the_file: OpenStudio, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Pixels]:
    """A mixture at strength 60 with larger strokes: its file, its address, and how the photo looks in it."""
    studio = open_for_the_file(permissions=["clipboard-read", "clipboard-write"])
    studio.paint(PHOTO)
    mix_in(studio, NAMES[3])
    set_stroke_size(studio, 2)
    set_boldness(studio, 70)
    painted_after(studio, lambda: studio.part("mix-weight").first.fill("30"))
    painted = studio.set_strength(60)
    with studio.page.expect_download() as download:
        studio.part("style-save").click()
    file = tmp_path_factory.mktemp("style") / download.value.suggested_filename
    download.value.save_as(file)
    expect(studio.part("notice")).to_have_text(f"The style was saved as {file.name}")
    studio.part("style-link").click()
    expect(studio.part("notice")).to_have_text("The link was copied")
    address = studio.page.evaluate("navigator.clipboard.readText()")
    return file, address, painted


def check_opened(studio: Studio, painted: Pixels) -> None:
    """The style of `kept` is chosen as it was painted."""
    name = f"{NAMES[0]} + {NAMES[3]}"
    expect(studio.page.locator(OWN).first).to_have_text(name)
    expect(studio.page.locator(OWN).first).to_be_checked()
    expect(studio.part("strength")).to_have_value("60")
    expect(studio.part("status")).to_contain_text(f"{name}, ")
    np.testing.assert_array_equal(studio.result(), painted)
    open_adjust(studio)
    expect(studio.part("stroke-size")).to_have_value("2")
    expect(studio.part("boldness")).to_have_value("70")
    expect(studio.page.locator(".mix-part output")).to_have_text(["38%", "63%"])


def test_a_file_holds_the_style_its_name_and_how_it_was_painted(kept: tuple[Path, str, Pixels]) -> None:
    file, _, _ = kept
    assert file.name == f"{NAMES[0]} + {NAMES[3]}.style.json"
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert [(part["name"], part["weight"]) for part in saved["parts"]] == [(NAMES[0], 30), (NAMES[3], 50)]
    assert saved["strength"] == 60
    assert saved["settings"] == {"strokeSize": 2, "boldness": 70, "keepColours": 0}


def test_a_file_paints_the_same_picture_when_it_is_opened(
    open_studio: OpenStudio, kept: tuple[Path, str, Pixels]
) -> None:
    file, _, painted = kept
    studio = open_studio()
    studio.paint(PHOTO)
    open_adjust(studio)
    studio.part("style-load").set_input_files(file)
    expect(studio.page.locator(OWN)).to_have_count(1)
    studio.wait_for("done")
    check_opened(studio, painted)


def drop(studio: Studio, name: str, text: str, on: str) -> None:
    studio.page.locator(on).evaluate(
        """(element, [name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
        }""",
        [name, text],
    )


@pytest.mark.parametrize("place", ["#view", "#styles"])
def test_a_file_is_opened_wherever_it_is_dropped(
    open_studio: OpenStudio, kept: tuple[Path, str, Pixels], place: str
) -> None:
    file, _, painted = kept
    studio = open_studio()
    studio.paint(PHOTO)
    drop(studio, file.name, file.read_text(encoding="utf-8"), place)
    expect(studio.page.locator(OWN)).to_have_count(1)
    studio.wait_for("done")
    check_opened(studio, painted)


def test_an_address_paints_the_first_photo_in_its_style_and_is_not_sent(
    open_studio: OpenStudio, kept: tuple[Path, str, Pixels]
) -> None:
    _, address, painted = kept
    studio = open_studio(query=f"?backend=wasm#{address.partition('#')[2]}")
    expect(studio.part("notice")).to_contain_text("is chosen: choose a photo")
    studio.paint(PHOTO)
    check_opened(studio, painted)
    assert [request for request in studio.requests if "style=" in request.partition("#")[0]] == []
    studio.paint(PHOTO)
    expect(studio.part("strength")).to_have_value("100")


def test_a_sample_is_painted_in_the_style_of_the_address(
    open_studio: OpenStudio, kept: tuple[Path, str, Pixels]
) -> None:
    _, address, _ = kept
    studio = open_studio(query=f"?backend=wasm#{address.partition('#')[2]}")
    expect(studio.page.locator(OWN)).to_be_checked()
    studio.page.locator("#samples-row button").first.click()
    studio.wait_for("done")
    expect(studio.page.locator(OWN)).to_be_checked()


def other_space(text: str) -> str:
    saved: dict[str, Any] = {**json.loads(text), "space": "0" * 16}
    return json.dumps(saved)


BAD = [
    ("damaged", lambda text: text[:200], "This is not a style, or only a part of one"),
    ("empty", lambda _: "", "This is not a style, or only a part of one"),
    ("of other networks", other_space, "This style was made with other networks"),
]


@pytest.mark.parametrize(("how", "change", "sentence"), BAD, ids=[how for how, _, _ in BAD])
def test_what_is_no_style_of_this_page_is_refused_with_a_sentence(
    studio: Studio, kept: tuple[Path, str, Pixels], how: str, change: Any, sentence: str
) -> None:
    painted = studio.paint(PHOTO)
    drop(studio, f"{how}.json", change(kept[0].read_text(encoding="utf-8")), "#view")
    expect(studio.part("error")).to_contain_text(sentence)
    expect(studio.page.locator(OWN)).to_have_count(0)
    np.testing.assert_array_equal(studio.result(), painted)
    expect(studio.part("download")).to_be_enabled()


def test_a_broken_address_is_said_and_the_page_works(open_studio: OpenStudio) -> None:
    studio = open_studio(query="?backend=wasm#style=AAAA", until="error")
    expect(studio.part("error")).to_contain_text("This is not a style, or only a part of one")
    studio.paint(PHOTO)
    expect(studio.gallery.first).to_be_checked()
