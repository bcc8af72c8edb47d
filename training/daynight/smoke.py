"""Made pictures for the smoke tests and the tests: streets of boxes by day and by night, and labelled ones."""

from pathlib import Path

import numpy as np
from PIL import Image


def make_streets(folder: Path, kind: str, seed: int = 0, count: int = 24) -> Path:
    """`count` pictures, 160 x 96: sky, houses and road; at night dark, with lit windows."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for i in range(count):
        Image.fromarray(_street(random, kind == "day")).save(folder / f"{kind}-{i:03d}.png")
    return folder


def _street(random: np.random.Generator, day: bool) -> np.ndarray:
    picture = np.zeros((96, 160, 3))
    picture[:60] = (150, 190, 235) if day else (12, 14, 26)
    picture[60:] = 120 if day else 22
    for left in range(0, 160, 32):
        top = int(random.integers(15, 45))
        picture[top:70, left : left + 28] = random.uniform(80, 200, 3) * (1 if day else 0.15)
        for y in range(top + 4, 64, 10):
            lit = not day and random.random() < 0.5
            picture[y : y + 5, left + 4 : left + 9] = (255, 210, 120) if lit else picture[top, left] * 0.5
    return np.clip(picture + random.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)


def make_labelled_streets(folder: Path, count: int = 4) -> Path:
    """Pictures by day, 160 x 96, `count` of each part, with their labels: sky, building and road."""
    for part in ("train", "val", "test"):
        make_streets(folder / part, "day", count=count)
        for picture in sorted((folder / part).iterdir()):
            pixels = np.asarray(Image.open(picture)).astype(int)
            labels = np.full(pixels.shape[:2], 1, np.uint8)
            labels[np.abs(pixels - (150, 190, 235)).max(2) < 20] = 0
            labels[70:] = 3
            Image.fromarray(labels).save(folder / f"{part}_{picture.stem}.labels.png")
            picture.rename(folder / f"{part}_{picture.name}")
        (folder / part).rmdir()
    return folder
