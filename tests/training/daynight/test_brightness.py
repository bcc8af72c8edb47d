"""Promises of training/daynight/brightness.py."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.daynight.brightness import GREY, HSP, SKY_GREY, luminance, mean_grey, sky_grey

CASES = json.loads((Path(__file__).parents[3] / "web/src/effects/day-night/brightness-cases.json").read_text())


def picture(pixels: list[list[int]]) -> Image.Image:
    return Image.fromarray(np.array([pixels], np.uint8))


@pytest.mark.parametrize("case", CASES)
def test_the_page_and_python_call_the_same_pictures_day_and_night(case):
    grey = sky_grey(picture(case["rows"]).transpose(Image.Transpose.TRANSPOSE))  # one pixel a row
    assert grey == pytest.approx(case["grey"], abs=1e-9)
    assert SKY_GREY.says(grey).replace("aside", "unclear") == case["says"]


@pytest.mark.parametrize(("value", "says"), [(60, "night"), (61, "aside"), (68, "aside"), (69, "day")])
def test_a_mean_grey_up_to_60_is_night_and_above_68_day(value, says):
    assert GREY.says(mean_grey(Image.new("RGB", (4, 3), (value,) * 3))) == says


def test_a_lit_street_below_a_black_sky_is_night():
    street = Image.new("RGB", (30, 30), (120, 110, 90))
    street.paste((10, 10, 20), (0, 0, 30, 10))
    assert GREY.says(mean_grey(street)) == "day"
    assert SKY_GREY.says(sky_grey(street)) == "night"


def test_hsp_luminance_is_the_root_of_the_weighted_squares():
    pixels = [[255, 255, 255], [255, 0, 0], [0, 0, 0], [30, 40, 50]]
    expected = [255, 255 * 0.299**0.5, 0, (0.299 * 900 + 0.587 * 1600 + 0.114 * 2500) ** 0.5]
    assert luminance(picture(pixels)) == pytest.approx(expected)


@pytest.mark.parametrize(("value", "says"), [(0.39, "night"), (0.41, "aside"), (0.6, "aside"), (0.61, "day")])
def test_luminance_above_six_tenths_is_day_and_below_four_tenths_night(value, says):
    assert HSP.says(value) == says


def test_a_reduced_picture_has_the_same_mean_grey():
    random = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
    assert mean_grey(random.reduce(8)) == pytest.approx(mean_grey(random), abs=0.5)
