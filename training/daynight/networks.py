"""The networks of the task, by the values of the options that choose them."""

from typing import Any

from training.daynight.cyclegan import GENERATORS, CycleGan
from training.daynight.discriminators import MultiscaleDiscriminator, PatchDiscriminator, SourceDiscriminator
from training.daynight.unit import NORMALISATIONS, Unit

__all__ = ["DISCRIMINATORS", "GENERATORS", "NORMALISATIONS", "TRANSLATORS"]

DISCRIMINATORS: dict[str, Any] = {
    "source": SourceDiscriminator,
    "patch": PatchDiscriminator,
    "multiscale": MultiscaleDiscriminator,
}
TRANSLATORS: dict[str, Any] = {"cyclegan": CycleGan, "unit": Unit}  # by recipe
