"""Made pictures for the smoke tests and the tests: figures in front of stripes, with their masks, and stripes alone."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def make_portraits(folder: Path, count: int = 11, seed: int = 0) -> Path:
    """`count` figures, 120 x 160, each NAME.png with NAME.mask.png: a head and a body that the lower edge cuts."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for i in range(count):
        photo, mask = _stripes(random, (120, 160)), Image.new("L", (120, 160))
        middle, colour = int(random.integers(45, 76)), tuple(int(each) for each in random.integers(150, 256, 3))
        for picture, fill in ((photo, colour), (mask, 255)):
            draw = ImageDraw.Draw(picture)
            draw.ellipse((middle - 18, 30, middle + 18, 75), fill)
            draw.ellipse((middle - 40, 70, middle + 40, 240), fill)
        photo.save(folder / f"{i:03d}.png")
        mask.save(folder / f"{i:03d}.mask.png")
    return folder


def make_backgrounds(folder: Path, count: int = 12, seed: int = 1) -> Path:
    """`count` pictures of stripes, 160 x 120."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for i in range(count):
        _stripes(random, (160, 120)).save(folder / f"{i:03d}.png")
    return folder


def _stripes(random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Dark stripes of random colours, across or upright, with a little noise."""
    colours = random.uniform(20, 110, (max(size) // 16 + 1, 3)).repeat(16, 0)
    pixels = colours[: size[1], None] if random.random() < 0.5 else colours[None, : size[0]]
    noise = random.normal(0, 4, (size[1], size[0], 3))
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))
