"""Trains a transformer on the mean of its own pictures of a photo shifted by 0 to 3 px, which carry no marks of a grid.

    python -m training.style.train_shifted                          the published pair learns from itself
    python -m training.style.train_shifted --pair runs/distill      another pair, by its run directory
    python -m training.style.train_shifted --resume runs/style-shifted      continue a stopped run
    python -m training.style.train_shifted --smoke                  a test in seconds, on generated pictures
    torchrun --nproc-per-node 4 -m -- training.style.train_shifted  several GPUs, which share `batch`

A network that looks at every fourth pixel leaves combs and weaves of 4 px. They stay where they are when the photo is
shifted by some pixels, while strokes move along with it. So the mean over all sixteen shifts, each shifted back, has
strokes without marks ("cycle spinning": Coifman and Donoho 1995, Translation-invariant de-noising), but takes sixteen
paintings. Here the network learns to paint that mean at once (distillation of itself: Furlanello et al. 2018, arXiv
1805.04770). A step's target is the mean over four shifts, one in each row and column of the grid, from a random one
on, sharpened; with a squared error that teaches the mean over all. Predictor and style vectors stay as they are.
"""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import Dataset

from training.common import trainer
from training.common.command import command_line, require
from training.common.devices import Process
from training.common.grid import save_grid
from training.common.muon import Muon, matrices, others
from training.common.optimisers import one_cycle
from training.common.pictures import Pictures
from training.common.recipe import Recipe
from training.common.squares import random_square
from training.style.config import ShiftedConfig
from training.style.load import Pair, load_pair
from training.style.marks import marks
from training.style.predictors import view
from training.style.smoke import make_pictures, make_teacher
from training.style.transformer import MIDDLE, for_transformer, keeping
from training.style.validation import relative_distance, split

GRID, MARGIN = 4, 8  # px: the grid's spacing, and what a square has around what is painted of it
LATIN = ((0, 0), (1, 2), (2, 3), (3, 1))  # one shift in each row and column
ALL = tuple((y, x) for y in range(GRID) for x in range(GRID))
LEAST_CUT = 0.5  # of a photo's shorter side, that a square has
MIXED = 6  # of so many steps one paints between photo and style, and one between two styles
PAIRS, SHOWN = 24, 8

Shifts = tuple[tuple[int, int], ...]


