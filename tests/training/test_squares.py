"""Promises of training/common/squares.py."""

import numpy as np
import pytest
from PIL import Image

from training.common.squares import centre_square, random_square


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (2, 3)])
def test_the_smallest_pictures_have_squares_too(size):
    picture, random = Image.new("RGB", size, "white"), np.random.default_rng(0)
    for _ in range(9):
        assert random_square(picture, 16, random).mean() == 1
    assert centre_square(picture, 16).shape == (3, 16, 16)
