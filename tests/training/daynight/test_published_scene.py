"""Promises of the published scene network in PyTorch: the page's day to night."""

import json
from pathlib import Path

import pytest

from training.common.guided import carried
from training.daynight.load import load_translators

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "training/daynight/published/scene"


def test_day_gets_dark_and_night_bright(streets):
    scene = load_translators(PUBLISHED)
    day, night = (streets(kind) for kind in ("day", "night"))
    assert carried(day, scene.day_to_night(day)).mean() < 0.5 * day.mean()
    assert carried(night, scene.night_to_day(night)).mean() > 1.3 * night.mean()


def test_it_is_the_run_that_the_page_has():
    manifest = json.loads((ROOT / "web/models/day-to-night/manifest.json").read_text())
    assert manifest["config"] == json.loads((PUBLISHED / "config.json").read_text())
