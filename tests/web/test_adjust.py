"""Adjust: larger strokes, boldness, the photo's colours; where these controls are on phones and beside the picture."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenStudio, Pixels, Studio, encoded, photo
from tests.web.test_page_access import SMALL_TARGETS, settle, violations

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

PHONES = [{"width": 390, "height": 844}, {"width": 844, "height": 390}]


def open_adjust(studio: Studio) -> None:
    if studio.page.locator("#adjust").get_attribute("open") is None:
        studio.page.locator("#adjust > summary").click()


def set_stroke_size(studio: Studio, size: float) -> Pixels:
    return painted_after(studio, lambda: studio.part("stroke-size").fill(str(size)))


def painted_after(studio: Studio, act: Callable[[], None]) -> Pixels:
    """The picture that is painted once a control was moved."""
    act()
    studio.wait_for("done")
    return studio.result()


def colours(picture: Pixels) -> np.ndarray:
    """Differences between the channels: what is left once the light is taken away."""
    return np.diff(picture.astype(int), axis=2)


def test_larger_strokes_are_another_painting_and_the_usual_ones_the_same_again(studio: Studio) -> None:
    usual = studio.paint(encoded(photo(400, 300)))
    open_adjust(studio)
    larger = set_stroke_size(studio, 3)
    assert larger.shape == usual.shape
    assert np.abs(larger.astype(int) - usual).mean() > 4
    assert np.array_equal(set_stroke_size(studio, 1), usual)


def test_with_more_boldness_the_picture_departs_further_from_the_photo(studio: Studio) -> None:
    original = np.asarray(photo(400, 300)).astype(int)
    usual = studio.paint(encoded(photo(400, 300)))
    open_adjust(studio)
    expect(studio.part("boldness")).to_have_value("50")
    painted = {value: set_boldness(studio, value) for value in (0, 100, 50)}
    assert np.array_equal(painted[50], usual)
    strokes = {value: detail(picture - original) for value, picture in painted.items()}
    assert strokes[0] < strokes[50] < strokes[100]
    studio.paint(encoded(photo(96, 128)), "next.png")
    expect(studio.part("boldness")).to_have_value("50")


def set_boldness(studio: Studio, value: int) -> Pixels:
    return painted_after(studio, lambda: studio.part("boldness").fill(str(value)))


def detail(picture: np.ndarray) -> float:
    """The mean difference of neighbours along both sides."""
    return float(np.abs(np.diff(picture, axis=0)).mean() + np.abs(np.diff(picture, axis=1)).mean())


def test_kept_colours_are_the_photos(studio: Studio) -> None:
    original = np.asarray(photo(128, 96))
    painted = studio.paint(encoded(photo(128, 96)))
    open_adjust(studio)
    kept = painted_after(studio, studio.part("keep-colours").check)
    apart = np.abs(colours(painted) - colours(original)).mean()
    inside = ((kept > 0) & (kept < 255)).all(2)
    assert np.abs(colours(kept) - colours(original))[inside].mean() < 1.5 < apart
    assert np.abs(kept.astype(int) - original).mean() > 4, "it is painted"
    studio.set_strength(50)
    half = studio.result()
    ratio = np.abs(half.astype(int) - original).mean() / np.abs(kept.astype(int) - original).mean()
    assert 0.4 < ratio < 0.6


def test_another_photo_begins_with_the_usual_controls_and_another_effect_has_its_own(studio: Studio) -> None:
    studio.paint(encoded(photo(128, 96)))
    open_adjust(studio)
    set_stroke_size(studio, 2)
    studio.paint(encoded(photo(96, 128)), "next.png")
    expect(studio.part("stroke-size")).to_have_value("1")
    studio.page.get_by_role("tab", name="Time of day").click()
    expect(studio.part("stroke-size")).to_be_hidden()
    expect(studio.part("hour")).to_be_visible()


@pytest.mark.parametrize("viewport", PHONES, ids=["upright", "sideways"])
def test_on_a_phone_it_is_a_sheet_that_leaves_the_picture_in_sight(
    open_studio: OpenStudio, viewport: dict[str, int]
) -> None:
    studio = open_studio(viewport=viewport, has_touch=True)
    studio.paint(encoded(photo(300, 200)))
    expect(studio.part("stroke-size")).to_be_hidden()
    open_adjust(studio)
    settle(studio)
    picture, sheet = (studio.page.locator(each).bounding_box() for each in (".paper", "#adjust-sheet"))
    assert picture and sheet
    assert sheet["y"] >= picture["y"] + picture["height"] or sheet["x"] >= picture["x"] + picture["width"]
    assert violations(studio) == []
    assert studio.page.evaluate(SMALL_TARGETS) == []
    studio.page.get_by_role("button", name="Done").click()
    expect(studio.part("stroke-size")).to_be_hidden()
    expect(studio.page.locator("#adjust > summary")).to_be_focused()
    open_adjust(studio)
    studio.page.locator("#view").click()
    expect(studio.part("stroke-size")).to_be_hidden()
