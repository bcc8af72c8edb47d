"""Differentiable augmentation: what the discriminator sees, real or invented, is changed at random in the same ways.

Differentiable Augmentation for Data-Efficient GAN Training, Zhao et al. 2020 (arXiv 2006.10738), with all three of its
kinds: colour (brightness, saturation, contrast), translation by up to 1/8 of the side, and a cutout of half of it. The
generator learns through them, so what they do does not appear in its pictures. Empty places are grey.
"""

import torch
from torch import Tensor

SHIFT, CUT = 1 / 8, 1 / 2  # of the side
GREY = 0.5


def augmented(pictures: Tensor) -> Tensor:
    """[N,3,S,S] in [0,1] -> as many, changed each in its own way; values may leave [0,1]."""
    return _cut_out(_translated(_coloured(pictures)))


def _coloured(x: Tensor) -> Tensor:
    """Brightness by up to a quarter, then saturation times 0 to 2, then contrast times 0.5 to 1.5."""
    brightness, saturation, contrast = torch.rand(3, len(x), 1, 1, 1, device=x.device)
    x = x + (brightness - 0.5) / 2
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * 2 * saturation
    mean = x.mean((1, 2, 3), keepdim=True)
    return mean + (x - mean) * (contrast + 0.5)


def _translated(x: Tensor) -> Tensor:
    for axis in (2, 3):
        length = x.shape[axis]
        most = round(SHIFT * length)
        shift = torch.randint(-most, most + 1, (len(x), 1), device=x.device)
        places = torch.arange(length, device=x.device) - shift
        shape = [len(x), 1, 1, 1]
        shape[axis] = length
        outside = ((places < 0) | (places >= length)).view(shape)
        x = x.gather(axis, places.clamp(0, length - 1).view(shape).expand_as(x)).masked_fill(outside, GREY)
    return x


def _cut_out(x: Tensor) -> Tensor:
    """A square of half the side, whose middle is anywhere in the picture, becomes grey."""
    inside = torch.ones(len(x), 1, 1, 1, dtype=torch.bool, device=x.device)
    for axis in (2, 3):
        length = x.shape[axis]
        middle = torch.randint(0, length + 1, (len(x), 1), device=x.device)
        shape = [len(x), 1, 1, 1]
        shape[axis] = length
        away = (torch.arange(length, device=x.device) + 0.5 - middle).abs()
        inside = inside & (away < CUT * length / 2).view(shape)
    return x.masked_fill(inside, GREY)
