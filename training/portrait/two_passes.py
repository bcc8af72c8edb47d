"""A portrait painted by SANet in two passes, which are laid over one another by the mask of its people.

In the background pass style dominates, in the portrait pass content does: each has weights W1 and W2 of its own
(sanet.py). The mask is that of the published network, soft at its outlines.
"""

from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from training.common.squares import to_picture, to_tensor, working_size
from training.common.task import BadRequest, Painter, Request
from training.portrait.load import load_mask, load_sanet
from training.portrait.networks import mask_of
from training.portrait.sanet import SaNet, weighted

MASK = Path(__file__).with_name("published")
BACKGROUND, PORTRAIT = (1.0, 1.0), (0.5, 0.25)  # W1 and W2
STYLE, LONGEST = 256, 512  # px, of the longer sides: attention compares all places, so larger photos are enlarged to


class Passes:
    """Photo and style, [N,3,H,W] in [0,1] each, encoded once: (w1, w2) -> painted with these weights, likewise."""

    @torch.no_grad()
    def __init__(self, network: SaNet, photo: Tensor, style: Tensor):
        self.network, self.content = network, network.encoder(photo)
        self.own = network.attend(self.content, self.content)
        self.given = network.attend(self.content, network.encoder(style))

    @torch.no_grad()
    def __call__(self, w1: float, w2: float) -> Tensor:
        return self.network.decode(self.content, weighted(self.own, self.given, w1, w2)).clamp(0, 1)


def laid_over(portrait: Tensor, background: Tensor, mask: Tensor) -> Tensor:
    """The portrait pass where the mask is 1 and the background pass where it is 0; [N,3,H,W], and [H,W] in [0,1]."""
    return torch.lerp(background, portrait, mask.expand_as(portrait))


def painter(run: Path, request: Request) -> Painter:
    """Paints photos in the style of a picture. Raises NotARun, BadRequest."""
    if request.style is None:
        raise BadRequest(f"{run} paints in styles: name a style picture (--style)")
    asked = request.strength, request.stroke_size, request.keep_colours, request.boldness
    if asked != (1, 1, False, None):
        raise BadRequest("a SANet has no --strength, --stroke-size, --keep-colours or --boldness: leave them out")
    network, people = load_sanet(run), load_mask(MASK).network
    style = _tensor(request.style, STYLE, network.multiple)

    def paint(photo: Image.Image) -> Image.Image:
        x = _tensor(photo, LONGEST, network.multiple)
        passes, mask = Passes(network, x, style), torch.from_numpy(mask_of(people, to_picture(x[0])))
        painted = laid_over(passes(*PORTRAIT), passes(*BACKGROUND), mask)
        return to_picture(painted[0]).resize(photo.size, Image.Resampling.BICUBIC)

    return paint


def _tensor(picture: Image.Image, longest: int, multiple: int) -> Tensor:
    """[1,3,H,W] in [0,1] of a size that the network takes, never larger than asked for."""
    size = working_size(*picture.size, longest, multiple)
    return to_tensor(picture.resize(size, Image.Resampling.LANCZOS))[None]
