"""Trains the network that knows a street's layers, by day and by night: training/daynight/scene.py.

    python -m training.daynight.train_scene                     labelled photos from data/street, weights from weights/
    python -m training.daynight.train_scene --resume runs/scene        continue a stopped run
    python -m training.daynight.train_scene --smoke             a test in seconds, on made pictures
    torchrun --nproc-per-node 4 -m -- training.daynight.train_scene    several GPUs, which share `batch`
    python -m training.daynight.evaluate_scene runs/scene       intersection over union on the test photos

Half of the photos are turned into nights, whose labels are known (labelled.py). samples/ shows held-out photos, their
labels and the network's, then the same as nights.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from training.common import trainer, weights
from training.common.command import command_line, require
from training.common.devices import Process
from training.common.grid import save_grid
from training.common.optimisers import one_cycle, pretrained_groups
from training.common.recipe import Recipe
from training.common.squares import to_tensor
from training.common.weights import Weights
from training.daynight.config import SceneConfig
from training.daynight.labelled import BUILDING, Labelled, Streets, confusion, intersections, made_night, of_class
from training.daynight.scene import (
    CLASSES,
    FACADE,
    LIGHTS,
    MULTIPLE,
    NO_LIGHT,
    NO_SKY,
    OTHER_THAN,
    UNLABELLED,
    WINDOW,
    SceneNetwork,
)
from training.daynight.smoke import make_labelled_streets

SHOWN, MEASURED = 6, 60
COLOURS = torch.tensor(
    [(135, 190, 245), (150, 110, 90), (250, 220, 90), (90, 90, 100), (190, 170, 190), (70, 150, 70), (240, 120, 40),
     (150, 150, 60), (60, 70, 200), (220, 50, 60), (200, 60, 170), (0, 0, 0), (40, 40, 40), (70, 70, 70)]
) / 255  # fmt: skip
# nobody has drawn the windows of these; fences are relit as buildings
LIGHTS_UNKNOWN = torch.tensor((BUILDING, CLASSES.index("fence"), UNLABELLED, NO_SKY))
LIGHTS_WEIGHT = 3.0  # of their loss


class SceneRecipe(Recipe):
    """The network as the trainer trains it; without `weights` (the smoke test) it begins at random."""

    averaged = ("scene",)

    def __init__(self, config: SceneConfig, weights: Weights, process: Process):
        self.config, self.process = config, process
        network = SceneNetwork()
        if weights:
            network.encoder.load_imagenet(weights["mobilenet"])
        self.network = process.move(network)
        self.parallel = process.parallel(self.network)
        groups = pretrained_groups(network, network.encoder, config.learning_rate)
        self.optimiser = torch.optim.AdamW(groups, weight_decay=1e-4)
        self.schedule = one_cycle(self.optimiser, config.steps)
        self.batches = Streets(Labelled(config.labelled, "train"), config, process.rank, process.world)
        self.held = Labelled(config.labelled, "val")

    def networks(self) -> dict[str, nn.Module]:
        return {"scene": self.network}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"adam": self.optimiser}

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return {"adam": self.schedule}

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        photos, labels = (batch[name].to(self.process.device) for name in ("photos", "labels"))
        with self.process.autocast(self.config.precision):
            classes, lights = self.parallel(photos)
        losses = {"classes": cross_entropy(classes, of_class(labels)), "lights": lights_entropy(lights, labels)}
        loss = losses["classes"] + LIGHTS_WEIGHT * losses["lights"]
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.schedule.step()
        return {"loss": loss, **losses}

    def validate(self, sample: Path) -> tuple[dict[str, float], float]:
        """Intersection over union on held-out photos, on nights made of them, and of lights; those of classes count."""
        figures: dict[str, float] = {}
        rows: list[Tensor] = []
        for name, night in (("", False), ("night_", True)):
            confused, shown = measured(self.network, self.held, self.process.device, night, MEASURED)
            found = intersections(confused)
            figures |= {f"{name}{each}": found[each] for each in ("sky", "mean") if each in found}
            rows += shown
        save_grid(sample, rows)
        figures |= lights_found(self.network, self.held, self.process.device)
        return figures, -figures["mean"] - figures["night_mean"]


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Logits [N,11,H,W] and labels [N,H,W] -> the mean over all places whose label says anything, []."""
    likely = F.log_softmax(logits, 1)
    known = F.nll_loss(likely, labels.clamp(max=UNLABELLED), ignore_index=UNLABELLED, reduction="sum")
    for label, names in OTHER_THAN.items():
        excluded = likely[:, [CLASSES.index(name) for name in names]].exp().sum(1)[labels == label]
        known = known - torch.log1p(-excluded.clamp(max=1 - 1e-6)).sum()
    return known / (labels != UNLABELLED).sum().clamp(min=1)


