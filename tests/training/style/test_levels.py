"""Pictures painted at several sizes are one picture."""

import numpy as np
import pytest

from training.style.levels import fitted, reduced

SIZES = [((40, 50), (80, 150)), ((24, 32), (96, 128)), ((30, 40), (59, 77)), ((30, 40), (31, 41))]


def smooth(height: int, width: int, seed: int) -> np.ndarray:
    """A picture with large forms and fine grain, [H,W,3] of 0..255."""
    y, x = np.mgrid[:height, :width]
    waves = np.stack([np.sin(9 * y / height + seed), np.cos(7 * x / width), np.sin(5 * (x + y) / width)], 2)
    grain = np.random.default_rng(seed).normal(size=(height, width, 3))
    return (128 + 60 * waves + 10 * grain).clip(0, 255).round().astype(np.uint8)


@pytest.mark.parametrize(("small", "large"), SIZES)
def test_a_fitted_picture_is_the_small_one_when_it_is_reduced(small, large):
    coarse, fine = smooth(*small, 1), smooth(*large, 2)
    difference = np.abs(reduced(fitted(fine, coarse), *small) - coarse)
    assert np.abs(reduced(fine, *small) - coarse).mean() > 15, "before they differed"
    assert difference.mean() < 0.03 * 255


@pytest.mark.parametrize(("small", "large"), SIZES[:2])
def test_at_whole_ratios_it_is_so_to_the_rounding(small, large):
    coarse, fine = smooth(*small, 1), smooth(*large, 2)
    difference = np.abs(reduced(fitted(fine, coarse), *small) - coarse)
    assert np.quantile(difference, 0.99) <= 0.5


def test_what_is_finer_than_the_small_picture_stays():
    coarse, fine = smooth(24, 32, 1), smooth(96, 128, 2)
    grain = np.diff(fine.astype(float), axis=1)
    assert np.corrcoef(grain.ravel(), np.diff(fitted(fine, coarse).astype(float), axis=1).ravel())[0, 1] > 0.9


def test_a_picture_that_fits_stays_as_it_is():
    fine = smooth(96, 128, 2)
    small = np.rint(reduced(fine, 24, 32)).astype(np.uint8)
    assert np.abs(fitted(fine, small).astype(int) - fine).max() <= 1


def test_reducing_takes_means():
    picture = np.arange(6 * 6 * 3, dtype=np.uint8).reshape(6, 6, 3)
    assert np.allclose(reduced(picture, 2, 3), picture.reshape(2, 3, 3, 2, 3).mean((1, 3)))
    assert np.allclose(reduced(picture, 4, 4).mean((0, 1)), picture.mean((0, 1)))
