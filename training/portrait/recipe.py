"""The recipe of the person mask: AdamW, one cycle of the learning rate, lower for the pretrained encoder."""

from pathlib import Path

import torch
from torch import Tensor, nn

from training.common import trainer, weights
from training.common.command import require
from training.common.devices import Process
from training.common.optimisers import one_cycle, pretrained_groups
from training.common.pictures import Pictures
from training.common.recipe import Recipe
from training.common.weights import Weights
from training.portrait.batches import Batches
from training.portrait.config import MaskConfig
from training.portrait.losses import MaskLosses
from training.portrait.mask import MaskNetwork
from training.portrait.masked import Masked
from training.portrait.networks import network_of
from training.portrait.validation import Validation

ALARMS = 0.1  # of the score: an alarm in ten photos weighs as much as one per cent of overlap


class MaskRecipe(Recipe):
    """The network as the trainer trains it; without `weights` (the tests) it begins at random."""

    averaged = ("mask",)

    def __init__(self, config: MaskConfig, weights: Weights, process: Process):
        self.config, self.process = config, process
        network = network_of(config.network, config.width)
        if weights and isinstance(network, MaskNetwork):
            network.encoder.load_imagenet(weights["mobilenet"])
        self.network = process.move(network)
        self.parallel = process.parallel(MaskLosses(self.network))
        self.optimiser = torch.optim.AdamW(self._groups(), weight_decay=1e-4)
        self.schedule = one_cycle(self.optimiser, config.steps)
        training, held = Masked(config.portraits).split(config.held_out)
        labelled = [Masked(config.labelled)] if config.labelled else []
        backgrounds, empty = Pictures(config.backgrounds).split(config.held_out)
        self.batches = Batches([training, *labelled], backgrounds, config, process.rank, process.world)
        self.validation = Validation(held, empty, process.device)

    def _groups(self) -> list[dict]:
        """MobileNetV2 and what is new, each with its learning rate; of SegNet all is new."""
        rate = self.config.learning_rate
        if not isinstance(self.network, MaskNetwork):
            return [{"params": list(self.network.parameters()), "lr": rate}]
        return pretrained_groups(self.network, self.network.encoder, rate)

    def networks(self) -> dict[str, nn.Module]:
        return {"mask": self.network}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"adam": self.optimiser}

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return {"adam": self.schedule}

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        photos = batch["photos"].contiguous(memory_format=torch.channels_last)
        with self.process.autocast(self.config.precision):
            losses = self.parallel(photos, batch["masks"])
        self.optimiser.zero_grad(set_to_none=True)
        losses["total"].backward()
        self.optimiser.step()
        self.schedule.step()
        return losses

    def validate(self, sample: Path) -> tuple[dict[str, float], float]:
        figures = self.validation.figures(self.network, sample)
        return figures, ALARMS * figures["false_alarms"] - figures["iou"]


def pretrained(config: MaskConfig) -> list[str]:
    """The pretrained networks that the configured one begins with."""
    return ["mobilenet"] if config.network == "mask" else []


def train(run: Path, config: MaskConfig, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the tests) the network begins at random."""
    config.check()
    trainer.train(run, config, lambda process: MaskRecipe(config, weights or {}, process), resume)


def begin(run: Path, config: MaskConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    wanted = dict.fromkeys([*config.portraits, *config.labelled], "photos of people, each with its mask")
    wanted |= dict.fromkeys(config.backgrounds, "photos without people")
    require(wanted | weights.needed(config.weights, pretrained(config)))
    train(run, config, resume, weights.read(config.weights, pretrained(config)))
