"""The options of the person mask's training."""

from dataclasses import dataclass
from typing import ClassVar

from training.common.options import BadConfig, Options, option, with_default
from training.portrait.networks import MULTIPLE, NETWORKS


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


RECIPES: dict[str, type[Options]] = {MaskConfig.recipe: MaskConfig}
