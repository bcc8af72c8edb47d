"""Several photos: a strip to go from one to another, and all of them saved with one choice."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Download, expect

from tests.web.conftest import Studio, encoded, photo
from tests.web.test_page_access import settle, violations

pytestmark = pytest.mark.browser

BROKEN = encoded(photo(300, 200), "JPEG")[:400]


def give(studio: Studio, *files: tuple[str, bytes]) -> None:
    studio.part("photo-input").set_input_files(
        [{"name": name, "mimeType": "", "buffer": content} for name, content in files]
    )


@pytest.fixture
def several(studio: Studio) -> Studio:
    """Three photos, two of one name and the second of them broken, the first painted."""
    if studio.page.locator("#clear").is_visible():
        studio.page.locator("#clear").click()
    photos = ("sea.jpg", encoded(photo(96, 64))), ("torn.jpg", BROKEN), ("sea.jpg", encoded(photo(64, 80)))
    give(studio, *photos)
    studio.wait_for("done")
    return studio


def saved(several: Studio, save: str = "zip") -> Download:
    several.page.locator("#batch-way").select_option(save)
    with several.page.expect_download() as download:
        several.part("batch").click()
    return download.value


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_and_the_tab_key_goes_from_photo_to_photo(several: Studio, scheme: str) -> None:
    several.page.emulate_media(color_scheme=scheme)
    settle(several)
    assert violations(several) == []
    several.part("film-photo").first.focus()
    reached = []
    for _ in range(4):
        several.page.keyboard.press("Tab")
        reached.append(several.page.evaluate("document.activeElement.dataset.testid ?? document.activeElement.id"))
    assert reached == ["film-photo", "film-photo", "batch", "batch-way"]


def test_another_photo_of_the_strip_is_painted_with_the_same_choice(several: Studio) -> None:
    frames = several.part("film-photo")
    several.set_strength(60)
    frames.nth(2).click()
    several.wait_until("document.querySelector('[data-testid=result]').width === 64")
    several.wait_for("done")
    assert several.part("strength").input_value() == "60"
    expect(frames.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(frames.first).to_have_attribute("aria-pressed", "false")
    expect(frames).to_have_count(3)


def test_all_are_saved_as_one_zip_and_a_broken_one_does_not_stop_the_rest(several: Studio, tmp_path: Path) -> None:
    alone = several.result()
    several.save_as("png")
    expect(several.part("batch")).to_have_text("Save 3")
    file = tmp_path / "all.zip"
    saved(several).save_as(file)
    several.wait_for("error")
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        pictures = [Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()]
        assert len({*archive.namelist()}) == 2
        assert all(name.startswith("sea - ") for name in archive.namelist())
    assert [picture.size for picture in pictures] == [(96, 64), (64, 80)]
    np.testing.assert_array_equal(np.asarray(pictures[0].convert("RGB")), alone)
    assert "torn.jpg" in several.part("error").inner_text()
    states = several.part("film-photo").evaluate_all("(frames) => frames.map((frame) => frame.dataset.state)")
    assert states == ["done", "failed", "done"]
    expect(several.part("download")).to_be_enabled()


def test_one_by_one_each_is_a_file_of_its_own(several: Studio) -> None:
    files: list[Download] = []

    def note(file: Download) -> None:
        files.append(file)

    several.page.on("download", note)
    saved(several, "each")
    several.wait_for("error")
    several.page.remove_listener("download", note)
    assert len(files) == 2


def test_pause_begins_no_other_photo_and_cancel_frees_the_page_and_keeps_the_painting(several: Studio) -> None:
    before = several.result()
    several.page.evaluate("""() => {
        document.querySelector('[data-testid=batch]').click();
        document.querySelector('#batch-pause').click();
    }""")
    expect(several.page.locator("#batch-pause")).to_have_text("Resume")
    assert several.state == "working"
    several.page.evaluate("document.querySelector('[data-testid=cancel]').click()")
    several.wait_for("done")
    np.testing.assert_array_equal(several.result(), before)
    expect(several.part("batch")).to_be_visible()
    assert several.page.locator("[inert]").count() == 0
