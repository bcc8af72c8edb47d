"""Mixing styles under Adjust: what is mixed, how much of each, with the keyboard too, and what becomes of it."""

import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from server import WEB
from tests.web.conftest import OpenStudio, Pixels, Studio, encoded, photo
from tests.web.test_adjust import open_adjust, painted_after
from tests.web.test_page_access import SMALL_TARGETS, settle, violations

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

GALLERY = json.loads((WEB / "styles" / "gallery.json").read_text(encoding="utf-8"))["styles"]
NAMES = [style["name"]["en"] for style in GALLERY]
OWN = '[data-style^="own-"]'


def mix_in(studio: Studio, name: str) -> Pixels:
    open_adjust(studio)
    return painted_after(studio, lambda: studio.part("mix-add").select_option(label=name))


def apart(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def test_a_mixture_lies_between_its_styles_and_follows_their_shares(open_studio: OpenStudio) -> None:
    studio = open_studio()
    first = studio.paint(encoded(photo(200, 150)))
    second = studio.choose_style(1)
    studio.choose_style(0)
    half = mix_in(studio, NAMES[1])
    shares = studio.page.locator(".mix-part output")
    expect(shares).to_have_text(["50%", "50%"])
    assert 1 < apart(half, first) < apart(first, second)
    assert 1 < apart(half, second) < apart(first, second)
    mostly = painted_after(studio, lambda: studio.part("mix-weight").nth(1).fill("1"))
    expect(shares).to_have_text(["98%", "2%"])
    assert apart(mostly, first) < 0.2 * apart(half, first)


def test_up_to_four_styles_are_mixed_renamed_taken_out_and_kept_in_the_gallery(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint()
    for name in NAMES[1:4]:
        mix_in(studio, name)
    expect(studio.part("mix-add")).to_be_hidden()
    mixture = studio.page.locator(OWN)
    expect(mixture).to_have_text([" + ".join(NAMES[:4])])
    expect(mixture).to_be_checked()
    studio.page.get_by_role("button", name=f"Take {NAMES[2]} out").click()
    studio.wait_for("done")
    expect(mixture).to_have_text([f"{NAMES[0]} + {NAMES[1]} + {NAMES[3]}"])
    expect(studio.part("mix-add")).to_be_focused()

    studio.choose_style(5)
    expect(studio.part("mix-weight")).to_have_count(0)
    mixture.click()
    studio.wait_for("done")
    expect(studio.part("mix-weight")).to_have_count(3)
    studio.page.get_by_role("button", name=re.compile("Rename or remove")).click()
    dialog = studio.page.get_by_role("dialog", name="Your style")
    dialog.get_by_label("Name").fill("Evening mix")
    dialog.get_by_role("button", name="Done").click()
    painted_after(studio, lambda: studio.part("mix-weight").first.fill("40"))
    expect(mixture).to_have_text(["Evening mix"])
    expect(studio.part("status")).to_contain_text("Evening mix, ")


def test_a_picture_of_ones_own_is_mixed_too(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint()
    studio.give(encoded(photo(64, 64)), "quilt.png", "style-input")
    studio.wait_for("done")
    mix_in(studio, NAMES[0])
    expect(studio.page.locator(OWN).first).to_have_text(f"quilt + {NAMES[0]}")
    studio.choose_style(2)
    mix_in(studio, "quilt")
    expect(studio.page.locator(OWN).first).to_have_text(f"{NAMES[2]} + quilt")


def test_a_mixture_is_made_and_weighed_with_the_keyboard(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint()
    studio.page.locator("#adjust > summary").press("Enter")
    choice = studio.part("mix-add")
    choice.press("ArrowDown")
    studio.wait_for("done")
    slider = studio.part("mix-weight").first
    for _ in range(3):
        slider.press("ArrowLeft")
    expect(slider).to_be_focused()
    expect(slider).to_have_value("47")
    studio.wait_for("done")
    expect(slider).to_be_focused()


def test_cancel_brings_the_former_shares_back(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(encoded(photo(200, 150)))
    painted = mix_in(studio, NAMES[1])
    studio.part("mix-weight").first.evaluate("""(slider) => {
        slider.value = '5';
        slider.dispatchEvent(new Event('change'));
        document.querySelector('[data-testid=cancel]').click();
    }""")
    assert studio.state == "done"
    expect(studio.part("mix-weight").first).to_have_value("50")
    expect(studio.page.locator(".mix-part output")).to_have_text(["50%", "50%"])
    np.testing.assert_array_equal(studio.result(), painted)


@pytest.mark.parametrize("viewport", [(390, 844), (844, 390), (1280, 720)], ids=str)
def test_four_styles_leave_the_picture_and_save_in_sight(open_studio: OpenStudio, viewport: tuple[int, int]) -> None:
    size = {"width": viewport[0], "height": viewport[1]}
    studio = open_studio(viewport=size, has_touch=viewport[0] < 1000, locale="ru")
    studio.paint(encoded(photo(300, 200)))
    for _ in range(3):
        open_adjust(studio)
        painted_after(studio, lambda: studio.part("mix-add").select_option(index=1))
    settle(studio)
    assert violations(studio) == []
    assert studio.page.evaluate(SMALL_TARGETS) == []
    picture, sheet, save = (
        studio.page.locator(each).bounding_box() for each in (".paper", "#adjust-sheet", "[data-testid=download]")
    )
    assert picture
    assert sheet
    assert save
    beside = sheet["x"] >= picture["x"] + picture["width"]
    assert beside or sheet["y"] >= picture["y"] + picture["height"]
    if viewport[0] > 1000:
        assert save["y"] + save["height"] <= viewport[1]


def across_ends(studio: Studio) -> list[tuple[float, float]]:
    """Middles of the two ends, on the page."""
    boxes = [studio.part("across-end").nth(i).bounding_box() for i in range(2)]
    return [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]


def test_two_styles_lie_across_the_picture_and_their_ends_are_dragged(open_studio: OpenStudio) -> None:
    studio = open_studio()
    first = studio.paint(encoded(photo(240, 160)))
    second = studio.choose_style(1)
    studio.choose_style(0)
    mix_in(studio, NAMES[1])
    laid = painted_after(studio, studio.part("across").check)
    np.testing.assert_array_equal(laid[:, :60], first[:, :60])
    np.testing.assert_array_equal(laid[:, 180:], second[:, 180:])
    middle = laid[:, 119:121].astype(int)
    assert np.abs(2 * middle - first[:, 119:121] - second[:, 119:121]).mean() < 6

    studio.page.evaluate("window.painted = document.querySelector('[data-testid=result]')")
    (x, y), (right, _) = across_ends(studio)
    studio.page.mouse.move(x, y)
    studio.page.mouse.down()
    studio.page.mouse.move(right, y + 20, steps=4)
    studio.page.mouse.up()
    studio.part("across-end").last.focus()
    for _ in range(30):
        studio.page.keyboard.press("ArrowLeft")
    studio.wait_for("done")
    expect(studio.part("across-end").last).to_have_attribute("aria-valuetext", "15% from the left, 50% from the top")
    turned = studio.result()
    assert apart(turned[:, 190:], first[:, 190:]) < 1 < apart(turned[:, 190:], second[:, 190:])
    assert apart(turned[:, :30], second[:, :30]) < 1


def test_styles_lie_across_the_saved_file_as_on_the_screen(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(encoded(photo(1296, 240)))  # larger than what is painted for the screen
    mix_in(studio, NAMES[2])
    screen = painted_after(studio, studio.part("across").check)
    studio.save_as("PNG", "full")
    with studio.page.expect_download(timeout=120_000) as download:
        studio.part("download").click()
    saved = Image.open(download.value.path()).convert("RGB")
    assert saved.size == (1296, 240)
    reduced = np.asarray(saved.resize(screen.shape[1::-1], Image.Resampling.BOX))
    assert apart(reduced, screen) < 0.03 * 255


def test_the_ends_are_there_while_adjust_is_open_on_two_styles_alone(studio: Studio) -> None:
    studio.paint()
    mix_in(studio, NAMES[1])
    painted_after(studio, studio.part("across").check)
    expect(studio.part("across-end")).to_have_count(2)
    expect(studio.part("across-end").first).to_be_visible()
    assert violations(studio) == []
    studio.page.locator("#adjust > summary").click()
    expect(studio.part("across-end").first).to_be_hidden()
    open_adjust(studio)
    mix_in(studio, NAMES[2])
    expect(studio.part("across")).to_be_hidden()
    expect(studio.part("across-end").first).to_be_hidden()
    studio.part("mode-day-to-night").click()
    expect(studio.part("across-end").first).to_be_hidden()
