"""A recipe that trains in a second, for the tests of the trainer: a network learns to give small pictures back.

It may grow in mid-run, as progressive networks do: a layer and its optimiser are exchanged for wider ones, and a
network with an optimiser of its own comes up.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import Dataset

from training.common import trainer
from training.common.devices import Process
from training.common.grid import save_grid
from training.common.options import Options, option
from training.common.pictures import Pictures
from training.common.recipe import Recipe


@dataclass(frozen=True)
class ToyConfig(Options):
    """What the toy can be told."""

    recipe: ClassVar[str] = "toy"

    photos: str = option("", "folder of pictures")
    steps: int = option(30, "steps")
    batch: int = option(4, "pictures a step")
    learning_rate: float = option(1e-3, "of Adam")
    ema: float = option(0.9, "decay of the mean")
    grow_at: int = option(0, "the step before which the network grows; 0: never")
    noise: bool = option(False, "random numbers on the pictures")
    validate_every: int = option(10, "steps between validations", may_change=True)
    save_every: int = option(1, "steps between checkpoints", may_change=True)


class Squares(Dataset):
    """step -> 'photos' [B,3,8,8] in [0,1], and 'skipped' []; the same for the same step."""

    def __init__(self, pictures: Pictures, config: ToyConfig, process: Process):
        self.pictures, self.config = pictures, config
        self.part = range(config.batch)[process.rank :: process.world]

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        numbers = np.random.default_rng((self.config.seed, step)).integers(len(self.pictures), size=self.config.batch)
        return {
            "photos": torch.stack([square(self.pictures.first_readable(int(numbers[i]))) for i in self.part]),
            "skipped": torch.tensor(len(self.pictures.skipped)),
        }


def square(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture.resize((8, 8))).copy()).permute(2, 0, 1).float() / 255


class Toy(Recipe):
    """The recipe's object."""

    averaged = ("body", "detail")

    def __init__(self, config: ToyConfig, process: Process):
        self.config, self.process = config, process
        self.pictures = Pictures([config.photos])
        self.batches = Squares(self.pictures, config, process)
        last = len(self.pictures) - 4
        self.held = torch.stack([square(self.pictures.first_readable(last + i)) for i in range(4)])
        self.parts: dict[str, nn.Module] = {}
        self.optimiser_of: dict[str, torch.optim.Optimizer] = {}
        self._lay_out("body", layers(100))

    def _lay_out(self, name: str, network: nn.Module) -> None:
        self.parts[name] = self.process.move(network)
        self.optimiser_of[name] = torch.optim.Adam(network.parameters(), self.config.learning_rate)

    def _grow(self) -> None:
        former, grown = self.parts["body"].state_dict(), layers(120)
        for key, weight in grown.state_dict().items():
            if weight.shape == former[key].shape:
                weight.copy_(former[key])
        self._lay_out("body", grown)
        self._lay_out("detail", nn.Sequential(nn.Flatten(), nn.Linear(192, 192)))

    def networks(self) -> dict[str, nn.Module]:
        return self.parts

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return self.optimiser_of

    def _reconstruct(self, photos: Tensor) -> Tensor:
        return torch.stack([network(photos) for network in self.parts.values()]).sum(0)

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        if self.config.grow_at and step == self.config.grow_at:
            self._grow()
        photos = batch["photos"] + (0.1 * torch.rand(batch["photos"].shape) if self.config.noise else 0)
        networks = [self.process.parallel(network) for network in self.parts.values()]
        made = torch.stack([network(photos) for network in networks]).sum(0)
        loss = (made - batch["photos"].flatten(1)).square().mean()
        for optimiser in self.optimiser_of.values():
            optimiser.zero_grad()
        loss.backward()
        for optimiser in self.optimiser_of.values():
            optimiser.step()
        return {"loss": loss}

    def validate(self, sample: Path) -> tuple[dict[str, float], float | None]:
        made = self._reconstruct(self.held)
        save_grid(sample, [self.held, made.reshape(self.held.shape)])
        error = (made - self.held.flatten(1)).square().mean().item()
        return {"error": error}, error

    def extra(self) -> dict[str, Any]:
        return {"grown": "detail" in self.parts}

    def restore(self, extra: dict[str, Any]) -> None:
        if extra["grown"] and "detail" not in self.parts:
            self._grow()


def layers(width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Flatten(), nn.Linear(192, 300), nn.BatchNorm1d(300), nn.ReLU(), nn.Linear(300, width), nn.Linear(width, 192)
    )


def train_toy(run: Path, config: ToyConfig, resume: bool = False) -> None:
    trainer.train(run, config, lambda process: Toy(config, process), resume)


def make_photos(folder: Path, count: int = 100) -> Path:
    """So many small pictures."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    for i in range(count):
        Image.fromarray(random.integers(256, size=(8, 8, 3), dtype=np.uint8)).save(folder / f"{i:03d}.png")
    return folder


def differences(one: object, other: object, name: str = "") -> list[str]:
    """Names of what differs between two checkpoints, by the last bit."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for key in one for found in differences(one[key], other[key], f"{name}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for i, pair in pairs for found in differences(*pair, f"{name}[{i}]")]
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return [] if torch.equal(one, other) else [name]
    return [] if one == other else [name]