def lights_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Logits of LIGHTS [N,2,H,W] and labels [N,H,W] -> the mean over the places where they are known, []."""
    drawn, known = lights_of(labels)
    entropy = F.binary_cross_entropy_with_logits(logits, drawn.float(), reduction="none")
    return (entropy * known).sum() / known.sum().clamp(min=1)


def lights_of(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Labels [N,H,W] -> where each of LIGHTS is, and where that is known, [N,2,H,W]; facades hide single windows."""
    known = (labels <= NO_LIGHT) & torch.isin(labels, LIGHTS_UNKNOWN.to(labels.device), invert=True)
    drawn = torch.stack([labels == label for label in LIGHTS.values()], 1)
    return drawn, torch.stack([known & (labels != FACADE), known], 1)


@torch.no_grad()
def measured(
    network: nn.Module, labelled: Labelled, device: torch.device, night: bool, most: int
) -> tuple[Tensor, list[Tensor]]:
    """The confusion of at most so many photos, each whole, and rows of the first: photos, labels, predictions."""
    confused = torch.zeros(len(CLASSES), len(CLASSES), dtype=torch.long)
    shown: list[tuple[Tensor, Tensor, Tensor]] = []
    for i in range(min(most, len(labelled))):
        photo, labels = squared(*labelled.read(i * len(labelled) // min(most, len(labelled))))
        pixels, truth = np.asarray(photo, np.float32) / 255, of_class(torch.from_numpy(np.array(labels, np.int64)))
        seen = made_night(pixels, truth.numpy(), np.random.default_rng(i)) if night else pixels
        x = torch.from_numpy(seen).permute(2, 0, 1)[None].to(device)
        predicted = network(x)[0].argmax(1)[0].cpu()
        confused += confusion(predicted, truth)
        if len(shown) < SHOWN:
            shown.append((x[0].cpu(), COLOURS[truth].permute(2, 0, 1), COLOURS[predicted].permute(2, 0, 1)))
    return confused, [torch.stack(row) for row in zip(*shown, strict=True)]


@torch.no_grad()
def lights_found(network: nn.Module, labelled: Labelled, device: torch.device) -> dict[str, float]:
    """Intersection over union of each of LIGHTS, over all photos whose windows are known."""
    both, either = torch.zeros(len(LIGHTS)), torch.zeros(len(LIGHTS))
    for photo, labels in (squared(*labelled.read(i)) for i in range(len(labelled))):
        classes = torch.from_numpy(np.array(labels, np.int64))[None]
        if not (classes >= WINDOW).any():
            continue
        drawn, known = lights_of(classes)
        found = (network(to_tensor(photo)[None].to(device))[1].cpu() > 0) & known
        both += (found & drawn).sum((0, 2, 3))
        either += (found | drawn).sum((0, 2, 3))
    return {name: (both[i] / either[i]).item() for i, name in enumerate(LIGHTS) if either[i] > 0}


def squared(photo: Image.Image, labels: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Both with sides cut to multiples of 32."""
    box = (0, 0, photo.width // MULTIPLE * MULTIPLE, photo.height // MULTIPLE * MULTIPLE)
    return photo.crop(box), labels.crop(box)


def train(run: Path, config: SceneConfig, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the smoke test) the network begins at random."""
    trainer.train(run, config, lambda process: SceneRecipe(config, weights or {}, process), resume)


def begin(run: Path, config: SceneConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    pictures = dict.fromkeys(config.labelled, "street photos with labels")
    require(pictures | weights.needed(config.weights, ["mobilenet"]))
    train(run, config, resume, weights.read(config.weights, ["mobilenet"]))


def smoke(folder: Path, config: SceneConfig) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    labelled = [str(make_labelled_streets(folder / "streets"))]
    tiny: dict[str, Any] = {
        "steps": 4,
        "batch": 2,
        "size": 64,
        "validate_every": 2,
        "save_every": 2,
        "precision": "float32",
    }
    train(folder / "run", replace(config, labelled=labelled, start="", **tiny))
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("scene", SceneConfig, begin, smoke, arguments, __doc__)


if __name__ == "__main__":
    main()
