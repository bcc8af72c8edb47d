"""Promises of the published small translators in PyTorch, on streets they never saw."""

from pathlib import Path

import pytest

from training.common.guided import carried
from training.daynight.load import load_translators
from training.daynight.validation import ssim

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "training/daynight/published/small"


@pytest.fixture(scope="module")
def small():
    return load_translators(PUBLISHED)


def test_day_gets_dark_and_night_bright_and_both_keep_their_forms(small, streets):
    day, night = (streets(kind) for kind in ("day", "night"))
    by_night, by_day = carried(day, small.day_to_night(day)), carried(night, small.night_to_day(night))
    assert by_night.mean() < 0.5 * day.mean()
    assert by_day.mean() > 1.5 * night.mean()
    assert min(ssim(day, by_night), ssim(night, by_day)) > 0.3
