"""Carries a translation or a mask from a moderate working size to the photo's full size: a guided filter as upsampling.

Guided Image Filtering, He, Sun and Tang 2010, with its colour guide; fitted at the small size and applied at the full
one as in Fast Guided Filter, He and Sun 2015 (arXiv 1505.00996):

    at the working size   in each box, the best linear map from the photo's three channels to the translation's:
                          three slopes and an offset a channel, 12 numbers a pixel, averaged over the boxes that hold it
    at the full size      those numbers, interpolated, applied to the photo's own pixels

The boxes are wide, so that bright rims of the translation, which no edge of the photo explains, spread until they are
not seen. Small lights that the maps miss are added to the offsets in their own colour, smooth, for the generator's last
stride leaves checkerboard artefacts in lamps; broader or darker misses are rims and blocks, and what is below NOISE is
the network's noise. So edges and texture are the photo's, colours and light the translation's. Only box means,
products, sums and extremes: a browser can do the same.
"""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

BOXES = 32  # usual radii of the boxes along the longer side
FLAT = 1e-3  # usual variance of [0,1] of a box that counts as flat
LIGHT = 9  # px at the working size: what is as wide both ways or wider is no small light
NOISE = 0.03  # of [0,1]
STRIP = 128  # rows of the full picture at once: memory stays small


def box_mean(x: Tensor, boxes: int) -> Tensor:
    """[N,C,H,W] -> mean over the square around each pixel, as far as it is inside the picture."""
    radius = max(1, max(x.shape[2:]) // boxes)
    return F.avg_pool2d(x, 2 * radius + 1, 1, radius, count_include_pad=False)


def fit(photo: Tensor, translated: Tensor, boxes: int = BOXES, flat: float = FLAT) -> Tensor:
    """The local linear maps of photo to translation, both [1,3,H,W] in [0,1] -> [12,H,W].

    For each of the three channels of the translation: slopes of red, green and blue, and the offset. `boxes`: radii
    along the longer side; a translation whose edges are the photo's may have narrow ones. `flat`: the variance of a box
    that counts as flat.
    """

    def around(x: Tensor) -> Tensor:
        return box_mean(x, boxes)

    mean, target_mean = around(photo), around(translated)
    inverse = _inverse_covariance(photo, mean, around, flat)
    maps = []
    for i in range(3):
        covariance = around(photo * translated[:, i : i + 1]) - mean * target_mean[:, i : i + 1]
        slopes = (inverse * covariance).sum(1)
        maps += [*slopes, target_mean[0, i] - (slopes * mean[0]).sum(0)]
    averaged = around(torch.stack(maps)[None])[0]
    lights = _small_lights(_smooth(translated - apply(averaged, photo[0]))[0])
    return averaged + F.pad(lights[:, None], (0, 0, 0, 0, 3, 0)).flatten(0, 1)


def carried(photos: Tensor, translated: Tensor) -> Tensor:
    """Translations [N,3,H,W] as they look once carried to photos of their own size; losses may see them so."""
    with torch.autocast(photos.device.type, enabled=False):  # variances too small for 8 bits
        pairs = zip(photos.float().split(1), translated.float().split(1), strict=True)
        return torch.stack([apply(fit(photo, one), photo[0]).clamp(0, 1) for photo, one in pairs])


def _smooth(x: Tensor) -> Tensor:
    """[N,C,H,W] -> means of 3x3 px, by 1, 2, 1 both ways: without the generator's checkerboard artefacts."""
    return F.avg_pool2d(F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 2, 1), 2, 1)


def _small_lights(missed: Tensor) -> Tensor:
    """What of [3,H,W] is small and bright: the white top-hat of the brightest channel less NOISE, in its colour.

    The top-hat, a picture less its opening by a square of LIGHT px, holds what is narrower than the square.
    """
    light = F.relu(missed)
    brightest = light.amax(0, keepdim=True)
    eroded = -F.max_pool2d(-brightest, LIGHT, 1, LIGHT // 2)
    small = F.relu(brightest - F.max_pool2d(eroded, LIGHT, 1, LIGHT // 2) - NOISE)
    return light * small / brightest.clamp(min=NOISE)


def _inverse_covariance(photo: Tensor, mean: Tensor, around: Callable[[Tensor], Tensor], flat: float) -> Tensor:
    """Inverse of each box's covariance of the photo's channels, `flat` added on its diagonal: [3,3,H,W]."""

    def covariance(i: int, j: int) -> Tensor:
        product = around(photo[:, i : i + 1] * photo[:, j : j + 1])[0, 0]
        return product - mean[0, i] * mean[0, j] + (flat if i == j else 0)

    rr, rg, rb, gg, gb, bb = (covariance(i, j) for i in range(3) for j in range(i, 3))
    rows = [
        [gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb],
        [gb * rb - rg * bb, rr * bb - rb * rb, rb * rg - rr * gb],
        [rg * gb - gg * rb, rb * rg - rr * gb, rr * gg - rg * rg],
    ]
    determinant = rr * rows[0][0] + rg * rows[0][1] + rb * rows[0][2]
    return torch.stack([torch.stack(row) for row in rows]) / determinant


def apply(maps: Tensor, photo: Tensor) -> Tensor:
    """Maps [12,H,W] on the photo's pixels [3,H,W] -> [3,H,W], not yet confined to [0,1]."""
    by_channel = maps.unflatten(0, (3, 4))
    return (by_channel[:, :3] * photo).sum(1) + by_channel[:, 3]


def upsample(photo: np.ndarray, maps: Tensor, strength: float = 1.0) -> np.ndarray:
    """Full-size photo [H,W,3] (bytes) and maps [12,h,w] -> the translation at full size, [H,W,3] bytes.

    `strength` 0..1 goes linearly from the photo itself to the whole translation.
    """
    result = np.empty_like(photo)
    for top in range(0, len(photo), STRIP):
        pixels = torch.from_numpy(photo[top : top + STRIP]).permute(2, 0, 1).float() / 255
        rows = _rows(maps, top, pixels.shape[1], len(photo))
        wide = F.interpolate(rows[None], (pixels.shape[1], photo.shape[1]), mode="bilinear")[0]
        strip = torch.lerp(pixels, apply(wide, pixels).clamp(0, 1), strength)
        result[top : top + STRIP] = (strip * 255).round().byte().permute(1, 2, 0).numpy()
    return result


def _rows(maps: Tensor, top: int, count: int, height: int) -> Tensor:
    """`count` rows from `top` of the maps as if interpolated to `height` rows, pixel centres aligned: [12,count,w]."""
    source = (torch.arange(top, top + count) + 0.5) * (maps.shape[1] / height) - 0.5
    source = source.clamp(0, maps.shape[1] - 1)
    first = source.long()
    second = (first + 1).clamp(max=maps.shape[1] - 1)
    return torch.lerp(maps[:, first], maps[:, second], (source - first)[:, None])
