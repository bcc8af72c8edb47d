"""Pictures to learn from: centre squares of one size, each opened once and then kept in memory.

Batch `step` depends on the seed and its number alone, so a resumed run goes on with the pictures it would have had.
"""

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from training.common.pictures import NoPictures, Pictures
from training.common.squares import centre_square
from training.synthesis.config import SynthesisConfig

KEPT = 2_000_000_000  # bytes of squares in memory; those beyond are opened each time
LOOKED_AT = 64  # pictures, spread over the list, before the training begins
EVEN = 8  # of 255: pictures whose values differ by less are of one colour


class Squares(Dataset):
    """i -> the centre square of picture i, [3,size,size] uint8; of a broken one, the next that can be read."""

    def __init__(self, pictures: Pictures, size: int):
        self.pictures, self.size, self.kept = pictures, size, dict[int, Tensor]()

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, i: int) -> Tensor:
        if i in self.kept:
            return self.kept[i]
        square = centre_square(self.pictures.first_readable(i), self.size)
        found = (255 * square).round().byte()
        if (len(self.kept) + 1) * found.numel() <= KEPT:
            self.kept[i] = found
        return found

    def spread(self, count: int) -> Tensor:
        """Up to so many squares, spread over the list, [N,3,size,size] in [0,1]."""
        count = min(count, len(self))
        return torch.stack([self[i * len(self) // count] for i in range(count)]).float() / 255


class Batches(Dataset):
    """step -> {'pictures': [B,3,S,S] in [0,1], 'skipped': []}, mirrored half the time.

    'skipped' counts the broken pictures met so far. `part` of `parts` processes takes its share of each batch.
    """

    def __init__(self, squares: Squares, config: SynthesisConfig, part: int = 0, parts: int = 1):
        self.squares, self.config = squares, config
        self.share = slice(part * config.batch // parts, (part + 1) * config.batch // parts)

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        random = np.random.default_rng((self.config.seed, 1, step))
        numbers = random.choice(len(self.squares), self.config.batch, replace=False)[self.share]
        mirrored = random.random(self.config.batch)[self.share] < 0.5
        chosen = [self.squares[int(number)] for number in numbers]
        pictures = [each.flip(2) if flips else each for each, flips in zip(chosen, mirrored, strict=True)]
        skipped = torch.tensor(len(self.squares.pictures.skipped))
        return {"pictures": torch.stack(pictures).float() / 255, "skipped": skipped}


def open_squares(config: SynthesisConfig) -> Squares:
    """The squares of the configured pictures. Raises NoPictures for too few, too small ones and those of one colour."""
    pictures = Pictures(config.pictures)
    named = ", ".join(config.pictures)
    if len(pictures) < config.batch:
        raise NoPictures(f"{named}: {len(pictures)} pictures are too few for --batch {config.batch}: name more of them")
    count = min(LOOKED_AT, len(pictures))
    seen = [pictures.first_readable(i * len(pictures) // count) for i in range(count)]
    if 2 * sum(min(each.size) < config.size for each in seen) > count:
        smallest = min(min(each.size) for each in seen)
        raise NoPictures(
            f"{named}: most pictures are smaller than --size {config.size}, some only {smallest} px: name larger ones"
        )
    if 2 * sum(_is_even(each) for each in seen) > count:
        raise NoPictures(f"{named}: most pictures are of one colour, so there is nothing to learn: name other ones")
    return Squares(pictures, config.size)


def _is_even(picture: Image.Image) -> bool:
    values = np.asarray(picture)
    return bool((values.max((0, 1)).astype(int) - values.min((0, 1)) < EVEN).all())
