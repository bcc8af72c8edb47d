"""The recipe of both translators, CycleGAN and UNIT: generator and discriminator steps in turn."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from training.common import trainer, weights
from training.common.command import require
from training.common.devices import Process
from training.common.pictures import Pictures
from training.common.recipe import Recipe
from training.common.weights import Weights
from training.daynight.batches import Batches, ImagePool
from training.daynight.config import Config
from training.daynight.constants import DOMAINS
from training.daynight.kernel import REMEMBERED, KernelDistance
from training.daynight.losses import PerceptualDistance, discriminator_loss
from training.daynight.networks import DISCRIMINATORS, TRANSLATORS
from training.daynight.validation import Validation

REAL_BATCH, REAL_STEPS = 8, 128  # squares of each domain that the kernel distance learns from


class Discriminators(nn.Module):
    """The discriminator of each domain, and their losses."""

    def __init__(self, config: Config):
        super().__init__()
        network = DISCRIMINATORS[config.discriminator]
        self.networks = nn.ModuleDict({domain: network(config.discriminator_width) for domain in DOMAINS})

    def forward(self, real: dict[str, Tensor], fake: dict[str, Tensor]) -> dict[str, Tensor]:
        """Losses by name, the `total` among them."""
        losses = {
            f"discriminator_{domain}": discriminator_loss(network(real[domain]), network(fake[domain]))
            for domain, network in self.networks.items()
        }
        return {**losses, "total": torch.stack(list(losses.values())).sum()}


class DayNightRecipe(Recipe):
    """Translators and discriminators as the trainer trains them; without `weights` the loss networks are random."""

    averaged = ("translators",)

    def __init__(self, config: Config, weights: Weights, process: Process):
        self.config, self.process = config, process
        self.translators = process.move(TRANSLATORS[config.recipe](config))
        self.discriminators = process.move(Discriminators(config))
        self.loss_networks = {name: process.move(each) for name, each in loss_networks(config, weights).items()}
        if config.compiled:
            self._compile()
        self.parallel = process.parallel(self.translators), process.parallel(self.discriminators)
        self._optimisers = {name: self._adam(network) for name, network in self.networks().items()}
        self._schedules = {name: self._linear(optimiser) for name, optimiser in self._optimisers.items()}
        self.pools = {domain: ImagePool() for domain in DOMAINS}
        (day, held_day), (night, held_night) = open_pictures(config.day, config), open_pictures(config.night, config)
        self.batches = Batches(day, night, config, process.rank, process.world)
        self.validation = Validation(held_day, held_night, config.size, process.device)
        self.squares = Batches(day, night, replace(config, seed=config.seed + 1, batch=REAL_BATCH, steps=REAL_STEPS))
        if "kernel" in self.loss_networks:
            self._learn_real(self.loss_networks["kernel"])

    def _compile(self) -> None:
        for network in [*self.translators.children(), *self.discriminators.networks.values()]:
            for part in network.values() if isinstance(network, nn.ModuleDict) else [network]:
                part.compile()

    def _adam(self, network: nn.Module) -> torch.optim.Optimizer:
        return torch.optim.Adam(network.parameters(), self.config.learning_rate, betas=(0.5, 0.999))

    def _linear(self, optimiser: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LRScheduler:
        """The learning rate stays, and falls to 0 over the second half."""
        return torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, 2 * (1 - step / self.config.steps)))

    def networks(self) -> dict[str, nn.Module]:
        return {"translators": self.translators, "discriminators": self.discriminators}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return self._optimisers

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return self._schedules

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        """One step of the translators, then one of the discriminators."""
        if step == 0 and "kernel" in self.loss_networks:
            self._remember_translations(self.loss_networks["kernel"])
        translators, discriminators = self.parallel
        real = {domain: self._pictures(batch[domain]) for domain in DOMAINS}
        self.discriminators.requires_grad_(False)
        with self.process.autocast(self.config.precision):
            losses, fake = translators(real["day"], real["night"], self.discriminators.networks, **self.loss_networks)
        self._descend("translators", losses["total"])
        self.discriminators.requires_grad_(True)
        random = np.random.default_rng((self.config.seed, 4, step, self.process.rank))
        fake = {domain: self._pictures(self.pools[domain].query(fake[domain], random)) for domain in DOMAINS}
        with self.process.autocast(self.config.precision):
            judged = discriminators(real, fake)
        self._descend("discriminators", judged.pop("total"))
        return {**losses, **judged}

    def _pictures(self, pictures: Tensor) -> Tensor:
        return pictures.to(self.process.device).contiguous(memory_format=torch.channels_last)

    def _descend(self, name: str, loss: Tensor) -> None:
        self._optimisers[name].zero_grad(set_to_none=True)
        loss.backward()
        self._optimisers[name].step()
        self._schedules[name].step()

    def validate(self, sample: Path) -> tuple[dict[str, float], None]:
        return self.validation.figures(self.translators, sample), None

    def published(self) -> dict[str, Any]:
        return {"translators": self.translators.state_dict()}

    def extra(self) -> dict[str, Any]:
        """The first process's pooled pictures stand for those of all."""
        return {
            "pool": {domain: pool.pictures for domain, pool in self.pools.items()},
            "remembered": self._remembered(),
        }

    def restore(self, extra: dict[str, Any]) -> None:
        for domain, pool in self.pools.items():
            pool.pictures = extra["pool"][domain]
        for name, features in self._remembered().items():
            features.copy_(extra["remembered"][name])

    def _remembered(self) -> dict[str, Tensor]:
        """The kernel distance's features of former translations, by buffer name; none without it."""
        return dict(self.loss_networks["kernel"].named_buffers()) if "kernel" in self.loss_networks else {}

    @torch.no_grad()
    def _learn_real(self, distance: KernelDistance) -> None:
        """Tell the kernel distance what real pictures of both domains look like, cut as in training."""
        features: dict[str, list[Tensor]] = {domain: [] for domain in DOMAINS}
        for number in tqdm(range(len(self.squares)), desc="real pictures", dynamic_ncols=True, leave=False):
            batch = self.squares[number]
            with self.process.autocast(self.config.precision):
                for domain in DOMAINS:
                    features[domain].append(distance.features(self._pictures(batch[domain])))
        distance.learn({domain: torch.cat(parts) for domain, parts in features.items()})

    @torch.no_grad()
    def _remember_translations(self, distance: KernelDistance) -> None:
        """Let the kernel distance remember what the translators make now, as if they had been trained before."""
        for number in range(REMEMBERED // REAL_BATCH):
            batch = self.squares[number]
            with self.process.autocast(self.config.precision):
                distance(self.translators.day_to_night(self._pictures(batch["day"])), "night")
                distance(self.translators.night_to_day(self._pictures(batch["night"])), "day")


def loss_networks(config: Config, weights: Weights) -> dict[str, Any]:
    """The frozen networks of the configured losses, by the translators' names for them."""
    found: dict[str, Any] = {}
    needed = pretrained(config).values()
    if "vgg16" in needed:
        found["perceptual"] = PerceptualDistance()
        if weights:
            found["perceptual"].vgg.load_imagenet(weights["vgg16"])
    if "inception" in needed:
        found["kernel"] = KernelDistance(DOMAINS)
        if weights:
            found["kernel"].inception.load_imagenet(weights["inception"])
    return found


def pretrained(config: Config) -> dict[str, str]:
    """The pretrained network of each configured loss that needs one."""
    vgg = {"vgg": "vgg16"} if config.recipe == "unit" and config.vgg_weight else {}
    return vgg | ({"kernel": "inception"} if config.kernel_weight else {})


def check_folders(config: Config) -> None:
    """Raises Missing naming, in one message, all folders and files of the configuration that are missing."""
    wanted = dict.fromkeys(config.day, "day pictures: a folder or tars of JPEGs")
    wanted |= dict.fromkeys(config.night, "night pictures: a folder or tars of JPEGs")
    for loss, network in pretrained(config).items():
        for file, title in weights.needed(config.weights, [network]).items():
            wanted[file] = f"{title}, or train with --{loss}-weight 0"
    require(wanted)


def open_pictures(sources: list[str], config: Config) -> tuple[Pictures, Pictures]:
    """(training, held out). Raises NoPictures."""
    training, held_out = Pictures(sources).split(config.held_out)
    if config.pictures:
        training.entries = training.entries[:: max(1, len(training) // config.pictures)][: config.pictures]
    return training, held_out


def train(run: Path, config: Config, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the tests) the loss networks are random."""
    config.check()
    trainer.train(run, config, lambda process: DayNightRecipe(config, weights or {}, process), resume)


def begin(run: Path, config: Config, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    check_folders(config)
    train(run, config, resume, weights.read(config.weights, pretrained(config).values()))
