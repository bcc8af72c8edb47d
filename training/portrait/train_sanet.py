"""Trains SANet, the style-attentional network: training/portrait/sanet.py.

    python -m training.portrait.train_sanet                     photos from data/content and data/portrait, styles from
                                                                data/style, VGG-19's weights from weights/
    python -m training.portrait.train_sanet --weights torchvision       the paper's levels of VGG-19
    python -m training.portrait.train_sanet --resume runs/sanet         continue a stopped run
    python -m training.portrait.train_sanet --smoke             a test in seconds, on made pictures
    torchrun --nproc-per-node 4 -m -- training.portrait.train_sanet     several GPUs, which share `batch`
    python -m training.portrait.evaluate_sanet runs/sanet       sweeps the weights of both levels on portraits

samples/ shows held-out photos, style pictures, the photos painted in them, and both painted in themselves.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from training.common import trainer, weights
from training.common.command import command_line, require
from training.common.devices import Process
from training.common.grid import save_grid
from training.common.optimisers import one_cycle
from training.common.pictures import Pictures
from training.common.recipe import Recipe
from training.common.squares import centre_square, random_square
from training.common.weights import Weights
from training.portrait.config import SanetConfig
from training.portrait.sanet import SaNet
from training.portrait.sanet_losses import SanetLosses
from training.portrait.smoke import make_backgrounds, make_portraits

MEASURED, SHOWN = 20, 5  # held-out pairs
LEAST = 0.5  # of a picture's shorter side, that a square is cut from


class Squares(Dataset):
    """step -> {'photos': [B,3,S,S], 'styles': [B,3,S,S], both in [0,1], 'skipped': []}: random cuts, mirrored or not.

    'skipped' counts the broken pictures met so far. `part` of `parts` processes takes its share of each batch.
    """

    def __init__(self, photos: Pictures, styles: Pictures, config: SanetConfig, part: int = 0, parts: int = 1):
        self.photos, self.styles, self.config = photos, styles, config
        self.share = range(part * config.batch // parts, (part + 1) * config.batch // parts)

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        return {
            "photos": torch.stack([self._square(self.photos, (1, step, i)) for i in self.share]),
            "styles": torch.stack([self._square(self.styles, (2, step, i)) for i in self.share]),
            "skipped": torch.tensor(len(self.photos.skipped | self.styles.skipped)),
        }

    def _square(self, pictures: Pictures, numbers: tuple[int, ...]) -> Tensor:
        random = np.random.default_rng((self.config.seed, *numbers))
        picture = pictures.first_readable(int(random.integers(len(pictures))))
        return random_square(picture, self.config.size, random, LEAST)


class SanetRecipe(Recipe):
    """The network as the trainer trains it; without `weights` (the tests) its encoder is random."""

    averaged = ("sanet",)

    def __init__(self, config: SanetConfig, weights: Weights, process: Process):
        self.config, self.process = config, process
        photos, held_photos = Pictures(config.photos).split(config.held_out)
        styles, held_styles = Pictures(config.styles).split(config.held_out)
        self.batches = Squares(photos, styles, config, process.rank, process.world)
        count = min(MEASURED, len(held_photos), len(held_styles))
        self.held = [spread(held, count, config.size).to(process.device) for held in (held_photos, held_styles)]
        network = SaNet(config.levels)
        if weights:
            network.encoder.vgg.load_imagenet(weights["vgg19"])
        self.network = process.move(network)
        self.network.begin(self.held[0])
        self.losses = SanetLosses(self.network, config)
        self.parallel = process.parallel(self.losses)
        learning = [each for each in self.network.parameters() if each.requires_grad]
        self.optimiser = torch.optim.Adam(learning, config.learning_rate)
        self.schedule = one_cycle(self.optimiser, config.steps)

    def networks(self) -> dict[str, nn.Module]:
        return {"sanet": self.network}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"adam": self.optimiser}

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return {"adam": self.schedule}

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        pictures = (batch[name].contiguous(memory_format=torch.channels_last) for name in ("photos", "styles"))
        with self.process.autocast(self.config.precision):
            losses = self.parallel(*pictures)
        self.optimiser.zero_grad(set_to_none=True)
        losses["total"].backward()
        self.optimiser.step()
        self.schedule.step()
        return losses

    def validate(self, sample: Path) -> tuple[dict[str, float], float]:
        """The losses of held-out pairs; the lowest total counts."""
        parts = [self.losses(*pair) for pair in zip(*(each.split(5) for each in self.held), strict=True)]
        photos, styles = (each[:SHOWN] for each in self.held)
        pairs = ((photos, styles), (photos, photos), (styles, styles))
        save_grid(sample, [photos, styles, *(self.network(*pair) for pair in pairs)])
        figures = {name: torch.stack([part[name] for part in parts]).mean().item() for name in parts[0]}
        return figures, figures["total"]


def spread(pictures: Pictures, count: int, size: int) -> Tensor:
    """Centre squares of so many pictures, from all over the list, [count,3,size,size] in [0,1]."""
    chosen = (pictures.first_readable(i * len(pictures) // count) for i in range(count))
    return torch.stack([centre_square(picture, size) for picture in chosen])


def train(run: Path, config: SanetConfig, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the tests) the encoder is random."""
    config.check()
    trainer.train(run, config, lambda process: SanetRecipe(config, weights or {}, process), resume)


def begin(run: Path, config: SanetConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    pictures = dict.fromkeys(config.photos, "photos") | dict.fromkeys(config.styles, "style pictures")
    require(pictures | weights.needed(config.weights, ["vgg19"]))
    train(run, config, resume, weights.read(config.weights, ["vgg19"]))


def levels(given: dict[str, Any]) -> dict[str, Any]:
    """The paper's levels where the weights that are named hold all of VGG-19."""
    found = weights.find(given.get("weights", SanetConfig().weights), "vgg19")
    return {"levels": "paper"} if found and "torchvision" in found.layout.title else {}


def smoke(folder: Path, config: SanetConfig) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    made: dict[str, Any] = {
        "photos": [str(make_portraits(folder / "photos"))],
        "styles": [str(make_backgrounds(folder / "styles"))],
    }
    tiny: dict[str, Any] = {"steps": 4, "batch": 2, "size": 64, "validate_every": 2, "save_every": 2, "start": ""}
    train(folder / "run", replace(config, **made, **tiny, precision="float32"))
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("sanet", SanetConfig, begin, smoke, arguments, __doc__, defaults=levels)


if __name__ == "__main__":
    main()
