"""Photos and masks to learn from, cut, pasted onto other places and exposed anew.

Each is one of these:

    a portrait      a cut of it, so that a face may fill the picture
    pasted          one or two people, large or small, standing or cut off by an edge, on a photo without people or on
                    another portrait, each in a light of their own
    nobody          a photo without people, and an empty mask

Sample `i` of step `step` depends on the seed and these numbers alone, so a resumed run goes on with the pictures it
would have had. The pictures of a step are all square, all tall or all wide.
"""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image, ImageChops, ImageFilter
from torch import Tensor
from torch.utils.data import ConcatDataset, Dataset

from training.common.pictures import Pictures
from training.common.squares import to_tensor
from training.portrait.config import MaskConfig
from training.portrait.masked import Masked, Pair
from training.portrait.networks import MULTIPLE

NOBODY, PASTED = 0.2, 0.4  # shares of the pictures
ON_PORTRAITS, SECOND, RELIT = 0.25, 0.3, 0.5  # of those that are pasted
GREY = 0.1  # of all: old photos have no colours
SHAPES = ((1.0, 1.0), (1.0, 1.0), (0.75, 1.0), (1.0, 0.75))  # width and height, of the longer side
LEAST = {"portrait": 0.4, "place": 0.5}  # of a photo's side, that is cut out
SMALLEST, LARGEST = 0.25, 1.3  # height of a pasted person, of the picture's


class Batches(Dataset):
    """step -> {'photos': [B,3,H,W] in [0,1], 'masks': [B,1,H,W] in [0,1], 'skipped': []}.

    'skipped' counts the broken backgrounds met so far. `part` of `parts` processes takes its share of each batch.
    """

    def __init__(
        self, portraits: Sequence[Masked], backgrounds: Pictures, config: MaskConfig, part: int = 0, parts: int = 1
    ):
        self.portraits: Dataset[Pair] = ConcatDataset(portraits)
        self.count = sum(len(each) for each in portraits)
        self.backgrounds, self.config = backgrounds, config
        self.share = range(part * config.batch // parts, (part + 1) * config.batch // parts)

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        random = np.random.default_rng((self.config.seed, 1, step))
        size = shaped(self.config.size, SHAPES[random.integers(len(SHAPES))])
        pairs = [self._pair(size, np.random.default_rng((self.config.seed, 2, step, i))) for i in self.share]
        return {
            "photos": torch.stack([to_tensor(photo) for photo, _ in pairs]),
            "masks": torch.stack([to_tensor(np.asarray(mask)[..., None]) for _, mask in pairs]),
            "skipped": torch.tensor(len(self.backgrounds.skipped)),
        }

    def _pair(self, size: tuple[int, int], random: np.random.Generator) -> Pair:
        kind = random.random()
        if kind < NOBODY:
            photo, mask = self._place(size, random)
        elif kind < NOBODY + PASTED:
            photo, mask = self._pasted(size, random)
        else:
            photo, mask = cut(self._portrait(random), size, LEAST["portrait"], random)
        photo = exposed(photo, random)
        return photo.convert("L").convert("RGB") if random.random() < GREY else photo, mask

    def _pasted(self, size: tuple[int, int], random: np.random.Generator) -> Pair:
        if random.random() < ON_PORTRAITS:
            pair = cut(self._portrait(random), size, LEAST["place"], random)
        else:
            pair = self._place(size, random)
        for _ in range(2 if random.random() < SECOND else 1):
            pair = pasted(pair, self._portrait(random), random)
        return pair

    def _portrait(self, random: np.random.Generator) -> Pair:
        return self.portraits[int(random.integers(self.count))]

    def _place(self, size: tuple[int, int], random: np.random.Generator) -> Pair:
        photo = self.backgrounds.first_readable(int(random.integers(len(self.backgrounds))))
        return cut((photo, Image.new("L", photo.size)), size, LEAST["place"], random)


def shaped(side: int, shape: tuple[float, float]) -> tuple[int, int]:
    """Width and height for a longer side, multiples of 32."""
    width, height = (max(MULTIPLE, round(side * share / MULTIPLE) * MULTIPLE) for share in shape)
    return width, height


def cut(pair: Pair, size: tuple[int, int], least: float, random: np.random.Generator) -> Pair:
    """A random part of a photo and its mask in this size: of `least` to all that fits, mirrored half the time."""
    scale = min(length / side for length, side in zip(pair[0].size, size, strict=True)) * random.uniform(least, 1)
    sides = [scale * side for side in size]
    left, top = (random.uniform(0, max(0, length - side)) for length, side in zip(pair[0].size, sides, strict=True))
    box, mirrored = (left, top, left + sides[0], top + sides[1]), random.random() < 0.5
    photo, mask = (each.resize(size, Image.Resampling.BILINEAR, box) for each in pair)
    return _mirrored((photo, mask)) if mirrored else (photo, mask)


def pasted(place: Pair, portrait: Pair, random: np.random.Generator) -> Pair:
    """A place with one more person, softly cut out of a portrait. Where its photo cuts them, the picture does too."""
    photo, mask = _mirrored(portrait) if random.random() < 0.5 else portrait
    shape = mask.point(lambda value: 255 * (value > 127)).filter(ImageFilter.MinFilter(3))  # less of their background
    box = shape.getbbox()
    if not box:
        return place
    size, at = _stands(place[0].size, photo.size, box, random)
    person, alpha = (each.resize(size, Image.Resampling.BILINEAR, box) for each in (photo, shape))
    alpha = alpha.filter(ImageFilter.GaussianBlur(random.uniform(0.5, 1.2)))
    if random.random() < RELIT:
        person = exposed(person, random)
    painted, layer = place[0].copy(), Image.new("L", place[1].size)
    painted.paste(person, at, alpha)
    layer.paste(alpha, at)
    return painted, ImageChops.screen(place[1], layer)


def _stands(
    place: tuple[int, int], photo: tuple[int, int], box: tuple[int, int, int, int], random: np.random.Generator
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Size and left upper corner of a person, who has the box of a photo: anywhere, at least half of them inside.

    An edge of the photo that cuts the person lies at that edge of the picture or beyond it.
    """
    scale = place[1] * random.uniform(SMALLEST, LARGEST) / (box[3] - box[1])
    width, height = (max(1, round(scale * (box[i + 2] - box[i]))) for i in (0, 1))
    x, y = random.uniform(-width / 2, place[0] - width / 2), random.uniform(-height / 4, place[1] - 0.75 * height)
    beyond = random.uniform(0, 0.4)
    if box[3] == photo[1]:
        y = place[1] - (1 - beyond) * height
    if box[0] == 0:
        x = -beyond * width
    elif box[2] == photo[0]:
        x = place[0] - (1 - beyond) * width
    return (width, height), (round(x), round(y))


def exposed(photo: Image.Image, random: np.random.Generator) -> Image.Image:
    """The photo with another exposure, contrast and white balance."""
    gains = np.exp(0.2 * random.normal() + 0.08 * random.normal(size=3))
    curve = (np.arange(256) / 255) ** np.exp(0.25 * random.normal())
    table = (255 * curve * gains[:, None]).clip(0, 255).round().astype(int)
    return photo.point(table.ravel().tolist())


def _mirrored(pair: Pair) -> Pair:
    photo, mask = (each.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for each in pair)
    return photo, mask
