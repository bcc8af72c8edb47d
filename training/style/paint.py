"""Paints photos at full size in the style of a picture, as the page does."""

from pathlib import Path

import torch
from PIL import Image

from training.common.task import BadRequest, Painter, Request
from training.style import tiles
from training.style.constants import TRANSFORMER
from training.style.load import Pair, load_pair
from training.style.predictors import view
from training.style.transformer import keeping


def painter(run: Path, request: Request) -> Painter:
    """The painter of a run that was asked for. Raises NotARun, BadRequest."""
    if request.style is None:
        raise BadRequest(f"{run} paints in styles: name a style picture (--style)")
    return stylist(load_pair(run), request.style, request.strength)


@torch.inference_mode()
def stylist(pair: Pair, style: Image.Image, strength: float) -> Painter:
    """Paints in the style of a picture; `strength` 0..1 goes from the photo's own style vector to the picture's."""
    towards = keeping(pair.predictor(view(style)[None]), 0)

    @torch.inference_mode()
    def paint(photo: Image.Image) -> Image.Image:
        vector = towards
        if strength < 1:
            vector = torch.lerp(keeping(pair.predictor(view(photo)[None]), 1), towards, strength)
        painted = tiles.paint(pair.transformer, photo, vector)
        return Image.blend(photo, painted, min(1, strength * 100 / TRANSFORMER.fade_below))

    return paint
