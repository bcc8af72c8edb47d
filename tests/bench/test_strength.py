"""The measured strength is the page's, and a path is even or not as said."""

import numpy as np
import pytest

from bench import strength
from bench.painters import Array, Painter

PHOTO, STYLE = np.full((1, 8, 8, 3), 0.2, np.float32), np.full((1, 100), 0.8, np.float32)


@pytest.fixture
def painter() -> Painter:
    """Paints every pixel in the vector's first number."""

    def paint(photo: Array, vector: Array) -> Array:
        return np.full_like(photo, vector[0, 0])

    return Painter(lambda style: STYLE, paint, own=np.full((1, 100), 0.4, np.float32))


def test_the_vector_moves_from_the_photos_own_to_the_styles(painter: Painter) -> None:
    colours = [float(picture[0, 0, 0, 0]) for picture in strength.path(painter, PHOTO, STYLE)]
    assert colours == pytest.approx([0.2, 0.5, 0.6, 0.7, 0.8], abs=1 / 255)


def test_below_a_quarter_the_painting_fades_into_the_photo(painter: Painter) -> None:
    half = strength.at_strength(painter, PHOTO, STYLE, strength.FADE_BELOW / 2)
    assert half[0, 0, 0, 0] == pytest.approx((0.2 + 0.45) / 2, abs=1 / 255)


@pytest.mark.parametrize(
    ("distances", "even"),
    [
        ([0, 0.1, 0.2, 0.3, 0.4], True),
        ([0, 0.18, 0.2, 0.3, 0.4], True),
        ([0, 0.19, 0.2, 0.3, 0.4], False),
        ([0, 0.1, 0.1, 0.3, 0.4], False),
        ([0, 0.1, 0.2, 0.4, 0.3], False),
    ],
)
def test_a_path_is_even_when_every_step_leads_away_and_none_is_nearly_half(distances: list[float], even: bool) -> None:
    assert strength.is_even(distances) is even


def test_too_few_even_pairs_are_said_to_be_short() -> None:
    even, uneven = [0, 1, 2, 3, 4], [0, 3, 4, 4, 4]
    assert "even on 100% of 20 pairs (as promised)" in strength.row("colour", np.array([even] * 20))
    assert "even on 90% of 20 pairs (SHORT OF 95%)" in strength.row("colour", np.array([even] * 18 + [uneven] * 2))
