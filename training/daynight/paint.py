"""Translates photos at full size between day and night, as the page does: at 512 px, then by guided upsampling."""

from pathlib import Path

import numpy as np
from PIL import Image

from training.common import guided, squares
from training.common.squares import to_tensor
from training.common.task import BadRequest, Painter, Request
from training.daynight.constants import TRANSLATOR
from training.daynight.load import Translators, load_translators
from training.daynight.relit import BOXES, FLAT, Relit

MODES = ("day-to-night", "night-to-day")


def painter(run: Path, request: Request) -> Painter:
    """The painter of a run that was asked for. Raises NotARun, BadRequest."""
    if request.mode not in MODES:
        raise BadRequest(f"{run} translates between day and night: name --mode {' or '.join(MODES)}")
    return translator(load_translators(run), request)


def translator(translators: Translators, request: Request) -> Painter:
    """Day to night or back. Raises BadRequest for an hour of a network that knows only one."""
    translate = translators.day_to_night if request.mode == "day-to-night" else translators.night_to_day
    controls = {} if request.hour is None else {"hour": request.hour}
    if request.lights != 1:
        if request.mode != "day-to-night":
            raise BadRequest("--lights are for --mode day-to-night: leave them out")
        controls["lights"] = request.lights
    if controls and not isinstance(translators.network, Relit):
        raise BadRequest("--hour and --lights are for runs of training.daynight.train_scene: leave them out")

    fitting = (BOXES, FLAT) if isinstance(getattr(translators, "network", None), Relit) else ()

    def paint(photo: Image.Image) -> Image.Image:
        small = to_tensor(photo.resize(working_size(*photo.size), Image.Resampling.BOX, reducing_gap=None))[None]
        maps = guided.fit(small, translate(small, **controls), *fitting)
        return Image.fromarray(guided.upsample(np.array(photo), maps, request.strength))

    return paint


def working_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a photo is translated."""
    return squares.working_size(width, height, TRANSLATOR.working_side, TRANSLATOR.working_multiple)
