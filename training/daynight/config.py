"""The options of the day-night recipes: CycleGAN and UNIT."""

from dataclasses import dataclass

from training.common.options import BadConfig, Options, option
from training.daynight.networks import DISCRIMINATORS, GENERATORS, NORMALISATIONS, TRANSLATORS


@dataclass(frozen=True)
class Config(Options):
    """Everything a training depends on."""

    recipe: str = option("cyclegan", "what to train", choices=list(TRANSLATORS))  # type: ignore[misc]
    day: list[str] = option(["data/day"], "folders or tars of day pictures")
    night: list[str] = option(["data/night"], "folders or tars of night pictures")
    pictures: int = option(0, "use only so many of each domain; 0 is all")
    held_out: int = option(10, "one picture in so many is held out from training")
    generator: str = option("small", "CycleGAN: the generators", choices=list(GENERATORS))
    discriminator: str = option("multiscale", "the discriminators", choices=list(DISCRIMINATORS))
    width: float = option(1.0, "channels of the translators, relative to the tables")
    discriminator_width: float = option(1.0, "channels of the discriminators, relative to the tables")
    kernel_weight: float = option(
        0.0, "weight of the distance of translated pictures' Inception features to real ones'"
    )
    cycle_weight: float = option(10.0, "CycleGAN: weight of the L1 of a picture and its reconstruction")
    identity_weight: float = option(5.0, "CycleGAN: weight of the L1 of night pictures that are translated to night")
    unevenness_weight: float = option(0.0, "weight of uneven exposure where the photo is even")
    guided: bool = option(False, "CycleGAN: losses on translations as guided upsampling shows them")
    normalisation: str = option("instance", "UNIT: after each convolution", choices=list(NORMALISATIONS))
    lambda_0: float = option(1.0, "UNIT: weight of the adversarial loss")
    lambda_1: float = option(0.01, "UNIT: weight of the codes' KL divergence")
    lambda_2: float = option(10.0, "UNIT: weight of the reconstruction")
    lambda_3: float = option(0.01, "UNIT: weight of the KL divergence of the translated pictures' codes")
    lambda_4: float = option(10.0, "UNIT: weight of the reconstruction by way of the other domain")
    vgg_weight: float = option(0.0, "UNIT: weight of the VGG-16 features of the translated picture")
    augmentation: str = option("all", "resize, crop and mirror, or the centre square", choices=["all", "none"])
    batch: int = option(4, "pictures of each domain in a step; an even share for each process")
    size: int = option(128, "side of the squares, px")
    learning_rate: float = option(2e-4, "of Adam; falls to 0 over the second half")
    ema: float = option(
        0.998, "decay of the exponential moving average (EMA) of the weights that is published; 0: no average",
        formerly="average",
    )  # fmt: skip
    compiled: bool = option(False, "compile the networks (torch.compile): faster, needs a C compiler", may_change=True)

    def check(self) -> None:
        """Raises BadConfig for sizes that no network here takes."""
        if self.size % 8 or self.size < 64:
            raise BadConfig(f"--size {self.size}: name a multiple of 8, at least 64")
        if self.held_out < 2:
            raise BadConfig(f"--held-out {self.held_out}: name 2 (half of the pictures) or more")


RECIPES: dict[str, type[Options]] = dict.fromkeys(TRANSLATORS, Config)
