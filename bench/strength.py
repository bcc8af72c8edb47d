"""How evenly the strength slider works: a picture's distance to its photo at 0, 25, 50, 75 and 100 %.

The pictures are those the page shows (training/style/evenness.py): the vector goes from the photos' mean to the
style's, as far as the measured departures say. A pair is even when at each strength the distance is that share of the
whole, give or take TOLERANCE. Two distances, each relative to what the eye may miss:

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
from training.style.evenness import even_share, measured, reduced
from training.style.losses import relative

STRENGTHS = (0, 25, 50, 75, 100)
TOLERANCE, SHARE_OF_PAIRS = 0.08, 0.95

Measure = Callable[[Sequence[Array]], list[float]]  # the pictures of a path, photo first -> distances to the photo
Distances = NDArray[np.float64]  # [pairs, strengths]


def path(painter: Painter, photo: Array, style: Array) -> Iterator[Array]:
    """The pictures at STRENGTHS."""
    return pictures(painter, photo, style, STRENGTHS)


def pictures(painter: Painter, photo: Array, style: Array, strengths: Sequence[float]) -> Iterator[Array]:
    """The photo as the page shows it in the style (a vector) at these strengths, in steps of 1/255."""
    small = array(reduced(image(photo)))

    def vector(share: float) -> Array:
        return painter.own + np.float32(share) * (style - painter.own)

    departures = measured(lambda share: float(np.abs(painter.paint(small, vector(share)) - small).mean()))
    for strength in strengths:
        share = even_share(departures, strength / 100)
        yield array(image(painter.paint(photo, vector(share)))) if share else photo


def colour_distances(path: Sequence[Array]) -> list[float]:
    """Of each picture to the first: mean absolute difference."""
    return [float(np.abs(picture - path[0]).mean()) for picture in path]


def feature_distances(sources: Sequence[str | Path]) -> Measure:
    """Measures features with VGG-16's weights from these sources. Raises training.common.command.Missing."""
    vgg = Vgg16()
    vgg.load_imagenet(weights.read(sources, ["vgg16"])["vgg16"])

    @torch.inference_mode()
    def distances(path: Sequence[Array]) -> list[float]:
        features = [vgg(channels_first(picture))["relu3_3"] for picture in path]
        return [relative(each, features[0]).sqrt().item() for each in features]

    return distances


def is_even(distances: Sequence[float] | NDArray[np.float64]) -> bool:
    """Whether each distance is the strength's share of the last one, give or take TOLERANCE."""
    shares = np.asarray(distances) / distances[-1]
    return bool((np.abs(shares - np.array(STRENGTHS) / 100) <= TOLERANCE).all())


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
