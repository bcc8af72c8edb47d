"""What a task's folder offers to the converter and the painter: networks with named ports, and a painter of photos."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from torch import nn

LICENCE = (
    "Trained on pictures with research terms: for research and personal use only. "
    "For other use, train on your own pictures."
)
PICTURE = (1, 3, None, None)  # a port's shape


@dataclass(frozen=True)
class Port:
    """One input or output in torch's layout; None is dynamic (a multiple of 8 for pictures)."""

    name: str
    shape: tuple[int | None, ...]
    range: tuple[float, float] | None


@dataclass(frozen=True)
class Export:
    """One network, ready to be converted; `manifest` is what the published manifest takes over as it is."""

    name: str
    task: str
    network: nn.Module
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    manifest: dict[str, Any]


class BadRequest(ValueError):
    """Options that cannot be served; the message says what to give instead."""


@dataclass(frozen=True)
class Request:
    """How to paint: in the style of an RGB picture, or in a mode of the task.

    `strength` 0..1, 0 is the photo. Of styles: `stroke_size`, 1..3; whether the photo's colours stay; `boldness` 0..1,
    None for the usual one. Of day and night: `hour` 0..1 through the mode's hours, None for the usual one;
    `lights` 0..1 from none to all.
    """

    style: Image.Image | None = None
    mode: str | None = None
    strength: float = 1.0
    stroke_size: float = 1.0
    keep_colours: bool = False
    boldness: float | None = None
    hour: float | None = None
    lights: float = 1.0


Painter = Callable[[Image.Image], Image.Image]  # RGB in, RGB of the same size out


@dataclass(frozen=True)
class Task:
    """A task as the table of training/tasks.py lists it. Both functions raise NotARun, `painter` BadRequest too."""

    recipes: Collection[str]  # as config.json names them
    exports: Callable[[Path], list[Export]]
    painter: Callable[[Path, Request], Painter]
    modes: Collection[str] = ()
