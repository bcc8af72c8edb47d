"""Promises of training/daynight/brightness.py."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.daynight.brightness import GREY, HSP, luminance, mean_grey

CASES = json.loads((Path(__file__).parents[3] / "web/src/effects/day-night/brightness-cases.json").read_text())


def picture(pixels: list[list[int]]) -> Image.Image:
    return Image.fromarray(np.array([pixels], np.uint8))


@pytest.mark.parametrize("case", CASES)
def test_the_page_and_python_call_the_same_pictures_day_and_night(case):
    grey = mean_grey(picture(case["pixels"]))
    assert grey == pytest.approx(case["grey"], abs=1e-9)
    assert GREY.says(grey).replace("aside", "unclear") == case["says"]


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
