"""Trains the network that enlarges style pictures, on the Gram matrices that are the targets of the style trainings.

    python -m training.style.train_enlarger                      style pictures from data/style, weights from weights/
    python -m training.style.train_enlarger --resume runs/enlarger    continue a stopped run
    python -m training.style.train_enlarger --smoke              a test in seconds, on generated pictures
    torchrun --nproc-per-node 4 -m -- training.style.train_enlarger   several GPUs, which share `batch`

Style pictures are reduced and interpolated back to their size; the targets are the Gram matrices (of VGG-16 and
Inception-v3) of the originals. 800 steps take eight minutes on two cores. Name the run directory in `--enlarger` of the
other recipes. samples/ shows the pictures interpolated, sharpened, and the originals.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import Dataset

from training.common import trainer, weights
from training.common.command import command_line, require
from training.common.devices import Process
from training.common.grid import save_grid
from training.common.optimisers import one_cycle
from training.common.pictures import NoPictures, Pictures
from training.common.recipe import Recipe
from training.common.squares import to_tensor
from training.common.weights import Weights
from training.style.config import HELD_OUT, EnlargerConfig
from training.style.enlarger import LEAST, Enlarger, interpolated
from training.style.losses import PerceptualLosses
from training.style.smoke import make_pictures

MEASURED, SHOWN = 24, 6
LOSS_NETWORKS = ["vgg16", "inception"]
MOST = 2.0  # reduced by: squares of 192 px are enlarged by as much


class Reductions(Dataset):
    """step -> {'soft': [B,3,S,S], 'sharp': [B,3,S,S], 'skipped': []}: squares of style pictures, in their own pixels.

    'soft' are the same with the detail of smaller ones. `part` of `parts` processes takes its share of each batch.
    """

    def __init__(self, pictures: Pictures, config: EnlargerConfig, part: int = 0, parts: int = 1):
        self.pictures, self.config, self.part, self.parts = pictures, config, part, parts

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        c = self.config
        share = range(self.part * c.batch // self.parts, (self.part + 1) * c.batch // self.parts)
        randoms = [np.random.default_rng((c.seed, step, i)) for i in share]
        sharp = [self._cut(random) for random in randoms]
        return {
            "soft": torch.stack([softened(square, random) for square, random in zip(sharp, randoms, strict=True)]),
            "sharp": torch.stack([to_tensor(square) for square in sharp]),
            "skipped": torch.tensor(len(self.pictures.skipped)),
        }

    def _cut(self, random: np.random.Generator) -> Image.Image:
        """A square of the first picture that is large enough, from a random one on. Raises NoPictures."""
        side, first = self.config.side, int(random.integers(len(self.pictures)))
        for number in range(first, first + len(self.pictures)):
            picture = self.pictures.first_readable(number % len(self.pictures))
            if min(picture.size) >= side:
                left, top = (int(random.integers(length - side + 1)) for length in picture.size)
                square = picture.crop((left, top, left + side, top + side))
                return square.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else square
        raise NoPictures(f"no style picture has {side} px: name larger ones, or a smaller --side")


def softened(square: Image.Image, random: np.random.Generator) -> Tensor:
    """The square reduced by 1.5 to 2 and interpolated to its size again, [3,S,S] in [0,1]."""
    small = round(square.width / random.uniform(LEAST, MOST))
    return interpolated(square.resize((small, small), Image.Resampling.LANCZOS), square.width)[0]


class Objective(nn.Module):
    """The enlarger and its losses, as one module."""

    def __init__(self, weights: Weights):
        super().__init__()
        self.enlarger, self.losses = Enlarger(), PerceptualLosses()
        if weights:
            self.losses.load_imagenet(weights["vgg16"], weights["inception"])

    def forward(self, soft: Tensor, sharp: Tensor) -> dict[str, Tensor]:
        """Losses by name, their sum as `total`: Gram matrices by layer, and `pixels` that they might leave adrift."""
        sharpened = self.enlarger(soft)
        distances = self.losses.distances(self.losses.features(sharpened), self.losses.grams(sharp))
        losses = {name: distance.mean() for name, distance in distances.items()}
        losses["pixels"] = (sharpened - sharp).abs().mean()
        total = sum(distance.log1p().mean() for distance in distances.values()) + losses["pixels"]
        return {**losses, "total": total}


class EnlargerRecipe(Recipe):
    """The enlarger as the trainer trains it; without `weights` (the smoke test) the loss networks are random."""

    averaged = ("enlarger",)

    def __init__(self, config: EnlargerConfig, weights: Weights, process: Process):
        self.config, self.process = config, process
        self.objective = process.move(Objective(weights))
        self.parallel = process.parallel(self.objective)
        self.optimiser = torch.optim.Adam(self.objective.enlarger.parameters(), config.learning_rate)
        self.schedule = one_cycle(self.optimiser, config.steps)
        pictures, held_out = Pictures(config.styles).split(HELD_OUT)
        self.batches = Reductions(pictures, config, process.rank, process.world)
        held = Reductions(held_out, replace(config, batch=MEASURED))[0]
        self.held = {name: part.to(process.device) for name, part in held.items()}

    def networks(self) -> dict[str, nn.Module]:
        return {"enlarger": self.objective.enlarger}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"adam": self.optimiser}

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return {"adam": self.schedule}

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        with self.process.autocast(self.config.precision):
            losses = self.parallel(batch["soft"], batch["sharp"])
        self.optimiser.zero_grad(set_to_none=True)
        losses["total"].backward()
        self.optimiser.step()
        self.schedule.step()
        return losses

    def validate(self, sample: Path) -> tuple[dict[str, float], float]:
        held = self.held
        fours = zip(held["soft"].split(4), held["sharp"].split(4), strict=True)
        parts = [self.objective(soft, sharp) for soft, sharp in fours]
        figures = {name: torch.stack([part[name] for part in parts]).mean().item() for name in parts[0]}
        sharpened = self.objective.enlarger(held["soft"][:SHOWN])
        save_grid(sample, [held["soft"][:SHOWN], sharpened, held["sharp"][:SHOWN]])
        return figures, figures["total"]


def train(run: Path, config: EnlargerConfig, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the smoke test) the loss networks are random."""
    trainer.train(run, config, lambda process: EnlargerRecipe(config, weights or {}, process), resume)


def begin(run: Path, config: EnlargerConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    pictures = dict.fromkeys(config.styles, "style pictures: a folder or tars of JPEGs")
    require(pictures | weights.needed(config.weights, LOSS_NETWORKS))
    train(run, config, resume, weights.read(config.weights, LOSS_NETWORKS))


def smoke(folder: Path) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    styles = make_pictures(folder / "styles", 2)
    config = EnlargerConfig(
        styles=[str(styles)], steps=4, batch=2, side=64, validate_every=2, save_every=2, precision="float32"
    )
    train(folder / "run", config)
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("enlarger", EnlargerConfig, begin, lambda folder, _: smoke(folder), arguments, __doc__)


if __name__ == "__main__":
    main()
