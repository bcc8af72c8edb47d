"""Paints a picture of any size with bounded memory, as the page does.

At the size of a screen and, where the picture is larger, at full size in tiles; where larger strokes are wanted,
smaller first. Each size is fitted to the one before (levels.py). The tiles take their norms' statistics from one pass
over the picture of the screen's size, and overlap by as far as the network sees.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from training.common.squares import to_tensor
from training.style import levels
from training.style.constants import TRANSFORMER
from training.style.transformer import given_statistics, recorded_statistics

SIDE = 1024  # px, a tile's with its overlap, and the longer one of the picture on the screen
MULTIPLE = 8  # px, of sides and positions
SMALLEST = 32  # px, below which the network's inner reflections run out of pixels
LIGHT = np.array((0.299, 0.587, 0.114), np.float32)  # of R, G and B (ITU-R BT.601)

Finish = Callable[[np.ndarray, np.ndarray], np.ndarray]  # painted and photo, [H,W,3] of 0..255 -> what is seen


def paint(
    transformer: nn.Module, photo: Image.Image, vector: Tensor, stroke_size: float = 1, keep_colours: bool = False
) -> Image.Image:
    """RGB in, RGB of the same size out; `stroke_size` is a factor, the colours kept are the photo's."""
    finish = in_the_photos_colours if keep_colours else lambda painted, _: painted
    pixels = np.asarray(photo)
    screen = resized(pixels, SIDE)
    seen = _with_large_strokes(transformer, screen, vector, stroke_size, finish)
    if max(photo.size) <= SIDE:
        return Image.fromarray(seen)
    painted = finish(in_tiles(transformer, pixels, screen, vector), pixels)
    return Image.fromarray(levels.fitted(painted, seen))


def _with_large_strokes(
    transformer: nn.Module, photo: np.ndarray, vector: Tensor, stroke_size: float, finish: Finish
) -> np.ndarray:
    """[H,W,3] as on the screen: painted at the working side and, where the photo is larger, at its own size."""
    small = resized(photo, min(TRANSFORMER.working_side, max(photo.shape)) / stroke_size)
    if max(photo.shape) < TRANSFORMER.another_size_from * max(small.shape):
        return finish(whole(transformer, photo, vector), photo)
    coarse = finish(whole(transformer, small, vector), small)
    return levels.fitted(finish(whole(transformer, photo, vector), photo), coarse)


def whole(transformer: nn.Module, photo: np.ndarray, vector: Tensor) -> np.ndarray:
    """[H,W,3] painted in one pass."""
    painted = to_pixels(transformer(to_tensor(padded(photo))[None], vector))
    return painted[: photo.shape[0], : photo.shape[1]]


def in_tiles(transformer: nn.Module, photo: np.ndarray, reduced: np.ndarray, vector: Tensor) -> np.ndarray:
    """[H,W,3] painted in tiles, with the statistics of the reduced picture."""
    with recorded_statistics() as statistics:
        transformer(to_tensor(padded(reduced))[None], vector)
    overlap, pixels = -(-reach(transformer) // MULTIPLE) * MULTIPLE, padded(photo)
    painted = np.empty_like(pixels)
    for top, bottom, above, below in _spans(pixels.shape[0], overlap):
        for left, right, before, behind in _spans(pixels.shape[1], overlap):
            with given_statistics(statistics):
                tile = to_pixels(transformer(to_tensor(pixels[above:below, before:behind])[None], vector))
            painted[top:bottom, left:right] = tile[top - above : bottom - above, left - before : right - before]
    return painted[: photo.shape[0], : photo.shape[1]]


def padded(pixels: np.ndarray) -> np.ndarray:
    """[H,W,3] with sides that are multiples of 8 and at least 32, by reflection."""
    padding = [(0, max(SMALLEST, -(-side // MULTIPLE) * MULTIPLE) - side) for side in pixels.shape[:2]]
    return np.pad(pixels, [*padding, (0, 0)], "reflect")


def resized(pixels: np.ndarray, longest: float) -> np.ndarray:
    """[H,W,3] with the longer side at most `longest`, never enlarged: means of what lies under each pixel."""
    scale = min(1, longest / max(pixels.shape))
    if scale == 1:
        return pixels
    height, width = (max(1, int(side * scale + 0.5)) for side in pixels.shape[:2])
    return np.rint(levels.reduced(pixels, height, width)).astype(np.uint8)


def in_the_photos_colours(painted: np.ndarray, photo: np.ndarray) -> np.ndarray:
    """[H,W,3] of 0..255: light from the painting, colour (Cb and Cr) from the photo."""
    lighter = (painted.astype(np.float32) - photo) @ LIGHT
    return np.clip(np.rint(photo + lighter[..., None]), 0, 255).astype(np.uint8)


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


def to_pixels(painted: Tensor) -> np.ndarray:
    """[1,3,H,W] in [0,1] -> [H,W,3] of 0..255."""
    return (painted[0] * 255).round_().byte().permute(1, 2, 0).numpy()
