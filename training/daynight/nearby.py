"""Means and extremes of what lies around each place of a picture: what skyline.py and relight.py are computed with.

Maps are [N,C,H,W], masks [N,1,H,W] in [0,1].
"""

import torch.nn.functional as F
from torch import Tensor

SMALL = 1e-3


def around(x: Tensor, side: int, times: int = 1) -> Tensor:
    """Means over squares of about 2 `side` px, wider the more `times` they are smoothed, without steps."""
    small = F.avg_pool2d(x, side)
    for _ in range(times):
        small = smooth(small)
    return enlarged(small, side)


def mean_around(x: Tensor, mask: Tensor, side: int, times: int) -> Tensor:
    """The same of what lies within the mask."""
    return around(x * mask, side, times) / (around(mask, side, times) + SMALL)


def mean_within(x: Tensor, mask: Tensor) -> Tensor:
    """The mean of all that lies within the mask, [N,C,1,1]."""
    return (x * mask).mean((2, 3), keepdim=True) / (mask.mean((2, 3), keepdim=True) + SMALL)


def smooth(x: Tensor) -> Tensor:
    """Means of 3x3 px, by 1, 2, 1 both ways."""
    return F.avg_pool2d(F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 2, 1), 2, 1)


def enlarged(x: Tensor, times: int) -> Tensor:
    """Bilinear."""
    return F.interpolate(x, scale_factor=times, mode="bilinear", align_corners=False)


def largest(x: Tensor, size: tuple[int, int]) -> Tensor:
    """The largest of the rectangle around each place, by height and width, both odd."""
    for sides in ((size[0], 1), (1, size[1])):
        if sides != (1, 1):
            x = F.max_pool2d(x, sides, 1, (sides[0] // 2, sides[1] // 2))
    return x


def smallest(x: Tensor, size: tuple[int, int]) -> Tensor:
    """The smallest of the rectangle around each place."""
    return -largest(-x, size)
