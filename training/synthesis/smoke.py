"""Made pictures for the smoke test and the tests: coloured discs on coloured grounds."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def make_pictures(folder: Path, count: int = 24, seed: int = 0) -> Path:
    """`count` pictures, 80 x 64."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for i in range(count):
        ground, colour = (tuple(int(each) for each in random.integers(0, 256, 3)) for _ in range(2))
        picture = Image.new("RGB", (80, 64), ground)
        x, y, radius = random.uniform(20, 60), random.uniform(14, 50), random.uniform(8, 20)
        ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), colour)
        picture.save(folder / f"{i:03d}.png")
    return folder
