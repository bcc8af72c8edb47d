"""Translates photos at full size between day and night, as the page does: at 512 px, then by guided upsampling."""

from pathlib import Path

import numpy as np
from PIL import Image

from training.common import squares
from training.common.squares import to_tensor
from training.common.task import BadRequest, Painter, Request
from training.daynight import guided
from training.daynight.constants import TRANSLATOR
from training.daynight.load import Translators, load_translators

MODES = ("day-to-night", "night-to-day")


def painter(run: Path, request: Request) -> Painter:
    """The painter of a run that was asked for. Raises NotARun, BadRequest."""
    if request.mode not in MODES:
        raise BadRequest(f"{run} translates between day and night: name --mode {' or '.join(MODES)}")
    return translator(load_translators(run), request.mode, request.strength)


def translator(translators: Translators, mode: str, strength: float) -> Painter:
    """Day to night or back; `strength` 0..1."""
    network = translators.day_to_night if mode == "day-to-night" else translators.night_to_day

    def paint(photo: Image.Image) -> Image.Image:
        small = to_tensor(photo.resize(working_size(*photo.size), Image.Resampling.BOX, reducing_gap=None))[None]
        maps = guided.fit(small, network(small))
        return Image.fromarray(guided.upsample(np.array(photo), maps, strength))

    return paint


def working_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a photo is translated."""
    return squares.working_size(width, height, TRANSLATOR.working_side)
