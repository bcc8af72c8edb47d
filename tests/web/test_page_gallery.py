"""The gallery: every style on the visitor's own photo, previews, styles of one's own, one state that is said once."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenStudio, Pixels, Studio, encoded, photo, read
from tests.web.test_page_layout import BUSY_FOR_A_MINUTE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

OUTCOMES = "document.querySelectorAll('canvas.style-outcome')"
FADE = 28  # px at the end of the gallery


def outcome(studio: Studio, index: int) -> Pixels:
    return read(studio.gallery.nth(index).locator("canvas"))[..., :3]


def test_every_style_is_painted_small_on_the_photo_once_the_page_rests(studio: Studio) -> None:
    studio.paint(encoded(photo(240, 180)))
    asked = len(studio.requests)
    studio.wait_for_gallery()
    assert studio.state == "done", "it is nothing that the visitor waits for"
    count = studio.gallery.count()
    sizes = studio.page.evaluate(f"[...{OUTCOMES}].map(({{ width, height }}) => [width, height])")
    assert sizes == [[128, 128]] * count
    first, second = outcome(studio, 0).astype(int), outcome(studio, 2)
    assert np.abs(first - second).mean() > 5, "two styles look the same"
    assert first.std() > 10
    assert [request for request in studio.requests[asked:] if "models/" in request] == []
    picture, source = (
        studio.gallery.first.locator(each).bounding_box() for each in (".style-outcome", ".style-source")
    )
    assert picture
    assert source
    assert source["width"] < picture["width"] / 2, "the style's own picture is an inset"


def test_another_photo_gets_paintings_of_its_own_and_those_before_are_dropped(studio: Studio) -> None:
    studio.paint(encoded(photo(240, 180)))
    studio.wait_for_gallery()
    before = outcome(studio, 1)
    studio.page.evaluate(f"() => {{ window.former = [...{OUTCOMES}]; }}")
    studio.paint(encoded(photo(240, 180).rotate(180)))
    studio.wait_for_gallery()
    assert studio.page.evaluate("former.every(({ width, isConnected }) => width === 0 && !isConnected)")
    assert studio.page.evaluate(f"{OUTCOMES}.length") == studio.gallery.count()
    assert np.abs(outcome(studio, 1).astype(int) - before).mean() > 5
    studio.page.locator("#clear").click()
    assert studio.page.evaluate(f"{OUTCOMES}.length") == 0


def test_whatever_is_to_be_painted_comes_first_and_the_gallery_goes_on_afterwards(studio: Studio) -> None:
    studio.paint(encoded(photo(240, 180)))
    studio.wait_until(f"{OUTCOMES}.length > 0")
    studio.choose_style(4)
    name = studio.gallery.nth(4).inner_text()
    expect(studio.part("status")).to_contain_text(f"{name}, ")
    studio.part("mode-day-to-night").click()
    studio.wait_for("done")
    studio.part("mode-style").click()
    studio.wait_for("done")
    studio.wait_for_gallery()


def test_the_gallery_is_painted_without_a_network_too(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint()
    studio.page.context.set_offline(True)
    studio.wait_for_gallery()
    studio.page.context.set_offline(False)


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)], ids=str)
def test_a_name_keeps_its_place_and_weight_when_it_is_chosen(open_studio: OpenStudio, size: tuple[int, int]) -> None:
    studio = open_studio(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    shape = """(item) => {
        const name = item.querySelector('.style-name');
        const { offsetWidth, offsetHeight, offsetTop } = name;
        return [offsetWidth, offsetHeight, offsetTop, getComputedStyle(name).fontWeight];
    }"""
    for index in range(1, 8):
        item = studio.gallery.nth(index)
        before = item.evaluate(shape)
        item.click()
        expect(item).to_be_checked()
        assert item.evaluate(shape) == before


def test_the_chosen_style_is_clear_of_the_fade(open_studio: OpenStudio) -> None:
    studio = open_studio(viewport={"width": 1280, "height": 720})
    studio.paint()
    chosen = studio.page.get_by_role("radio", checked=True)
    for _ in range(8):
        chosen.press("ArrowRight")
        bottom, end = studio.page.evaluate("""['[role=radio][aria-checked=true]', '#styles']
            .map((each) => document.querySelector(each).getBoundingClientRect().bottom)""")
        assert bottom <= end - FADE


def test_a_preview_says_so_and_is_over_when_the_pointer_leaves(studio: Studio) -> None:
    studio.paint(encoded(photo(240, 180)))
    pill = studio.page.locator("#preview")
    expect(pill).to_be_hidden()
    pointed = studio.gallery.nth(3)
    pointed.hover()
    expect(pill).to_have_text(f"Preview: {pointed.inner_text()}", timeout=60_000)
    studio.page.mouse.move(5, 5)
    expect(pill).to_be_hidden()


def give_style(studio: Studio, name: str) -> None:
    studio.give(encoded(photo(64, 64)), name, "style-input")
    expect(studio.page.locator('[data-style^="own-"]').first).to_be_checked()
    studio.wait_for("done")


def test_styles_of_ones_own_are_named_renamed_and_removed(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint()
    count = studio.part("style-item").count()
    give_style(studio, "Grandma's quilt.png")
    give_style(studio, ".png")
    own = studio.page.locator('[data-style^="own-"]')
    assert own.all_inner_texts() == ["Your style 2", "Grandma's quilt"]

    studio.page.get_by_role("button", name="Rename or remove Your style 2").click()
    dialog = studio.page.get_by_role("dialog", name="Your style")
    dialog.get_by_label("Name").fill("Wallpaper")
    dialog.get_by_role("button", name="Done").click()
    expect(own.first).to_have_text("Wallpaper")
    expect(studio.part("status")).to_contain_text("Wallpaper, ")

    studio.page.get_by_role("button", name="Rename or remove Wallpaper").click()
    dialog.get_by_role("button", name="Remove").click()
    studio.wait_for("done")
    expect(own).to_have_text(["Grandma's quilt"])
    expect(own.first).to_be_checked()
    expect(studio.part("status")).to_contain_text("Grandma's quilt, ")
    assert studio.part("style-item").count() == count + 1


def cancel_a_style(studio: Studio) -> None:
    studio.gallery.nth(3).click()
    expect(studio.gallery.nth(3)).to_be_checked()


def cancel_a_strength(studio: Studio) -> None:
    studio.part("strength").fill("20")


def cancel_a_style_of_ones_own(studio: Studio) -> None:
    studio.give(encoded(photo(64, 64)), "quilt.png", "style-input")
    expect(studio.page.locator('[data-style^="own-"]').first).to_be_checked()


@pytest.mark.parametrize("begin", [cancel_a_style, cancel_a_strength, cancel_a_style_of_ones_own])
def test_cancel_restores_choice_ring_name_strength_and_status(
    open_studio: OpenStudio, begin: Callable[[Studio], None]
) -> None:
    studio = open_studio()
    studio.paint(encoded(photo(240, 180)))
    studio.choose_style(1)
    painted = studio.set_strength(60)
    status = studio.part("status").inner_text()
    studio.wait_for_gallery()
    studio.engine.evaluate(BUSY_FOR_A_MINUTE)
    begin(studio)
    assert studio.state == "working"
    studio.page.evaluate("document.querySelector('[data-testid=cancel]').click()")
    assert studio.state == "done"
    expect(studio.gallery.nth(1)).to_be_checked()
    assert studio.page.get_by_role("radio", checked=True).count() == 1
    expect(studio.part("strength")).to_have_value("60")
    expect(studio.part("status")).to_have_text(status)
    expect(studio.page.get_by_role("button", name="Paint", exact=True)).to_be_hidden()
    np.testing.assert_array_equal(studio.result(), painted)


def test_a_double_click_brings_the_strength_back_to_full(studio: Studio) -> None:
    full = studio.paint()
    studio.set_strength(30)
    box = studio.part("strength").bounding_box()
    assert box
    studio.page.mouse.dblclick(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2)
    expect(studio.part("strength")).to_have_value("100")
    expect(studio.part("status")).to_have_text(re.compile("128 × 96"))
    studio.wait_until("document.documentElement.dataset.state === 'done'")
    np.testing.assert_array_equal(studio.result(), full)
