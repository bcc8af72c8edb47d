"""Batches of nights made of photos by day (made_nights.py), with the days they were, and of real nights."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from training.common.pictures import Pictures
from training.common.squares import random_square, to_tensor, working_size
from training.daynight import skyline
from training.daynight.config import DaylightConfig
from training.daynight.made_nights import even_day, made_night
from training.daynight.relight import evening
from training.daynight.relit import layers_of
from training.daynight.scene import SceneNetwork

FRAME, MULTIPLE = 448, 64  # px of the longer side at which photos are relit
KEPT = 1500  # relit photos stay in memory, at most: 1.8 MB each
LEAST = 0.65  # of the short side of a photo a square has


class DaylightBatches(Dataset):
    """step -> {'made', 'day', 'night': [N,3,S,S] in [0,1], 'sky': [N,1,S,S], 'skipped': []}; half as many real nights.

    `part` of `parts` processes takes its share of each batch. A photo is relit when it is first met.
    """

    def __init__(
        self, scene: SceneNetwork, day: Pictures, night: Pictures, config: DaylightConfig, part: int = 0, parts: int = 1
    ):
        self.scene, self.day, self.night, self.config = scene, day, night, config
        self.share = range(part * config.batch // parts, (part + 1) * config.batch // parts)
        self._relit: dict[int, Tensor] = {}

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        made = [self.made((step, i)) for i in self.share]
        return {
            **{name: torch.stack([each[name] for each in made]) for name in made[0]},
            "night": torch.stack([self._night((step, i)) for i in self.share[::2]]),
            "skipped": torch.tensor(len(self.day.skipped | self.night.skipped)),
        }

    def made(self, number: tuple[int, ...]) -> dict[str, Tensor]:
        """A night that was made of a day photo, the day that is to be found, and its sky."""
        random = np.random.default_rng((self.config.seed, 1, *number))
        square = cut(self._relit_photo(int(random.integers(len(self.day)))), self.config.size, random)
        parts = square.permute(1, 2, 0).numpy()
        day, blue, dark, lights, sky = np.split(parts, (3, 6, 9, 12), 2)
        made = made_night(day, blue, dark, lights, sky, random)
        pictures = {"made": made, "day": even_day(day, sky), "sky": sky}
        return {name: torch.from_numpy(each.astype(np.float32)).permute(2, 0, 1) for name, each in pictures.items()}

    def _night(self, number: tuple[int, ...]) -> Tensor:
        random = np.random.default_rng((self.config.seed, 2, *number))
        picture = self.night.first_readable(int(random.integers(len(self.night))))
        return random_square(picture, self.config.size, random, LEAST)

    def _relit_photo(self, i: int) -> Tensor:
        found = self._relit.get(i)
        if found is None:
            found = relit(self.scene, self.day.first_readable(i))
            if len(self._relit) < KEPT:
                self._relit[i] = found
        return found


@torch.no_grad()
def relit(scene: SceneNetwork, picture: Image.Image) -> Tensor:
    """A day photo with its blue hour, its night, what lights add to it, and its sky: [13,H,W] of 0..255."""
    size = working_size(*picture.size, FRAME, MULTIPLE)
    photo = to_tensor(picture.resize(size, Image.Resampling.BICUBIC))[None]
    layers = layers_of(scene, photo)
    (_, blue, dark), lights = evening(photo, layers)
    sky = skyline.along_edges(photo, layers[:, :1], skyline.by_day(photo, layers[:, :1]))
    return (torch.cat([photo, blue, dark, lights, sky], 1)[0].clamp(0, 1) * 255).round().byte()


def cut(relit: Tensor, side: int, random: np.random.Generator) -> Tensor:
    """A random square of [C,H,W] of 0..255, mirrored half the time, as [C,side,side] in [0,1]."""
    edge = int(min(relit.shape[1:]) * random.uniform(LEAST, 1))
    top, left = (int(random.integers(length - edge + 1)) for length in relit.shape[1:])
    square = relit[:, top : top + edge, left : left + edge].float() / 255
    square = square.flip(2) if random.random() < 0.5 else square
    return F.interpolate(square[None], (side, side), mode="bilinear", antialias=True)[0]
