"""The measured strength is the page's, and a path is even or not as said."""

import numpy as np
import pytest

from bench import strength
from bench.painters import Array, Painter

PHOTO, STYLE = np.full((1, 8, 8, 3), 0.2, np.float32), np.ones((1, 100), np.float32)


@pytest.fixture
def painter() -> Painter:
    """Paints every pixel in the square of the vector's first number, from the photo's 0.2 on."""

    def paint(photo: Array, vector: Array) -> Array:
        return np.full_like(photo, 0.2 + 0.6 * vector[0, 0] ** 2)

    return Painter(lambda style: STYLE, paint, own=np.zeros((1, 100), np.float32))


def test_each_strength_changes_the_photo_by_its_share_however_unevenly_the_network_does(painter: Painter) -> None:
    colours = [float(picture[0, 0, 0, 0]) for picture in strength.path(painter, PHOTO, STYLE)]
    assert colours == pytest.approx([0.2, 0.35, 0.5, 0.65, 0.8], abs=0.02)


@pytest.mark.parametrize(
    ("distances", "even"),
    [
        ([0, 0.1, 0.2, 0.3, 0.4], True),
        ([0, 0.13, 0.17, 0.33, 0.4], True),
        ([0, 0.14, 0.2, 0.3, 0.4], False),
        ([0, 0.1, 0.1, 0.3, 0.4], False),
        ([0, 0.1, 0.2, 0.4, 0.4], False),
    ],
)
def test_a_path_is_even_when_each_strength_has_its_share(distances: list[float], even: bool) -> None:
    assert strength.is_even(distances) is even


def test_too_few_even_pairs_are_said_to_be_short() -> None:
    even, uneven = [0, 1, 2, 3, 4], [0, 3, 4, 4, 4]
    assert "even on 100% of 20 pairs (as promised)" in strength.row("colour", np.array([even] * 20))
    assert "even on 90% of 20 pairs (SHORT OF 95%)" in strength.row("colour", np.array([even] * 18 + [uneven] * 2))
