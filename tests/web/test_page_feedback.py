"""Saving, sharing, progress, errors and hints: each in one place, without moving or covering anything."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import QUIET, OpenStudio, Studio, encoded, photo
from tests.web.test_page_layout import BUSY_FOR_A_MINUTE, SIZES, resize

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
SHARES = """
  window.shared = [];
  window.refusals = 0;
  navigator.canShare = () => true;
  navigator.share = async ({ files: [file] }) => {
    if (window.refusals-- > 0) throw new DOMException('', 'NotAllowedError');
    const { width, height } = await createImageBitmap(file);
    window.shared.push([file.name, file.type, width, height]);
  };
"""
PLACES = """['[data-testid=download]', '.save-as'].map((each) => {
  const { left, top, right, bottom } = document.querySelector(each).getBoundingClientRect();
  return [left, top, right, bottom].map(Math.round);
})"""


def test_save_says_saved_until_something_else_is_to_be_saved(studio: Studio) -> None:
    studio.paint()
    save = studio.part("download")
    expect(save).to_have_text("Save")
    with studio.page.expect_download() as waiting:
        save.click()
    assert waiting.value.suggested_filename.endswith(".jpg"), "JPEG where nothing else was chosen"
    expect(save).to_have_text("Saved")
    studio.save_as("PNG")
    expect(save).to_have_text("Save")
    with studio.page.expect_download():
        save.click()
    expect(save).to_have_text("Saved")
    studio.choose_style(1)
    expect(save).to_have_text("Save")
    studio.save_as("JPEG")


def test_what_the_file_will_be_is_there_from_the_start_and_nothing_moves(open_studio: OpenStudio) -> None:
    studio = open_studio(reduced_motion="reduce")
    studio.give(encoded(photo(1500, 1000), "JPEG"), "large.jpg")
    studio.wait_until("document.querySelector('#finish').hidden === false")
    places = studio.page.evaluate(PLACES)
    said = studio.page.locator("#save-as-text")
    expect(said).to_have_text("JPEG, 1500 × 1000")
    studio.wait_for("done")
    assert studio.page.evaluate(PLACES) == places
    studio.save_as("WebP", "screen")
    expect(said).to_have_text("WebP, 1024 × 683")
    assert studio.page.evaluate(PLACES) == places
    with studio.page.expect_download():
        studio.part("download").click()
    expect(studio.part("download")).to_have_text("Saved")
    assert studio.page.evaluate(PLACES) == places
    studio.choose_style(1)
    assert studio.page.evaluate(PLACES) == places


@pytest.fixture
def phone(chromium: Browser, site: str) -> Any:
    """A page on a phone that shares as the test says."""
    context = chromium.new_context(**PHONE, **QUIET)
    context.add_init_script(SHARES)
    studio = Studio(context.new_page())
    studio.page.goto(f"{site}/?backend=wasm")
    studio.wait_for("ready")
    yield studio
    context.close()


def test_on_a_phone_share_comes_first_and_gives_the_file_that_save_gives(phone: Studio) -> None:
    phone.paint(encoded(photo(1300, 300), "JPEG"), "beach.jpg")
    row = phone.page.locator("#save button")
    assert row.all_inner_texts() == ["Share", "Save"]
    row.first.click()
    phone.wait_until("shared.length === 1")
    name, kind, width, height = phone.page.evaluate("shared[0]")
    assert name.startswith("beach - ")
    assert (kind, width, height) == ("image/jpeg", 1300, 300)


def test_a_file_that_took_too_long_to_be_shared_at_once_is_shared_by_another_press(phone: Studio) -> None:
    phone.paint(encoded(photo(1300, 300), "JPEG"), "beach.jpg")
    phone.page.evaluate("() => { window.refusals = 1; }")
    share = phone.page.get_by_role("button", name="Share the picture")
    share.click()
    expect(phone.part("notice")).to_have_text("The picture is ready. Press Share again.", timeout=60_000)
    expect(phone.part("error")).to_be_hidden()
    phone.engine.evaluate(BUSY_FOR_A_MINUTE)  # it is not painted again
    share.click()
    phone.wait_until("shared.length === 1")


def test_progress_appears_only_after_a_while(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.page.clock.install(time=0)
    studio.page.clock.pause_at(10)
    studio.engine.evaluate(BUSY_FOR_A_MINUTE)
    studio.give(encoded(photo(480, 360)))
    studio.wait_for("working")
    expect(studio.part("progress")).to_be_hidden()
    studio.page.clock.run_for(599)
    expect(studio.part("progress")).to_be_hidden()
    studio.page.clock.run_for(1)
    expect(studio.part("progress")).to_be_visible()
    expect(studio.part("cancel")).to_be_visible()
    studio.part("cancel").click()
    expect(studio.part("progress")).to_be_hidden()


def test_errors_cover_nothing_of_the_picture_and_no_promise(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(encoded(photo(280, 200)))  # enlarged to the room there is
    studio.give(b"", "IMG_20240612_193355_HDR_grandmother_in_the_garden.png")
    studio.wait_for("error")
    for size in SIZES:
        resize(studio, size)
        alert, *others = (
            studio.page.locator(each).bounding_box() for each in ("#alert-card", "#view", "#promise", ".panel")
        )
        assert alert
        for other in others:
            assert other
            beside = alert["x"] + alert["width"] <= other["x"] or other["x"] + other["width"] <= alert["x"]
            above = alert["y"] + alert["height"] <= other["y"] or other["y"] + other["height"] <= alert["y"]
            assert beside or above, size


def test_holding_to_compare_is_hinted_once(open_studio: OpenStudio) -> None:
    studio = open_studio()
    hint = studio.page.get_by_text("Hold to see the original", exact=True)
    expect(hint).to_be_hidden()
    studio.paint()
    expect(hint).to_be_visible()
    studio.part("result").hover(force=True)
    studio.page.mouse.down()
    expect(hint).to_be_hidden()
    studio.page.mouse.up()
    studio.choose_style(1)
    expect(hint).to_be_hidden()
    studio.page.evaluate("document.querySelector('#clear').click()")
    studio.page.reload()
    studio.wait_for("ready")
    studio.paint()
    expect(hint).to_be_hidden()


def test_a_pressed_compare_looks_like_no_second_save(studio: Studio) -> None:
    studio.paint()
    compare = studio.part("compare")
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "true")
    colour = "(button) => getComputedStyle(button).backgroundColor"
    assert compare.evaluate(colour) != studio.part("download").evaluate(colour)
    compare.click()
