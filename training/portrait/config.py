"""The options of the trainings of the person mask and of SANet."""

from dataclasses import dataclass
from typing import ClassVar

from training.common.options import BadConfig, Options, option, with_default
from training.portrait.networks import MULTIPLE, NETWORKS
from training.portrait.sanet import LEVELS


@dataclass(frozen=True)
class MaskConfig(Options):
    """Everything a training depends on."""

    recipe: ClassVar[str] = "mask"

    network: str = option("mask", "the network to train", choices=list(NETWORKS))
    width: float = option(0.25, "SegNet: a factor for its numbers of channels")
    portraits: list[str] = option(["data/portrait"], "photos of people with masks: folders or tars (docs/portraits.md)")
    labelled: list[str] = option([], "more of them, whose masks training.portrait.label made: none is held out")
    backgrounds: list[str] = option(
        ["data/content"], "photos without people: folders, tars, lists or addresses (docs/training.md)"
    )
    held_out: int = option(11, "1 in this many portraits and backgrounds is held out from training")
    steps: int = with_default(Options, "steps", 2000)
    batch: int = option(8, "pictures in a step, split evenly between processes")
    size: int = option(256, "longer side of the training pictures, px")
    learning_rate: float = with_default(Options, "learning_rate", 1.5e-3)
    ema: float = with_default(Options, "ema", 0.99)
    validate_every: int = with_default(Options, "validate_every", 250)
    save_every: int = with_default(Options, "save_every", 50)

    def check(self) -> None:
        """Raises BadConfig for values that no network here takes."""
        if self.size % MULTIPLE or self.size < 64:
            raise BadConfig(f"--size {self.size}: name a multiple of {MULTIPLE}, at least 64")
        if self.held_out < 2:
            raise BadConfig(f"--held-out {self.held_out}: name 2 (half of the photos) or more")
        if not 1 / 16 <= self.width <= 1:
            raise BadConfig(f"--width {self.width:g}: name a number from 0.0625 to 1")


@dataclass(frozen=True)
class SanetConfig(Options):
    """The options of SANet's training: training/portrait/train_sanet.py."""

    recipe: ClassVar[str] = "sanet"

    photos: list[str] = option(
        ["data/content", "data/portrait"], "photos: folders, tars, lists or addresses (docs/training.md)"
    )
    styles: list[str] = option(["data/style"], "style pictures: folders, tars, lists or addresses (docs/training.md)")
    levels: str = option(
        "shallow",
        "the encoder's levels that attention works on; 'paper' needs all of VGG-19, and is the default with "
        "--weights torchvision",
        choices=list(LEVELS),
    )
    held_out: int = option(11, "1 in this many photos and style pictures is held out from training")
    steps: int = with_default(Options, "steps", 20000)
    batch: int = option(5, "photos in a step, each with a style picture, split evenly between processes")
    size: int = option(128, "side of the square training pictures, px")
    learning_rate: float = option(1e-4, "learning rate of Adam at its highest")
    content_weight: float = option(1.0, "weight of the content loss")
    style_weight: float = option(3.0, "weight of the style loss")
    identity_weight: float = option(1.0, "weight of the identity loss on pictures (the paper's lambda 1)")
    identity_features_weight: float = option(50.0, "weight of the identity loss on features (the paper's lambda 2)")
    ema: float = with_default(Options, "ema", 0.99)
    validate_every: int = with_default(Options, "validate_every", 250)
    save_every: int = with_default(Options, "save_every", 50)

    def check(self) -> None:
        """Raises BadConfig for values that the network does not take."""
        multiple = LEVELS[self.levels].multiple
        if self.size % multiple or self.size < 64:
            raise BadConfig(f"--size {self.size}: name a multiple of {multiple}, at least 64")
        if self.held_out < 2:
            raise BadConfig(f"--held-out {self.held_out}: name 2 (half of the pictures) or more")


RECIPES: dict[str, type[Options]] = {each.recipe: each for each in (MaskConfig, SanetConfig)}
