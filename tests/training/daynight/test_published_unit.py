"""Promises of the published UNIT checkpoint, on streets it never saw."""

import json
from pathlib import Path

import pytest

from training.daynight.load import load_translators
from training.daynight.validation import psnr, ssim

pytestmark = pytest.mark.slow

PUBLISHED = Path(__file__).parents[3] / "training/daynight/published/unit"


@pytest.fixture(scope="module")
def unit():
    return load_translators(PUBLISHED)


def test_it_gives_pictures_back_within_their_kind(unit, streets):
    for kind, reconstruct in (("day", unit.reconstruct_day), ("night", unit.reconstruct_night)):
        photos = streets(kind)
        assert psnr(photos, reconstruct(photos)) > 30


def test_day_gets_darker_and_night_brighter_and_both_keep_their_forms(unit, streets):
    day, night = (streets(kind) for kind in ("day", "night"))
    by_night, by_day = unit.day_to_night(day), unit.night_to_day(night)
    assert by_night.mean() < 0.6 * day.mean()
    assert by_day.mean() > 1.2 * night.mean()
    assert min(ssim(day, by_night), ssim(night, by_day)) > 0.3


def test_its_evaluation_reached_the_sources_figures():
    found = json.loads((PUBLISHED / "evaluation/figures.json").read_text())
    ways = found["day_to_night"], found["night_to_day"]
    assert sum(way["reconstruction"] for way in ways) / 2 >= 0.954
    assert sum(way["psnr"] for way in ways) / 2 >= 33.7
    assert ways[0]["ssim"] >= 0.381
    assert max(way["kid_ratio"] for way in ways) <= 0.7
