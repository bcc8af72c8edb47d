"""Squares cut out of pictures, as tensors: what every recipe trains on and validates with."""

import numpy as np
import torch
from PIL import Image
from torch import Tensor


def random_square(picture: Image.Image, side: int, random: np.random.Generator, least: float = 0.6) -> Tensor:
    """A random square of `least` to all of the short side, mirrored half the time, as [3,side,side] in [0,1]."""
    return scaled(random_cut(picture, random, least), side)


def random_cut(picture: Image.Image, random: np.random.Generator, least: float) -> Image.Image:
    """The same in the picture's own pixels."""
    edge = max(1, int(min(picture.size) * random.uniform(least, 1)))
    left, top = (int(random.integers(length - edge + 1)) for length in picture.size)
    square = picture.crop((left, top, left + edge, top + edge))
    return square.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else square


def centre_square(picture: Image.Image, side: int, filter: Image.Resampling = Image.Resampling.LANCZOS) -> Tensor:
    """The centre square as [3,side,side] in [0,1]."""
    return scaled(centre_cut(picture), side, filter)


def centre_cut(picture: Image.Image) -> Image.Image:
    """The same in the picture's own pixels."""
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    return picture.crop((left, top, left + edge, top + edge))


def scaled(square: Image.Image, side: int, filter: Image.Resampling = Image.Resampling.LANCZOS) -> Tensor:
    """A square picture as [3,side,side] in [0,1]."""
    return to_tensor(square.resize((side, side), filter))


def to_tensor(picture: Image.Image | np.ndarray) -> Tensor:
    """RGB picture, or [H,W,3] of 0..255 -> [3,H,W] in [0,1]."""
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1).float() / 255


def working_size(width: int, height: int, longest: int, multiple: int = 8) -> tuple[int, int]:
    """The size to reduce a picture to: the longer side at most `longest`, both multiples, and at least 32."""
    scale, least = min(1, longest / max(width, height)), max(32, multiple)
    width, height = (max(least, round(side * scale / multiple) * multiple) for side in (width, height))
    return width, height


def to_picture(x: Tensor) -> Image.Image:
    """[3,H,W] in [0,1] -> RGB picture."""
    return Image.fromarray((x * 255).round().byte().permute(1, 2, 0).cpu().numpy())
