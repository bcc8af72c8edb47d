"""The sheet of portraits shows what it says: faces, not knees, and a spread of styles."""

from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor, ones

from bench import portraits
from bench.painters import Painter
from training.common.pictures import Pictures


class White:
    """A teacher that paints everything white."""

    def vectors(self, styles: Tensor) -> Tensor:
        return ones(1, 100)

    def paint(self, photos: Tensor, vectors: Tensor) -> Tensor:
        return ones(photos.shape)


def test_a_tall_portrait_is_cut_at_its_top_and_painted_by_both() -> None:
    portrait = np.zeros((400, 100, 3), np.uint8)
    portrait[:100] = 200  # the face
    black = Painter(lambda style: np.ones((1, 100), np.float32), lambda photo, _: photo * 0, np.zeros((1, 100)))
    style = Image.new("RGB", (50, 50), "red")
    photo, shown, ours, magenta = portraits.row(black, White(), Image.fromarray(portrait), style)  # type: ignore[arg-type]
    assert np.asarray(photo).mean() > 190
    assert shown is style
    assert np.asarray(ours).max() == 0
    assert np.asarray(magenta).min() == 255


def test_the_chosen_are_spread_over_all_pictures(tmp_path: Path) -> None:
    for i in range(80):
        Image.new("RGB", (8, 8), (3 * i, 0, 0)).save(tmp_path / f"{i:02d}.png")
    reds = [picture.getpixel((0, 0))[0] for picture in portraits.chosen(Pictures([tmp_path]))]
    assert reds == [6 * i for i in range(portraits.COUNT)]
