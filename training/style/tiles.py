"""Paints a picture of any size with bounded memory, as the page does: the norms' statistics from one pass over the
reduced picture, then tiles at full size with those statistics, overlapping by as far as the network sees."""

from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from training.common.squares import to_tensor
from training.style.transformer import given_statistics, recorded_statistics

SIDE = 1024  # px, a tile's with its overlap, and the longer one of the picture that gives the statistics
MULTIPLE = 8  # px, of sides and positions
SMALLEST = 32  # px, below which the network's inner reflections run out of pixels


def paint(transformer: nn.Module, photo: Image.Image, vector: Tensor) -> Image.Image:
    """RGB in, RGB of the same size out; one that is no larger than a tile is painted whole."""
    padding = [(0, max(SMALLEST, -(-side // MULTIPLE) * MULTIPLE) - side) for side in (photo.height, photo.width)]
    pixels = np.pad(np.asarray(photo), [*padding, (0, 0)], "reflect")
    if max(photo.size) <= SIDE:
        painted = to_pixels(transformer(to_tensor(pixels)[None], vector))
    else:
        painted = _in_tiles(transformer, pixels, reduced(photo), vector)
    return Image.fromarray(painted[: photo.height, : photo.width])


def _in_tiles(transformer: nn.Module, pixels: np.ndarray, reduced: np.ndarray, vector: Tensor) -> np.ndarray:
    """[H,W,3], sides multiples of 8, painted with the statistics of the reduced picture."""
    with recorded_statistics() as statistics:
        transformer(to_tensor(reduced)[None], vector)
    overlap = -(-reach(transformer) // MULTIPLE) * MULTIPLE
    painted = np.empty_like(pixels)
    for top, bottom, above, below in _spans(pixels.shape[0], overlap):
        for left, right, before, behind in _spans(pixels.shape[1], overlap):
            with given_statistics(statistics):
                tile = to_pixels(transformer(to_tensor(pixels[above:below, before:behind])[None], vector))
            painted[top:bottom, left:right] = tile[top - above : bottom - above, left - before : right - before]
    return painted


def _spans(length: int, overlap: int) -> Iterator[tuple[int, int, int, int]]:
    """Along one side, of each tile: from and to where it is kept, from and to where it is painted."""
    step = SIDE - 2 * overlap
    for start in range(0, length, step):
        yield start, min(start + step, length), max(0, start - overlap), min(start + step + overlap, length)


@torch.inference_mode()
def reach(transformer: nn.Module) -> int:
    """Pixels from an edge within which a painting depends on what lies beyond, once the statistics are given.

    Measured with pixels that are no numbers, which spoil whatever reads them.
    """
    photo, vector = torch.rand(1, 3, 512, 512), torch.zeros(1, 100)
    with recorded_statistics() as statistics:
        transformer(photo, vector)
    photo[..., :256] = torch.nan
    with given_statistics(statistics):
        right = transformer(photo, vector).isnan().any(2).any(1)[0]
    with given_statistics(statistics):
        left = transformer(photo.flip(3), vector).isnan().any(2).any(1)[0]
    return max(int(right.sum()), int(left.sum())) - 256


def reduced(photo: Image.Image) -> np.ndarray:
    """[H,W,3], the longer side SIDE, both multiples of 8: the picture that gives the statistics."""
    scale = SIDE / max(photo.size)
    sides = [max(SMALLEST, round(side * scale / MULTIPLE) * MULTIPLE) for side in photo.size]
    return np.asarray(photo.resize((sides[0], sides[1]), Image.Resampling.BOX))


def to_pixels(painted: Tensor) -> np.ndarray:
    """[1,3,H,W] in [0,1] -> [H,W,3] of 0..255."""
    return (painted[0] * 255).round_().byte().permute(1, 2, 0).numpy()
