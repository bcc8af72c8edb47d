"""How evenly the strength slider works: a picture's distance to its photo at 0, 25, 50, 75 and 100 %.

The pictures are those the page shows (web/src/engine/strength.ts): the vector goes from the photos' mean to the
style's, and below FADE_BELOW the painting also fades into the photo. A pair is even when the distance strictly
increases and no step is over LARGEST_STEP of the whole. Two distances, each relative to what the eye may miss:

    colour    mean absolute difference of RGB in [0,1]
    features  |phi(picture) - phi(photo)| / |phi(photo)|, phi = VGG-16 relu3_3
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bench.painters import Array, Painter, array, channels_first, image
from training.common import weights
from training.networks.vgg16 import Vgg16
from training.style.constants import TRANSFORMER
from training.style.losses import relative

STRENGTHS = (0, 25, 50, 75, 100)
FADE_BELOW = TRANSFORMER.fade_below
LARGEST_STEP, SHARE_OF_PAIRS = 0.45, 0.95

Measure = Callable[[Sequence[Array]], list[float]]  # the pictures of a path, photo first -> distances to the photo
Distances = NDArray[np.float64]  # [pairs, strengths]


def at_strength(painter: Painter, photo: Array, style: Array, strength: float) -> Array:
    """The photo as the page shows it in the style (a vector) at this strength, in steps of 1/255."""
    share = min(1.0, strength / FADE_BELOW)
    if share == 0:
        return photo
    vector = painter.own + np.float32(strength / 100) * (style - painter.own)
    return array(image(photo + share * (painter.paint(photo, vector) - photo)))


def path(painter: Painter, photo: Array, style: Array) -> Iterator[Array]:
    """The pictures at STRENGTHS."""
    return (at_strength(painter, photo, style, strength) for strength in STRENGTHS)


def colour_distances(path: Sequence[Array]) -> list[float]:
    """Of each picture to the first: mean absolute difference."""
    return [float(np.abs(picture - path[0]).mean()) for picture in path]


def feature_distances(folder: Path) -> Measure:
    """Measures features with VGG-16's weights from that folder. Raises training.common.command.Missing."""
    vgg = Vgg16()
    vgg.load_imagenet(weights.read(folder, ["vgg16"])["vgg16"])

    @torch.inference_mode()
    def distances(path: Sequence[Array]) -> list[float]:
        features = [vgg(channels_first(picture))["relu3_3"] for picture in path]
        return [relative(each, features[0]).sqrt().item() for each in features]

    return distances


def is_even(distances: Sequence[float] | NDArray[np.float64]) -> bool:
    """Whether distances from strength 0 on grow at every step, and by no more than LARGEST_STEP of the whole."""
    steps = np.diff(distances)
    return bool((steps > 0).all() and (steps <= LARGEST_STEP * (distances[-1] - distances[0])).all())


def row(name: str, distances: Distances) -> str:
    """A line of figures: medians by strength, the share of even pairs, and whether it is the promised one."""
    medians = "  ".join(f"{value:.3f}" for value in np.median(distances, 0))
    even = float(np.mean([is_even(each) for each in distances]))
    verdict = "as promised" if even >= SHARE_OF_PAIRS else f"SHORT OF {SHARE_OF_PAIRS:.0%}"
    return f"  {name:<9} {medians}   even on {even:.0%} of {len(distances)} pairs ({verdict})"


def table(measured: dict[str, Distances]) -> str:
    """The figures of each distance as aligned text."""
    head = "  distance  " + "  ".join(f"{f'{strength} %':>5}" for strength in STRENGTHS)
    return "\n".join([head, *(row(name, distances) for name, distances in measured.items())])
