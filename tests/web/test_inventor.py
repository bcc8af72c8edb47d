"""Styles that no one painted: invented on the visitor's machine, kept like any own style, and walked between."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenStudio, Pixels, Studio, encoded, photo
from tests.web.test_adjust import open_adjust, painted_after
from tests.web.test_mixing import OWN, apart
from tests.web.test_page_access import SMALL_TARGETS, settle, violations
from tests.web.test_page_layout import resize

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

PHOTO = encoded(photo(240, 180))


def invent(studio: Studio) -> Pixels:
    open_adjust(studio)
    return painted_after(studio, studio.part("invent").click)


def walk_to(studio: Studio, place: int) -> Pixels:
    return painted_after(studio, lambda: studio.part("walk").fill(str(place)))


def test_each_invention_is_another_style_that_joins_the_gallery_and_can_be_gone_back_to(
    open_studio: OpenStudio,
) -> None:
    studio = open_studio()
    plain = studio.paint(PHOTO)
    assert studio.asked_for("models/style-inventor") == []
    first = invent(studio)
    assert studio.asked_for("models/style-inventor") != []
    second = invent(studio)
    expect(studio.page.locator(OWN)).to_have_text(["Invention 2", "Invention 1"])
    expect(studio.page.locator(OWN).first).to_be_checked()
    assert min(apart(plain, first), apart(plain, second), apart(first, second)) > 3
    again = painted_after(studio, studio.page.locator(OWN).nth(1).click)
    np.testing.assert_array_equal(again, first)


def test_one_walks_from_one_invention_to_the_next(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(PHOTO)
    first = invent(studio)
    expect(studio.part("walk")).to_be_hidden()
    second = invent(studio)
    expect(studio.part("walk")).to_have_value("100")
    half = walk_to(studio, 50)
    expect(studio.page.locator(OWN).first).to_have_text("Between Invention 1 and Invention 2")
    assert min(apart(half, first), apart(half, second)) > 1
    walk_to(studio, 75)
    expect(studio.page.locator(OWN)).to_have_count(3)
    np.testing.assert_array_equal(walk_to(studio, 0), first)
    np.testing.assert_array_equal(walk_to(studio, 100), second)
    painted_after(studio, studio.page.locator(OWN, has_text="Invention 1").last.click)
    expect(studio.part("walk")).to_have_value("0")
    assert violations(studio) == []


def test_an_invention_is_saved_opened_and_placed_on_the_map(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    studio.paint(PHOTO)
    open_adjust(studio)
    studio.page.locator("details.map summary").click()
    expect(studio.part("style-map")).to_have_attribute("aria-valuetext", re.compile("."))
    painted = invent(studio)
    with studio.page.expect_download() as download:
        studio.part("style-save").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "Invention 1.style.json"
    assert [part["name"] for part in json.loads(file.read_text())["parts"]] == ["Invention 1"]
    place = studio.part("style-map").get_attribute("aria-valuetext") or ""
    studio.choose_style(2)
    assert studio.part("style-map").get_attribute("aria-valuetext") != place
    studio.part("style-load").set_input_files(file)
    expect(studio.part("style-map")).to_have_attribute("aria-valuetext", place)  # the file has been read
    studio.wait_for("done")
    np.testing.assert_array_equal(studio.result(), painted)


def test_on_a_phone_its_controls_can_be_touched(open_studio: OpenStudio) -> None:
    studio = open_studio(viewport={"width": 390, "height": 844}, has_touch=True, locale="ru")
    studio.paint(PHOTO)
    invent(studio)
    invent(studio)
    for size in ((390, 844), (844, 390)):
        resize(studio, size)
        settle(studio)
        assert violations(studio) == [], size
        assert studio.page.evaluate(SMALL_TARGETS) == [], size