class ShiftedBatches(Dataset):
    """step -> {'squares': [B,3,S+16,S+16], 'vectors': [B,100 or 101], 'targets': [B,3,S,S], 'skipped': []}.

    'targets' are painted here, in the loader's process, while the network learns from those before.
    `part` of `parts` processes takes its share of each batch.
    """

    def __init__(
        self, photos: Pictures, styles: Pictures, pair: Pair, config: ShiftedConfig, part: int = 0, parts: int = 1
    ):
        self.photos, self.styles, self.pair, self.config = photos, styles, pair, config
        self.share = range(part * config.batch // parts, (part + 1) * config.batch // parts)

    def __len__(self) -> int:
        return self.config.steps

    @torch.no_grad()
    def __getitem__(self, step: int) -> dict[str, Tensor]:
        random = [np.random.default_rng((self.config.seed, step, i)) for i in self.share]
        squares = torch.stack([self._square(each) for each in random]).contiguous(memory_format=torch.channels_last)
        vectors = self._vectors(step, random)
        start = np.random.default_rng((self.config.seed, step)).integers(GRID, size=2)
        shifts = tuple(((y + int(start[0])) % GRID, (x + int(start[1])) % GRID) for y, x in LATIN)
        return {
            "squares": squares,
            "vectors": vectors,
            "targets": sharpened(
                mean_of_shifts(self.pair.transformer, squares, vectors, shifts), self.config.sharpening
            ),
            "skipped": torch.tensor(len(self.photos.skipped | self.styles.skipped)),
        }

    def _square(self, random: np.random.Generator) -> Tensor:
        photo = self.photos.first_readable(int(random.integers(len(self.photos))))
        return random_square(photo, self.config.size + 2 * MARGIN, random, LEAST_CUT)

    def _vectors(self, step: int, random: list[np.random.Generator]) -> Tensor:
        """Styles' vectors, at times with some of the photo or of another style; every other step of any boldness."""
        pictures = [self.styles.first_readable(int(each.integers(len(self.styles)))) for each in random]
        vectors = keeping(self.pair.predictor(torch.stack([view(picture) for picture in pictures])), 0)
        shares = torch.tensor([each.random() for each in random]).float()[:, None]
        boldness = torch.tensor([each.random() for each in random]).float() if step % 2 else MIDDLE
        if step % MIXED == 0:
            vectors = torch.lerp(self.pair.state["photo_mean_vector"].expand_as(vectors), vectors, shares)
        elif step % MIXED == 3:
            vectors = torch.lerp(vectors.roll(1, 0), vectors, shares)
        return for_transformer(self.pair.transformer, vectors, boldness)


def without_margin(squares: Tensor) -> Tensor:
    """[N,3,S+16,S+16] -> [N,3,S,S], what is painted of them."""
    return squares[..., MARGIN:-MARGIN, MARGIN:-MARGIN].contiguous(memory_format=torch.channels_last)


def mean_of_shifts(transformer: nn.Module, squares: Tensor, vectors: Tensor, shifts: Shifts = ALL) -> Tensor:
    """Squares [N,3,S+16,S+16] in [0,1] -> [N,3,S,S]: the mean of what is painted of them from each (top, left) on."""
    side, total = squares.shape[-1] - 2 * MARGIN, torch.zeros(())
    for top, left in shifts:
        painted = transformer(squares[..., top : top + side + MARGIN, left : left + side + MARGIN], vectors)
        y, x = MARGIN - top, MARGIN - left
        total = total + painted[..., y : y + side, x : x + side]
    return total / len(shifts)


def sharpened(pictures: Tensor, amount: float) -> Tensor:
    """Pictures [N,3,H,W] in [0,1] with an unsharp mask of 1 px, not clipped: so means stay means."""
    line = torch.exp(-(torch.arange(-3.0, 4.0) ** 2) / 2)
    kernel = (line[:, None] * line / line.sum() ** 2).expand(3, 1, 7, 7)
    soft = F.conv2d(F.pad(pictures, (3, 3, 3, 3), mode="reflect"), kernel, groups=3)
    return pictures + amount * (pictures - soft)


class ShiftedRecipe(Recipe):
    """The transformer as the trainer trains it."""

    averaged = ("transformer",)

    def __init__(self, config: ShiftedConfig, process: Process):
        self.config, self.process = config, process
        self.pair = load_pair(Path(config.pair))
        photos, held_photos = split(config.photos, config.held_photos)
        styles, held_styles = split(config.styles, config.held_styles)
        self.batches = ShiftedBatches(photos, styles, self.pair, config, process.rank, process.world)
        self.transformer = process.move(deepcopy(self.pair.transformer).requires_grad_(True))
        self.parallel = process.parallel(self.transformer)
        self._optimisers = {
            "muon": Muon(matrices(self.transformer), config.learning_rate),
            "adam": torch.optim.Adam(others(self.transformer), config.learning_rate, betas=(0.9, 0.99), eps=1e-6),
        }
        self._schedules = {name: one_cycle(each, config.steps, 0.05) for name, each in self._optimisers.items()}
        self._hold_out(held_photos, held_styles)

    @torch.no_grad()
    def _hold_out(self, photos: Pictures, styles: Pictures) -> None:
        """Pairs of pictures that are not trained on, and the mean of all shifts of each."""
        count = min(PAIRS, len(photos), len(styles))
        each = [(photos.first_readable(i * len(photos) // count), i) for i in range(count)]
        random = np.random.default_rng(0)
        self.held = torch.stack([random_square(p, self.config.size + 2 * MARGIN, random, 1) for p, _ in each])
        views = [view(styles.first_readable(i * len(styles) // count)) for _, i in each]
        vectors = keeping(torch.cat([self.pair.predictor(one[None]) for one in views]), 0)
        self.held_vectors = for_transformer(self.pair.transformer, vectors)
        ones = zip(self.held.split(1), self.held_vectors.split(1), strict=True)
        means = torch.cat([mean_of_shifts(self.pair.transformer, *one) for one in ones])
        self.held_targets = sharpened(means, self.config.sharpening)

    def networks(self) -> dict[str, nn.Module]:
        return {"transformer": self.transformer}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return self._optimisers

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return self._schedules

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        with self.process.autocast(self.config.precision):
            painted = self.parallel(without_margin(batch["squares"]), batch["vectors"])
        losses = squared_errors(painted.float(), batch["targets"])
        self.transformer.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_(self.transformer.parameters(), 1.0)
        for name, optimiser in self._optimisers.items():
            optimiser.step()
            self._schedules[name].step()
        return losses

    def validate(self, sample: Path) -> tuple[dict[str, float], None]:
        photos, device = without_margin(self.held), self.process.device
        ones = zip(photos.split(1), self.held_vectors.split(1), strict=True)
        painted = torch.cat([self.transformer(p.to(device), v.to(device)).float().cpu() for p, v in ones])
        save_grid(sample, [part[:SHOWN].clamp(0, 1) for part in (photos, self.held_targets, painted)])
        distance = relative_distance(painted, self.held_targets, photos).median().item()
        return {"from_mean": distance, "marks": marks(painted), "marks_of_mean": marks(self.held_targets)}, None

    def published(self) -> dict[str, Any]:
        kept = {name: self.pair.state[name] for name in ("style_space", "photo_mean_vector")}
        return {**super().published(), "predictor": self.pair.predictor.state_dict(), **kept}


def squared_errors(painted: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Mean squared error [] of pictures [N,3,H,W], and of their differences from pixel to pixel, where marks are."""
    error = painted - target
    across, down = error[..., 1:] - error[..., :-1], error[..., 1:, :] - error[..., :-1, :]
    return {"pixels": error.square().mean(), "edges": across.square().mean() + down.square().mean()}


def train(run: Path, config: ShiftedConfig, resume: bool = False) -> None:
    """Train into the folder `run`. Raises what training.common.trainer.train does, and NotARun, NoPictures."""
    config.check()
    kinds = load_pair(Path(config.pair)).config
    config = replace(config, predictor=kinds["predictor"], transformer=kinds.get("transformer", "small"))
    trainer.train(run, config, lambda process: ShiftedRecipe(config, process), resume)


def begin(run: Path, config: ShiftedConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    config.check()
    wanted = dict.fromkeys(config.photos, "photos: a folder or tars of JPEGs")
    require(wanted | dict.fromkeys(config.styles, "style pictures: a folder or tars of JPEGs"))
    train(run, config, resume)


def smoke(folder: Path) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    photos, styles = make_pictures(folder / "photos", 1), make_pictures(folder / "styles", 2)
    config = ShiftedConfig(
        pair=str(make_teacher(folder / "pair")), photos=[str(photos)], styles=[str(styles)], steps=4, batch=2, size=96,
        validate_every=2, save_every=2, precision="float32",
    )  # fmt: skip
    train(folder / "run", config)
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("style-shifted", ShiftedConfig, begin, lambda folder, _: smoke(folder), arguments, __doc__)


if __name__ == "__main__":
    main()
