"""The options of the trainings of networks that invent pictures, and what each network trains with."""

from dataclasses import dataclass
from typing import Any, ClassVar

from training.common.options import BadConfig, Options, option, with_default
from training.synthesis.losses import LOSSES
from training.synthesis.networks import NETWORKS, SIZES
from training.synthesis.pggan import phases

OWN: dict[str, dict[str, Any]] = {  # what differs from the options' defaults, which are DCGAN's
    "dcgan": {},
    "sagan": {
        "attention": "16", "spectral_norm": True, "minibatch_discrimination": True, "smoothing": True,
        "learning_rate": 9e-5, "discriminator_rate": 4.0,
    },
    "pggan": {
        "width": 0.03125, "spectral_norm": True, "minibatch_discrimination": True, "smoothing": True, "loss": "mse",
        "learning_rate": 5e-5, "discriminator_rate": 10.0,
    },
}  # fmt: skip


@dataclass(frozen=True)
class SynthesisConfig(Options):
    """Everything a training depends on."""

    recipe: ClassVar[str] = "synthesis"

    network: str = option("dcgan", "the networks to train", choices=list(NETWORKS))
    pictures: list[str] = option(
        ["data/style"], "pictures to learn from: folders, tars, lists or addresses (docs/training.md)"
    )
    size: int = option(32, "side of the pictures, px", choices=list(SIZES))
    width: float = option(0.25, "a factor for the numbers of channels; PGGAN's own is 0.03125 (its file says more)")
    attention: str = option(
        "none", "SAGAN: the size of the features that attend to one another, px", choices=["none", "8", "16", "32"]
    )
    spectral_norm: bool = option(False, "SAGAN, PGGAN: spectral normalisation, which is their own choice")
    minibatch_discrimination: bool = option(
        False, "SAGAN, PGGAN: the discriminator compares the pictures of a batch, which is their own choice"
    )
    smoothing: bool = option(
        False, "one-sided label smoothing: real is 0.8 to 1 for the discriminator; SAGAN's and PGGAN's own choice"
    )
    loss: str = option("bce", "the adversarial loss; PGGAN's own is mse", choices=list(LOSSES))
    augmentation: bool = option(True, "differentiable augmentation of what the discriminator sees")
    steps: int = with_default(Options, "steps", 3000)
    batch: int = option(64, "pictures in a step, split evenly between processes")
    learning_rate: float = option(
        2e-4, "learning rate of the generator's Adam; SAGAN's own is 0.00009, PGGAN's 0.00005"
    )
    discriminator_rate: float = option(
        1.0,
        "the discriminator's learning rate, a multiple of the generator's; SAGAN's own is 4 and PGGAN's 10 (two time "
        "scales)",
    )
    ema: float = with_default(Options, "ema", 0.995)
    validate_every: int = with_default(Options, "validate_every", 250)
    save_every: int = with_default(Options, "save_every", 50)

    def check(self) -> None:
        """Raises BadConfig for options that do not work together."""
        self._check_network()
        if not 0 < self.width <= 1:
            raise BadConfig(f"--width {self.width:g}: name a number above 0, at most 1")
        if self.batch < 2:
            raise BadConfig(f"--batch {self.batch}: name 2 or more, for batch norm compares the pictures of a batch")
        if self.loss == "wasserstein" and not self.spectral_norm:
            raise BadConfig(
                "--loss wasserstein: only spectral normalisation bounds its discriminator: name --network sagan or "
                "pggan, with --spectral-norm"
            )

    def _check_network(self) -> None:
        """Raises BadConfig for options of another network."""
        if self.network != "sagan" and self.attention != "none":
            raise BadConfig(f"--attention {self.attention} is for SAGAN: leave it out, or name --network sagan")
        if self.attention != "none" and int(self.attention) >= self.size:
            raise BadConfig(f"--attention {self.attention}: its features are smaller than --size {self.size}: name 8")
        if self.network == "dcgan" and (self.spectral_norm or self.minibatch_discrimination):
            raise BadConfig(
                "a DCGAN has neither --spectral-norm nor --minibatch-discrimination: name --network sagan, which is a "
                "DCGAN with them"
            )
        if self.network == "pggan" and self.start:
            raise BadConfig("--start: a PGGAN grows from its first size on: leave it out")
        if self.network == "pggan" and self.steps < (fewest := 4 * len(phases(self.size))):
            raise BadConfig(f"--steps {self.steps} are too few to grow in: name at least {fewest}")


def defaults(given: dict[str, Any]) -> dict[str, Any]:
    """The options that the given network trains with where no others are given."""
    return OWN[given.get("network", "dcgan")]


@dataclass(frozen=True)
class VectorConfig(Options):
    """The options of the networks that invent styles: training/synthesis/train_vectors.py."""

    recipe: ClassVar[str] = "style-vectors"

    pair: str = option("training/style/published", "run directory whose predictor reads the pictures")
    pictures: list[str] = option(
        ["data/style"], "style pictures to learn from: folders, tars, lists or addresses (docs/training.md)"
    )
    views: int = option(1, "random cuts of each picture that are read too, beside its centre")
    loss: str = option("bce", "the adversarial loss", choices=list(LOSSES))
    smoothing: bool = option(True, "one-sided label smoothing: real is 0.8 to 1 for the discriminator")
    steps: int = with_default(Options, "steps", 10_000)
    batch: int = option(128, "vectors in a step, split evenly between processes")
    learning_rate: float = option(1e-4, "learning rate of the generator's Adam")
    discriminator_rate: float = with_default(SynthesisConfig, "discriminator_rate", 4.0)
    ema: float = with_default(Options, "ema", 0.999)
    validate_every: int = with_default(Options, "validate_every", 1000)
    save_every: int = with_default(Options, "save_every", 500)
    precision: str = with_default(Options, "precision", "float32")
    augmentation: ClassVar[bool] = False  # it is for pictures

    def check(self) -> None:
        """Raises BadConfig for options that do not work together."""
        if self.batch < 2:
            raise BadConfig(f"--batch {self.batch}: name 2 or more, for the vectors of a batch are compared")
        if self.views < 0:
            raise BadConfig(f"--views {self.views}: name 0 or more")


RECIPES: dict[str, type[Options]] = {each.recipe: each for each in (SynthesisConfig, VectorConfig)}
