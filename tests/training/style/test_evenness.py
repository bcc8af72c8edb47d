"""A strength changes the photo by its share, as the page's slider does."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.common.task import Request
from training.style import evenness
from training.style.load import Pair, load_pair
from training.style.paint import stylist

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED, STYLES = ROOT / "training/style/published", ROOT / "web/styles/pictures"
SAMPLES = sorted((ROOT / "web/samples").glob("*.jpg"))


def test_the_way_is_inverted_between_measured_places():
    departures = [0.1, 0.2, 0.6, 0.8]
    shares = [evenness.even_share(departures, strength) for strength in (0, 0.25, 0.5, 0.75, 1)]
    assert shares == pytest.approx([0, 0.5, 0.625, 0.75, 1])


def test_a_style_that_changes_nothing_leaves_the_strength_as_it_is():
    assert evenness.even_share([0, 0, 0, 0], 0.4) == 0.4


@pytest.fixture(scope="module")
def pair() -> Pair:
    return load_pair(PUBLISHED)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "side"),  # px of the longer side; beyond 256 the photo is measured smaller than it is painted
    [("bouquet", 384), ("ink-wash", 192), ("koi-mosaic", 192), ("swirling-night", 192), ("low-poly", 192)],
)
def test_a_quarter_a_half_and_three_quarters_change_the_photo_by_as_much(pair, style, side):
    picture = Image.open(STYLES / f"{style}.webp").convert("RGB")
    for sample in SAMPLES:
        photo = Image.open(sample).convert("RGB")
        photo.thumbnail((side, side))
        paintings = [stylist(pair, picture, Request(picture, None, share))(photo) for share in (0.25, 0.5, 0.75, 1)]
        changes = [np.abs(np.asarray(each, float) - np.asarray(photo, float)).mean() for each in paintings]
        shares = [100 * change / changes[-1] for change in changes]
        assert shares == pytest.approx([25, 50, 75, 100], abs=8)
