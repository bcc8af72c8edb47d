"""Paints photos at full size in the style of a picture, as the page does."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from training.common.task import BadRequest, Painter, Request
from training.style import tiles
from training.style.evenness import even_share, measured, reduced
from training.style.load import Pair, load_pair
from training.style.predictors import view
from training.style.transformer import MIDDLE, for_transformer, towards_styles


def painter(run: Path, request: Request) -> Painter:
    """The painter of a run that was asked for. Raises NotARun, BadRequest."""
    if request.style is None:
        raise BadRequest(f"{run} paints in styles: name a style picture (--style)")
    pair = load_pair(run)
    if request.boldness is not None and not pair.transformer.bold:
        raise BadRequest(f"{run} has learnt no boldness: leave out --boldness")
    return stylist(pair, request.style, request)


@torch.inference_mode()
def stylist(pair: Pair, style: Image.Image, request: Request) -> Painter:
    """Paints in the style of a picture; the strength is how far the photo changes of what the whole style does."""
    strength = request.strength
    boldness = MIDDLE if request.boldness is None else request.boldness
    own = for_transformer(pair.transformer, pair.state["photo_mean_vector"][None], boldness)
    towards = towards_styles(pair.transformer, pair.predictor(view(style)[None]), boldness)

    @torch.inference_mode()
    def paint(photo: Image.Image) -> Image.Image:
        if strength <= 0:
            return photo.copy()
        vector = towards
        if strength < 1:
            small = np.asarray(reduced(photo))

            def departure(share: float) -> float:
                painted = tiles.whole(pair.transformer, small, torch.lerp(own, towards, share))
                seen = tiles.in_the_photos_colours(painted, small) if request.keep_colours else painted
                return float(np.abs(seen.astype(np.float32) - small).mean())

            vector = torch.lerp(own, towards, even_share(measured(departure), strength))
        return tiles.paint(pair.transformer, photo, vector, request.stroke_size, request.keep_colours)

    return paint
