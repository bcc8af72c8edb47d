"""Batches of photos and style pictures, made in a loader's process, with a teacher's answers.

Batch `step` depends on the seed and its number alone, so a resumed run goes on with the pictures it would have had.
"""

from typing import Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from training.common.pictures import Pictures
from training.common.squares import random_cut, scaled
from training.style.config import PairConfig
from training.style.enlarger import interpolated
from training.style.predictors import view

SMALLEST_STYLE, SMALLEST_PHOTO = 0.9, 0.8  # of the short side: smaller crops are blurred
OWN, NEIGHBOUR = 1, 2  # what a style is mixed with: the photo's own, or its neighbour's in the batch


class Teacher(Protocol):
    """Whoever gives vectors [N,100] of styles and paints photos; all pictures are [N,3,H,W] in [0,1]."""

    name: str

    def vectors(self, styles: Tensor) -> Tensor: ...

    def paint(self, photos: Tensor, vectors: Tensor) -> Tensor: ...


class Batches(Dataset):
    """step -> {'views': [V,3,256,256], 'styles': [B,3,T,T], 'soft': [B], 'photographs': [V], 'vectors': [V or 0,100],
    'photos': [B,3,S,S], 'taught': [B or 0,3,S,S], 'mix': [], 'share': [B], 'shift': [2],
    'boldness': [B], 'moved': [2], 'skipped': []}.

    In the first `predictor_steps` steps only 'views', 'photographs', 'vectors' and 'skipped' are there.
    The first B views are the styles that the B photos are painted in, 'styles' the same at the size that the losses
    compare at, and 'soft' those that were enlarged to it; one in twelve is the photo itself, so that
    the space holds photos' own vectors too, where the strength slider begins; 'photographs' marks them. 'vectors' are
    the teacher's of the views and 'taught' its pictures, in the first `vector_steps` and `taught_steps` steps.
    Every fourth step trains the space between the styles too: 'share' of the style and the rest of the photo's own or
    of the neighbour's, by 'mix'. 'boldness' is each photo's, 'moved' what the marks loss moves a photo by. 'shift'
    crops what the losses compare by 0 to 7 px from top and left: were it always the corner, their strides would let
    a grid of 8 px go unseen. 'skipped' counts the broken pictures met so far.
    `part` of `parts` processes takes its share of each batch.
    """

    def __init__(
        self,
        photos: Pictures,
        styles: Pictures,
        teacher: Teacher | None,
        config: PairConfig,
        part: int = 0,
        parts: int = 1,
    ):
        self.photos, self.styles, self.teacher, self.config = photos, styles, teacher, config
        self.part, self.parts = part, parts

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        c = self.config
        cuts = [self._style(step, i) for i in self._views()]
        views = torch.stack([view(cut) for cut in cuts])
        if self.teacher and step < c.predictor_steps:
            return {"views": views, **self._about(step), "vectors": self.teacher.vectors(views)}
        styles, soft = zip(*(interpolated(cut, c.style_size) for cut in cuts[: len(self._part(c.batch))]), strict=True)
        photos = torch.stack([scaled(self._photo(step, i), c.size) for i in self._part(c.batch)])
        random = np.random.default_rng((c.seed, 3, step))
        shift, shares = torch.from_numpy(random.integers(8, size=2)), torch.from_numpy(random.random(c.batch))
        boldness, moved = torch.from_numpy(random.random(c.batch)), torch.from_numpy(random.integers(1, 8, size=2))
        mix = (0, OWN, 0, 0, 0, NEIGHBOUR, 0, 0)[step % 8]
        return {
            "views": views,
            **self._about(step),
            "styles": torch.stack(styles),
            "soft": torch.tensor(soft),
            "photos": photos,
            **self._taught(step, photos, views),
            "mix": torch.tensor(mix),
            "share": shares[list(self._part(c.batch))].float(),
            "shift": shift,
            "boldness": boldness[list(self._part(c.batch))].float(),
            "moved": moved,
        }

    def _about(self, step: int) -> dict[str, Tensor]:
        return {
            "photographs": torch.tensor([_is_photograph(step, i) for i in self._views()]),
            "skipped": torch.tensor(len(self.photos.skipped | self.styles.skipped)),
        }

    def _taught(self, step: int, photos: Tensor, views: Tensor) -> dict[str, Tensor]:
        vectors, taught = views.new_zeros(0, 100), photos[:0]
        if self.teacher and step < max(self.config.vector_steps, self.config.taught_steps):
            vectors = self.teacher.vectors(views)
        if self.teacher and step < self.config.taught_steps:
            taught = self.teacher.paint(photos, vectors[: len(photos)])
        return {"vectors": vectors, "taught": taught}

    def _views(self) -> list[int]:
        """This part's views: those of its own photos first, then its share of the others."""
        batch, views = self.config.batch, self.config.views
        return [*self._part(batch), *(batch + i for i in self._part(views - batch))]

    def _part(self, count: int) -> range:
        return range(self.part * count // self.parts, (self.part + 1) * count // self.parts)

    def _style(self, step: int, i: int) -> Image.Image:
        """A square of a style, or the photo's own, in its own pixels."""
        if _is_photograph(step, i):
            return self._photo(step, i)
        square = self._cut(self.styles, (self.config.seed, 1, step, i), SMALLEST_STYLE)
        random = np.random.default_rng((self.config.seed, 4, step, i))
        return recoloured(square, random) if random.random() < self.config.recolour else square

    def _photo(self, step: int, i: int) -> Image.Image:
        return self._cut(self.photos, (self.config.seed, 2, step, i), SMALLEST_PHOTO)

    def _cut(self, pictures: Pictures, seeds: tuple[int, ...], least: float) -> Image.Image:
        random = np.random.default_rng(seeds)
        picture = pictures.first_readable(int(random.integers(len(pictures))))
        if pictures is self.styles:  # of a large one any part down to what the losses compare at, unenlarged
            least = min(least, max(0.5, self.config.style_size / min(picture.size)))
        return random_cut(picture, random, least)


def recoloured(square: Image.Image, random: np.random.Generator) -> Image.Image:
    """An RGB picture with its channels in another order, another contrast and tint, and at times as a negative."""
    colours = np.asarray(square, np.float32)[..., random.permutation(3)] / 255
    colours = colours ** float(np.exp(0.35 * random.normal())) * np.exp(0.25 * random.normal(size=3))
    if random.random() < 0.15:
        colours = 1 - colours
    return Image.fromarray((colours.clip(0, 1) * 255).round().astype(np.uint8))


def _is_photograph(step: int, i: int) -> bool:
    return (step + i) % 12 == 0
