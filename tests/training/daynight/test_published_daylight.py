"""Promises of the published network of daylight in PyTorch: the page's night to day."""

import json
from pathlib import Path

import pytest
import torch

from training.common import runs
from training.common.guided import carried
from training.daynight.load import load_translators

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "training/daynight/published/daylight"


def test_night_gets_bright_at_every_hour_and_its_sky_most_of_all(streets):
    daylight, night = load_translators(PUBLISHED), streets("night")
    for hour in (0.0, 0.5, 1.0):
        day = carried(night, daylight.night_to_day(night, hour=hour))
        assert day.mean() > 2 * night.mean()
        assert day[:, :, :24].mean() > 0.5


def test_it_is_the_run_that_the_page_has():
    manifest = json.loads((ROOT / "web/models/night-to-day/manifest.json").read_text())
    measured = json.loads((PUBLISHED / "evaluation/figures.json").read_text())["night_to_day"]
    assert manifest["metrics"]["structure"] == pytest.approx(measured["structure"], abs=5e-4)
    assert manifest["config"] == json.loads((PUBLISHED / "config.json").read_text())


def test_it_sees_with_the_network_of_day_to_night():
    mine, other = (runs.load(PUBLISHED.parent / name, "best.pt")["scene"] for name in ("daylight", "scene"))
    assert all(torch.equal(mine[name], other[name]) for name in other)
