"""A strength that is even to the eye, as web/src/engine/evenness.ts has it.

How quickly the network's picture departs from the photo depends on the photo and the style: at half the way in the
style space it has changed by 27 to 48 of 100, depending on both. So that is measured on the reduced photo, and a
strength of a half becomes the place on the way where the picture has changed by half.
"""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from training.common.squares import working_size
from training.style.constants import TRANSFORMER

Departure = Callable[[float], float]  # share of the way to the style, 0..1 -> mean absolute difference to the photo


def measured(departure: Departure) -> list[float]:
    """The departures at equal steps of the way, the last at its end."""
    steps = TRANSFORMER.evenness_steps
    return [departure((i + 1) / steps) for i in range(steps)]


def even_share(departures: Sequence[float], strength: float) -> float:
    """The share of the way, 0..1, that changes the photo by `strength`, 0..1, of what the whole way does."""
    rising = np.maximum.accumulate([0.0, *departures])
    if not 0 < strength < 1 or rising[-1] == 0:
        return min(1.0, max(0.0, strength))
    return float(np.interp(strength * rising[-1], rising, np.linspace(0, 1, len(rising))))


def reduced(photo: Image.Image) -> Image.Image:
    """The photo as it is measured: the longer side at most `evenness_side`, both multiples of 8, at least 32."""
    return photo.resize(working_size(*photo.size, TRANSFORMER.evenness_side), Image.Resampling.BOX)
