"""Promises of the README's pictures."""

import numpy as np
from PIL import Image

from bench.painters import Painter
from bench.showcase import CELL, GAP, LABEL, PHOTOS, SHOWN, styles


def test_each_photo_stands_beside_itself_in_every_style():
    inverting = Painter(lambda style: np.ones((1, 100), np.float32), lambda photo, _: 1 - photo, np.zeros((1, 100)))
    sheet = styles(inverting)
    assert sheet.size == ((CELL[0] + GAP) * (1 + len(SHOWN)) - GAP, LABEL + (GAP + CELL[1]) * len(PHOTOS))
    for row in range(len(PHOTOS)):
        photo, *painted = (cell(sheet, row, column) for column in range(1 + len(SHOWN)))
        assert photo.std() > 20
        assert all(np.abs(255.0 - picture - photo).max() < 3 for picture in painted)


def cell(sheet: Image.Image, row: int, column: int) -> np.ndarray:
    left, top = column * (CELL[0] + GAP), LABEL + GAP + row * (GAP + CELL[1])
    return np.asarray(sheet.crop((left, top, left + CELL[0], top + CELL[1])), np.float32)
