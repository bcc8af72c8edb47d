"""A step of the generator, then one of the discriminator; and the recipe of the three networks that invent pictures."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.common import trainer
from training.common.command import require
from training.common.devices import Process
from training.common.options import BadConfig
from training.common.recipe import Recipe
from training.synthesis.batches import Batches, open_squares
from training.synthesis.config import SynthesisConfig
from training.synthesis.layers import LATENT
from training.synthesis.losses import DiscriminatorLosses, GeneratorLoss
from training.synthesis.networks import networks_of
from training.synthesis.pggan import Discriminator, Generator, faded, stage_at
from training.synthesis.validation import COLLAPSED, Validation


class Adversarial(Recipe):
    """A generator and a discriminator that learn in turns."""

    averaged = ("generator",)
    config: Any  # with loss, smoothing, augmentation, learning_rate, discriminator_rate and precision
    process: Process
    generator: nn.Module
    discriminator: nn.Module
    step = 0

    def begin(self) -> None:
        """Put the networks, as they are laid out now, on the device, each with a new optimiser."""
        self.generator, self.discriminator = (self.process.move(each) for each in self.networks().values())
        self.parallel = (
            self.process.parallel(GeneratorLoss(self.generator, self.config)),
            self.process.parallel(DiscriminatorLosses(self.discriminator, self.config)),
        )
        rate, ratio = self.config.learning_rate, self.config.discriminator_rate
        self._optimisers = {
            "generator": _adam(self.generator, rate),
            "discriminator": _adam(self.discriminator, ratio * rate),
        }

    def networks(self) -> dict[str, nn.Module]:
        return {"generator": self.generator, "discriminator": self.discriminator}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return self._optimisers

    def learn(self, real: Tensor) -> dict[str, Tensor]:
        """A step of both on real examples [N,...]; both learn from the same invented ones."""
        generator, discriminator = self.parallel
        noise = torch.randn(len(real), LATENT, device=real.device)
        self.discriminator.requires_grad_(False)
        with self.process.autocast(self.config.precision):
            loss, invented = generator(noise, self.discriminator)
        self._descend("generator", loss)
        self.discriminator.requires_grad_(True)
        with self.process.autocast(self.config.precision):
            judged = discriminator(real, invented)
        self._descend("discriminator", torch.stack(list(judged.values())).sum())
        return {"generator": loss, **judged}

    def _descend(self, name: str, loss: Tensor) -> None:
        self._optimisers[name].zero_grad(set_to_none=True)
        loss.backward()
        self._optimisers[name].step()

    def score(self, variety: float) -> float:
        """The newest checkpoint is published unless it has collapsed; of collapsed ones the most varied."""
        return 1 - variety if variety < COLLAPSED else -float(self.step)


class SynthesisRecipe(Adversarial):
    """The networks that invent pictures, as the trainer trains them; those of a PGGAN grow on the way."""

    def __init__(self, config: SynthesisConfig, process: Process):
        if config.batch < 2 * process.world:
            raise BadConfig(f"--batch {config.batch}: each of {process.world} processes needs 2 pictures or more")
        self.config, self.process = config, process
        squares = open_squares(config)
        self.batches = Batches(squares, config, process.rank, process.world)
        self.validation = Validation(squares, config.seed, process.device)
        self.grows, self.side, self.alpha = config.network == "pggan", config.size, 1.0
        self.generator, self.discriminator = networks_of(config)
        if self.grows:
            self.side, self.alpha = stage_at(0, config.steps, config.size)
        self.begin()

    def _grow_to(self, side: int, alpha: float) -> None:
        """Follow the stage of a PGGAN; where it begins or settles, the optimisers begin anew."""
        relaid = side != self.side or (alpha == 1) != (self.alpha == 1)
        for network in self.networks().values():
            assert isinstance(network, Generator | Discriminator)
            network.grow_to(side, alpha)
        self.side, self.alpha = side, alpha
        if relaid:
            self.begin()

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        self.step = step
        if self.grows:
            self._grow_to(*stage_at(step, self.config.steps, self.config.size))
        real = faded(batch["pictures"], self.side, self.alpha)
        return self.learn(real.contiguous(memory_format=torch.channels_last))

    def validate(self, sample: Path) -> tuple[dict[str, float], float]:
        figures = self.validation.figures(self.generator, sample)
        return figures, self.score(figures["variety"])

    def published(self) -> dict[str, Any]:
        return {"generator": self.generator.state_dict(), **self.extra()}

    def extra(self) -> dict[str, Any]:
        """How far a PGGAN has grown."""
        return {"side": self.side, "alpha": self.alpha}

    def restore(self, extra: dict[str, Any]) -> None:
        if self.grows:
            self._grow_to(extra["side"], extra["alpha"])


def _adam(network: nn.Module, rate: float) -> torch.optim.Optimizer:
    return torch.optim.Adam(network.parameters(), rate, betas=(0.5, 0.999))


def train(run: Path, config: SynthesisConfig, resume: bool = False) -> None:
    """Train into the folder `run`. Raises what training.common.trainer.train does, and NoPictures."""
    config.check()
    trainer.train(run, config, lambda process: SynthesisRecipe(config, process), resume)


def begin(run: Path, config: SynthesisConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    config.check()
    require(dict.fromkeys(config.pictures, "pictures: a folder or tars of JPEGs"))
    train(run, config, resume)
