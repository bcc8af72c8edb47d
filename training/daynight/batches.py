"""Unpaired batches of day and night pictures, and the pool of former translations for the discriminators.

Batch `step` depends on the seed and its number alone, so a resumed run goes on with the pictures it would have had.
"""

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from training.common.pictures import Pictures
from training.common.squares import centre_square, random_square
from training.daynight.config import Config

POOLED = 50  # pictures, as in the CycleGAN paper


class Batches(Dataset):
    """step -> {'day': [B,3,S,S], 'night': [B,3,S,S], 'skipped': []}, pictures in [0,1].

    'skipped' counts the broken pictures met so far. `part` of `parts` processes takes its share of each batch.
    """

    def __init__(self, day: Pictures, night: Pictures, config: Config, part: int = 0, parts: int = 1):
        self.day, self.night, self.config = day, night, config
        self.share = range(part * config.batch // parts, (part + 1) * config.batch // parts)

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        return {
            "day": torch.stack([self._square(self.day, (1, step, i)) for i in self.share]),
            "night": torch.stack([self._square(self.night, (2, step, i)) for i in self.share]),
            "skipped": torch.tensor(len(self.day.skipped | self.night.skipped)),
        }

    def _square(self, pictures: Pictures, number: tuple[int, ...]) -> Tensor:
        random = np.random.default_rng((self.config.seed, *number))
        picture = pictures.first_readable(int(random.integers(len(pictures))))
        if self.config.augmentation == "none":
            return centre_square(picture, self.config.size)
        return random_square(picture, self.config.size, random)


class ImagePool:
    """Up to 50 former translations, in 8 bits as all pictures are; half of what a discriminator sees comes from them.

    Shrivastava et al. 2017 (arXiv 1612.07828).
    """

    def __init__(self) -> None:
        self.pictures = torch.empty(0, dtype=torch.uint8)

    def query(self, fresh: Tensor, random: np.random.Generator) -> Tensor:
        """[N,3,H,W] in [0,1] -> as many, each kept and given back, or, half the time, exchanged for a former one."""
        given = fresh.clone()
        for i, picture in enumerate((fresh.clamp(0, 1) * 255).round().byte().cpu()):
            if len(self.pictures) < POOLED:
                self.pictures = torch.cat([self.pictures, picture[None]]) if len(self.pictures) else picture[None]
            elif random.random() < 0.5:
                former = int(random.integers(POOLED))
                given[i] = self.pictures[former].to(fresh) / 255
                self.pictures[former] = picture
        return given
