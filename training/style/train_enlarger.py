"""Trains the network that enlarges style pictures, on the Gram matrices that the styles' trainings aim at.

    python -m training.style.train_enlarger                      style pictures from data/style, weights from weights/
    python -m training.style.train_enlarger --resume runs/enlarger    go on after a stop of any kind
    python -m training.style.train_enlarger --smoke              seconds, on pictures it makes itself
    torchrun --nproc-per-node 4 -m -- training.style.train_enlarger   several GPUs; `batch` is shared out

Style pictures are reduced and interpolated to their size; their Gram matrices, VGG-16's and Inception-v3's, shall
become what they were. 800 steps take eight minutes on two cores. The run directory is what `--enlarger` of the other
recipes names; samples/ shows pictures interpolated, sharpened, and as they were.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset

from training.common import runs
from training.common.command import command_line, require
from training.common.config import option
from training.common.devices import Place, fastest_precision, place
from training.common.grid import save_grid
from training.common.log import Log
from training.common.pictures import NoPictures, Pictures
from training.common.squares import to_tensor
from training.style.enlarger import LEAST, Enlarger, interpolated
from training.style.losses import PerceptualLosses
from training.style.recipe import Weights, imagenet, places
from training.style.smoke import make_pictures

RECIPE = "enlarger"
HELD_OUT, SHOWN = 24, 6
EYES = ["vgg16", "inception"]
MOST = 2.0  # reduced by: squares of 192 px are enlarged by as much


@dataclass(frozen=True)
class Config:
    """Everything a training depends on."""

    styles: list[str] = option(["data/style"], "folders or tars of style pictures")
    weights: str = option("weights", "folder of the ImageNet weights")
    steps: int = option(800, "steps of the optimiser")
    batch: int = option(4, "squares a step; an even share for each process")
    side: int = option(224, "side of the squares, px: at most the pictures'")
    learning_rate: float = option(2e-3, "Adam's")
    validate_every: int = option(150, "steps between validations, samples and choices of the best")
    save_every: int = option(50, "steps between checkpoints")
    seed: int = option(0, "of pictures and initial weights")
    precision: str = option(fastest_precision(), "arithmetic of the networks", choices=["float32", "bfloat16"])


class Reductions(Dataset):
    """step -> {'soft': [B,3,S,S], 'sharp': [B,3,S,S], 'skipped': []}: squares of style pictures, in their own pixels.

    'soft' are the same with the detail of smaller ones. `part` of `parts` processes takes its share of each batch.
    """

    def __init__(self, pictures: Pictures, config: Config, part: int = 0, parts: int = 1):
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


class Likeness(nn.Module):
    """The enlarger and its loss, which several processes can share."""

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


class Training:
    """A run in progress: network, optimiser, step, and where they are saved."""

    def __init__(self, run: Path, config: Config, here: Place, weights: Weights):
        self.run, self.config, self.here = run, config, here
        torch.manual_seed(config.seed)
        self.likeness = Likeness(weights).to(device=here.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimiser = torch.optim.Adam(self.likeness.enlarger.parameters(), config.learning_rate)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, config.learning_rate, total_steps=config.steps + 1, pct_start=0.1, cycle_momentum=False
        )
        self.step, self.best = 0, float("inf")

    def train(self, log: Log, batches: DataLoader, held: dict[str, Tensor]) -> None:
        """All steps that are left; `batches` begins at the present one."""
        several = self.here.world > 1
        likeness = DistributedDataParallel(self.likeness, broadcast_buffers=False) if several else self.likeness
        for batch in batches:
            log.step(self.step, self._update(likeness, batch), skipped=int(batch["skipped"]))
            self.step += 1
            last = self.step == self.config.steps
            if self.here.rank == 0 and (last or self.step % self.config.validate_every == 0):
                self._validate(log, held)
            if self.here.rank == 0 and (last or self.step % self.config.save_every == 0):
                log.write(self.step)
                runs.save(self.run / "last.pt", self.state())

    def _update(self, likeness: nn.Module, batch: dict[str, Tensor]) -> dict[str, float]:
        with self.here.autocast(self.config.precision):
            losses = likeness(batch["soft"].to(self.here.device), batch["sharp"].to(self.here.device))
        self.optimiser.zero_grad(set_to_none=True)
        losses["total"].backward()
        self.optimiser.step()
        self.schedule.step()
        return {name: loss.item() for name, loss in losses.items()}

    @torch.no_grad()
    def _validate(self, log: Log, held: dict[str, Tensor]) -> None:
        parts = []
        with self.here.autocast(self.config.precision):
            for soft, sharp in zip(held["soft"].split(4), held["sharp"].split(4), strict=True):
                parts.append(self.likeness(soft, sharp))
            sharpened = self.likeness.enlarger(held["soft"][:SHOWN])
        figures = {name: torch.stack([part[name] for part in parts]).mean().item() for name in parts[0]}
        rows = [held["soft"][:SHOWN], sharpened, held["sharp"][:SHOWN]]
        save_grid(self.run / "samples" / f"{self.step:06d}.jpg", rows)
        log.say(f"step {self.step}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        log.write(self.step, **{f"held_out_{name}": value for name, value in figures.items()})
        if figures["total"] < self.best:
            self.best = figures["total"]
            metrics = {**{name: round(value, 4) for name, value in figures.items()}, "step": self.step}
            runs.save(self.run / "best.pt", {"enlarger": self.likeness.enlarger.state_dict(), "metrics": metrics})

    def state(self) -> dict:
        """Everything that a resumed run needs."""
        parts = {"optimiser": self.optimiser.state_dict(), "schedule": self.schedule.state_dict()}
        return {"enlarger": self.likeness.enlarger.state_dict(), **parts, "step": self.step, "best": self.best}

    def restore(self, state: dict) -> None:
        """Go on from what `state` saved."""
        self.likeness.enlarger.load_state_dict(state["enlarger"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.step, self.best = state["step"], state["best"]


def train(run: Path, config: Config, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the smoke test) the losses' networks are random."""
    here = place()
    pictures, held_out = Pictures(config.styles).split(32)
    held = {
        name: part.to(here.device) for name, part in Reductions(held_out, replace(config, batch=HELD_OUT))[0].items()
    }
    training = Training(run, config, here, weights or {})
    if resume:
        training.restore(runs.load(run))
    elif here.rank == 0:
        runs.create(run, RECIPE, config)
    reductions = Reductions(pictures, config, here.rank, here.world)
    steps = range(training.step, config.steps)
    loader = DataLoader(reductions, batch_size=None, sampler=steps, num_workers=1, prefetch_factor=4)
    log = Log(run, training.step, config.steps, here.rank == 0)
    try:
        training.train(log, loader, held)
    finally:
        log.close()


def begin(run: Path, config: Config, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    weights = Path(config.weights)
    require(dict.fromkeys(config.styles, "style pictures: a folder or tars of JPEGs") | places(weights, EYES))
    train(run, config, resume, imagenet(weights, EYES))


def smoke(folder: Path) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    styles = make_pictures(folder / "styles", 2)
    config = Config(
        styles=[str(styles)], steps=4, batch=2, side=64, validate_every=2, save_every=2, precision="float32"
    )
    train(folder / "run", config)
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line(RECIPE, Config, begin, lambda folder, _: smoke(folder), arguments, __doc__)


if __name__ == "__main__":
    main()
