"""Paints the mask of a photo at its full size: white where people are, black where not, and grey between.

A run of SANet paints photos in a style instead (two_passes.py).
"""

from pathlib import Path

from PIL import Image

from training.common import runs
from training.common.task import BadRequest, Painter, Request
from training.portrait import two_passes
from training.portrait.config import SanetConfig
from training.portrait.load import load_mask
from training.portrait.networks import mask_of
from training.portrait.validation import grey

MODES = ("person-mask",)


def painter(run: Path, request: Request) -> Painter:
    """The painter of a run. Raises NotARun, BadRequest."""
    if runs.read_config(run).get("recipe") == SanetConfig.recipe:
        return two_passes.painter(run, request)
    if request.mode not in MODES:
        raise BadRequest(f"{run} finds people: name --mode {MODES[0]}")
    if request.strength != 1 or request.hour is not None or request.lights != 1:
        raise BadRequest(f"a {MODES[0]} has no --strength, --hour or --lights: leave them out")
    network = load_mask(run).network

    def paint(photo: Image.Image) -> Image.Image:
        return grey(mask_of(network, photo)).convert("RGB")

    return paint
