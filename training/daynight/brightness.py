"""Day or night by brightness alone: the two sources' rules and ours as pure functions.

HSP luminance    L = sqrt(0.299 r^2 + 0.587 g^2 + 0.114 b^2), mean over the picture, over a maximum: above 0.6 day,
                 below 0.4 night, the rest undecided (cyclic networks for restyling pictures, ITNT 2020; the formula is
                 D. Finley's HSP colour model)
mean grey        0.299 r + 0.587 g + 0.114 b, mean over the picture: up to 60 night, above 68 day, between disputed
                 (D. Goncharenko, An algorithm for changing the time of day in a picture, 2019)
sky grey         the mean of that and of the mean grey of the upper third, where most photos have their sky: up to 80
                 night, above 105 day, between undecided. A lit street is bright, but the sky above it is not

The constants of the last are shared with the page, which judges by it: constants.py.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from training.daynight.constants import TRANSLATOR

WEIGHTS = np.array(TRANSLATOR.grey_weights)


@dataclass(frozen=True)
class Rule:
    """Up to `low` is night, above `high` is day, between is undecided ('aside')."""

    low: float
    high: float

    def says(self, value: float) -> str:
        """'day', 'night' or 'aside'."""
        if value > self.high:
            return "day"
        return "night" if value <= self.low else "aside"


GREY = Rule(60, 68)
HSP = Rule(0.4, 0.6)
SKY_GREY = Rule(TRANSLATOR.night_up_to, TRANSLATOR.day_above)


def mean_grey(picture: Image.Image) -> float:
    """Mean grey of an RGB picture, 0..255. The same for a picture reduced by averaging."""
    return float(_pixels(picture).mean(0) @ WEIGHTS)


def sky_grey(picture: Image.Image) -> float:
    """Mean grey of an RGB picture, 0..255, half of it that of the upper third, of one row at least."""
    upper = picture.crop((0, 0, picture.width, max(1, picture.height // 3)))
    return (mean_grey(picture) + mean_grey(upper)) / 2


def luminance(picture: Image.Image) -> np.ndarray:
    """HSP luminance of each pixel of an RGB picture, 0..255, in no particular order."""
    return np.sqrt(_pixels(picture) ** 2 @ WEIGHTS)


def _pixels(picture: Image.Image) -> np.ndarray:
    """[pixels,3] in 0..255."""
    return np.asarray(picture, np.float64).reshape(-1, 3)
