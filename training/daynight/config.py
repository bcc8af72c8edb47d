"""The options of the day-night recipes: CycleGAN, UNIT, the network of scene layers and that of daylight."""

from dataclasses import dataclass
from typing import ClassVar

from training.common.options import BadConfig, Options, option, with_default
from training.daynight.networks import DISCRIMINATORS, GENERATORS, NORMALISATIONS, TRANSLATORS
from training.daynight.scene import MULTIPLE


@dataclass(frozen=True)
class Config(Options):
    """Everything a training depends on."""

    recipe: str = option("cyclegan", "the method to train", choices=list(TRANSLATORS))  # type: ignore[misc]
    day: list[str] = option(["data/day"], "day pictures: folders, tars, lists or addresses (docs/training.md)")
    night: list[str] = option(["data/night"], "night pictures: folders, tars, lists or addresses (docs/training.md)")
    pictures: int = option(0, "number of pictures to use from each domain; 0 uses all")
    held_out: int = option(10, "1 in this many pictures is held out from training")
    generator: str = option("small", "CycleGAN: the generators", choices=list(GENERATORS))
    discriminator: str = option("multiscale", "the discriminators", choices=list(DISCRIMINATORS))
    width: float = option(1.0, "width of the translators: a factor for their numbers of channels")
    discriminator_width: float = option(1.0, "width of the discriminators: a factor for their numbers of channels")
    kernel_weight: float = option(
        0.0, "weight of the kernel distance between the Inception features of translated and real pictures"
    )
    cycle_weight: float = option(10.0, "CycleGAN: weight of the L1 loss between a picture and its reconstruction")
    identity_weight: float = option(
        5.0, "CycleGAN: weight of the identity loss, L1 of night translated to night, day to day"
    )
    unevenness_weight: float = option(0.0, "weight of the loss on exposure that varies where the photo does not")
    guided: bool = option(False, "CycleGAN: compute the losses after guided upsampling, as the page shows translations")
    normalisation: str = option(
        "instance", "UNIT: the normalisation after each convolution", choices=list(NORMALISATIONS)
    )
    lambda_0: float = option(1.0, "UNIT: weight of the adversarial loss")
    lambda_1: float = option(0.01, "UNIT: weight of the KL divergence of the latent codes")
    lambda_2: float = option(10.0, "UNIT: weight of the reconstruction within a domain")
    lambda_3: float = option(0.01, "UNIT: weight of the KL divergence of the latent codes of translated pictures")
    lambda_4: float = option(10.0, "UNIT: weight of the cycle reconstruction through the other domain")
    vgg_weight: float = option(0.0, "UNIT: weight of the perceptual loss (VGG-16) between a photo and its translation")
    augmentation: str = option("all", "all: resize, crop and mirror; none: the centre square", choices=["all", "none"])
    size: int = option(128, "side of the square training pictures, px")
    learning_rate: float = option(2e-4, "learning rate of Adam; it falls to 0 over the second half of the steps")
    ema: float = with_default(Options, "ema", 0.998)
    compiled: bool = option(False, "compile the networks (torch.compile): faster, needs a C compiler", may_change=True)

    def check(self) -> None:
        """Raises BadConfig for sizes that no network here takes."""
        if self.size % 8 or self.size < 64:
            raise BadConfig(f"--size {self.size}: name a multiple of 8, at least 64")
        if self.held_out < 2:
            raise BadConfig(f"--held-out {self.held_out}: name 2 (half of the pictures) or more")


@dataclass(frozen=True)
class SceneConfig(Options):
    """The options of the scene network's training: training/daynight/train_scene.py."""

    recipe: ClassVar[str] = "scene"

    labelled: list[str] = option(["data/street"], "street photos with labels: folders or tars (labelled.py)")
    steps: int = with_default(Options, "steps", 2000)
    batch: int = with_default(Options, "batch", 6)
    size: int = option(256, "side of the square training pictures, px")
    learning_rate: float = with_default(Options, "learning_rate", 1e-3)
    ema: float = with_default(Options, "ema", 0.99)
    validate_every: int = with_default(Options, "validate_every", 250)
    save_every: int = with_default(Options, "save_every", 50)

    def check(self) -> None:
        """Raises BadConfig for sizes that the network does not take."""
        if self.size % MULTIPLE or self.size < 64:
            raise BadConfig(f"--size {self.size}: name a multiple of {MULTIPLE}, at least 64")


@dataclass(frozen=True)
class DaylightConfig(Options):
    """The options of the daylight network's training: training/daynight/train_daylight.py."""

    recipe: ClassVar[str] = "daylight"

    scene: str = option("training/daynight/published/scene", "run directory whose network says what each place is")
    day: list[str] = with_default(Config, "day", ["data/day"])
    night: list[str] = with_default(Config, "night", ["data/night"])
    held_out: int = with_default(Config, "held_out", 10)
    size: int = option(192, "side of the square training pictures, px")
    adversarial_weight: float = option(0.05, "weight of the adversarial loss")
    steps: int = with_default(Options, "steps", 3000)
    batch: int = option(8, "made nights in a step, and half as many real ones, split evenly between processes")
    learning_rate: float = option(1.5e-3, "largest learning rate of the network's Adam")
    ema: float = with_default(Options, "ema", 0.995)
    validate_every: int = with_default(Options, "validate_every", 250)
    save_every: int = with_default(Options, "save_every", 50)

    def check(self) -> None:
        """Raises BadConfig for sizes and batches that do not work."""
        if self.size % MULTIPLE or self.size < 64:
            raise BadConfig(f"--size {self.size}: name a multiple of {MULTIPLE}, at least 64")
        if self.batch < 2:
            raise BadConfig(f"--batch {self.batch}: name 2 or more, for half as many real nights are seen")


RECIPES: dict[str, type[Options]] = {
    **dict.fromkeys(TRANSLATORS, Config),
    SceneConfig.recipe: SceneConfig,
    DaylightConfig.recipe: DaylightConfig,
}
