"""The map of styles under Adjust: the photo follows the point, by pointer and keys, and surprises are new and far."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from server import WEB
from tests.web.conftest import OpenStudio, Studio, encoded, photo
from tests.web.test_adjust import open_adjust, painted_after
from tests.web.test_mixing import OWN, apart
from tests.web.test_page_access import SMALL_TARGETS, settle, violations

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

MAP = json.loads((WEB / "styles" / "map.json").read_text(encoding="utf-8"))


def open_map(studio: Studio) -> None:
    open_adjust(studio)
    studio.page.get_by_text("Map of styles", exact=True).click()
    studio.wait_until("document.querySelector('.map-field').style.backgroundImage !== ''")


def place(cell: int) -> re.Pattern[str]:
    """What the page calls a cell."""
    return re.compile(re.escape(MAP["places"][cell][0]["name"]["en"]))


def press_at(studio: Studio, x: float, y: float) -> None:
    """Presses the map at shares of its width and height."""
    field = studio.part("style-map")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    field.click(position={"x": x * box["width"], "y": y * box["height"]})


def test_the_photo_follows_the_point_from_corner_to_corner(open_studio: OpenStudio) -> None:
    studio = open_studio()
    before = studio.paint(encoded(photo(200, 150)))
    open_map(studio)
    first = painted_after(studio, lambda: press_at(studio, 0.03, 0.03))
    expect(studio.page.locator(OWN)).to_have_text([place(0)])
    expect(studio.page.locator(OWN)).to_be_checked()
    last = painted_after(studio, lambda: press_at(studio, 0.97, 0.97))
    expect(studio.page.locator(OWN)).to_have_text([place(len(MAP["places"]) - 1)])
    assert apart(first, before) > 4
    assert apart(last, first) > 10
    again = painted_after(studio, lambda: press_at(studio, 0.03, 0.03))
    np.testing.assert_array_equal(again, first)


def test_it_is_walked_by_the_arrow_keys_and_says_where_it_is(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(encoded(photo(200, 150)))
    open_map(studio)
    first = painted_after(studio, lambda: press_at(studio, 0.03, 0.03))
    field = studio.part("style-map")
    for _ in range(2 * (MAP["columns"] - 1)):
        field.press("ArrowRight")
    expect(field).to_have_attribute("aria-valuenow", str(MAP["columns"] - 1))
    expect(field).to_have_attribute("aria-valuetext", place(MAP["columns"] - 1))
    studio.wait_for("done")
    expect(studio.page.locator(OWN)).to_have_text([place(MAP["columns"] - 1)])
    assert apart(studio.result(), first) > 4
    assert violations(studio) == []


def test_the_point_begins_where_the_chosen_style_is(studio: Studio) -> None:
    studio.paint()
    open_map(studio)
    for index in (3, 8):
        name = studio.gallery.nth(index).inner_text()
        studio.choose_style(index)
        expect(studio.part("style-map")).to_have_attribute("aria-valuetext", re.compile(re.escape(name)))


def test_a_place_that_was_mixed_or_left_stays_and_the_next_one_is_another_style(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint()
    open_map(studio)
    painted_after(studio, lambda: press_at(studio, 0.03, 0.03))
    studio.choose_style(0)
    painted_after(studio, lambda: press_at(studio, 0.97, 0.97))
    expect(studio.page.locator(OWN)).to_have_count(2)
    painted_after(studio, lambda: studio.part("mix-add").select_option(index=1))
    expect(studio.part("mix-weight")).to_have_count(2)
    expect(studio.page.locator(OWN)).to_have_count(2)
    painted_after(studio, lambda: press_at(studio, 0.5, 0.5))
    expect(studio.page.locator(OWN)).to_have_count(3)


def test_each_surprise_is_another_style_far_from_the_last(open_studio: OpenStudio) -> None:
    studio = open_studio()
    last = studio.paint(encoded(photo(200, 150)))
    open_adjust(studio)
    names = set()
    for _ in range(4):
        studio.part("surprise").click()
        expect(studio.page.locator(OWN)).to_have_count(1)  # the first one fetches the map
        studio.wait_for("done")
        picture = studio.result()
        assert apart(picture, last) > 4
        names.add(studio.page.locator(OWN).first.inner_text())
        last = picture
    assert len(names) > 1


def test_without_the_map_one_sentence_says_so_and_the_picture_stays(open_studio: OpenStudio) -> None:
    studio = open_studio()
    painted = studio.paint()
    studio.page.route("**/styles/map.json", lambda route: route.fulfill(status=404))
    open_adjust(studio)
    studio.part("surprise").click()
    expect(studio.part("error")).to_contain_text("The map of styles could not be loaded")
    np.testing.assert_array_equal(studio.result(), painted)
    studio.page.unroute("**/styles/map.json")
    painted_after(studio, studio.part("surprise").click)
    expect(studio.part("error")).to_be_hidden()


@pytest.mark.parametrize("viewport", [(390, 844), (844, 390)], ids=str)
def test_on_a_phone_the_picture_stays_in_sight_above_the_map(
    open_studio: OpenStudio, viewport: tuple[int, int]
) -> None:
    studio = open_studio(viewport={"width": viewport[0], "height": viewport[1]}, has_touch=True)
    studio.paint(encoded(photo(300, 200)))
    open_map(studio)
    settle(studio)
    assert violations(studio) == []
    assert studio.page.evaluate(SMALL_TARGETS) == []
    picture, field = (studio.page.locator(each).bounding_box() for each in (".paper", ".map-field"))
    assert picture
    assert field
    assert field["y"] >= picture["y"] + picture["height"] or field["x"] >= picture["x"] + picture["width"]
    assert field["width"] > 200
