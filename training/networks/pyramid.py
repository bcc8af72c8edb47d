"""A feature pyramid: features of every scale, added up from the coarsest to the finest.

Feature pyramid networks for object detection, Lin et al. 2017 (arXiv 1612.03144), with separable convolutions.
"""

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn


class Pyramid(nn.Module):
    """Features from fine to coarse, [N,C_i,H_i,W_i] each, each half the size of the last -> [N,channels,H_0,W_0]."""

    def __init__(self, widths: Sequence[int], channels: int):
        super().__init__()
        self.laterals = nn.ModuleList([nn.Conv2d(width, channels, 1) for width in widths])
        self.smooth = nn.ModuleList([separable(channels) for _ in widths[:-1]])

    def forward(self, features: Sequence[Tensor]) -> Tensor:
        *finer, coarsest = [lateral(each) for lateral, each in zip(self.laterals, features, strict=True)]
        x = coarsest
        for smooth, fine in zip(reversed(self.smooth), reversed(finer), strict=True):
            x = smooth(fine + F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False))
        return x


def separable(channels: int) -> nn.Module:
    """[N,channels,H,W] -> the same shape: 3x3 of each channel, 1x1 over all, ReLU."""
    depthwise = nn.Conv2d(channels, channels, 3, 1, 1, groups=channels)
    return nn.Sequential(depthwise, nn.Conv2d(channels, channels, 1), nn.ReLU())
