"""The networks of the task, by the values of the option that chooses them, and how a photo is run through one."""

import numpy as np
import torch
from PIL import Image
from torch import nn

from training.common import guided
from training.common.squares import to_tensor, working_size
from training.portrait.mask import MaskNetwork
from training.portrait.segnet import SegNet

NETWORKS = ("mask", "segnet")
SIDE, MULTIPLE = 256, 32  # px: of the longer side at which photos are looked at, and of both sides
BOXES, FLAT = 64, 1e-3  # of the guided upsampling by which a mask follows the photo's edges
SURE, LEAST = 0.97, 0.01  # what is likelier is surely a person; the share of a picture that is, where anybody is there
CONSTANTS = {"multiple": MULTIPLE, "side": SIDE, "boxes": BOXES, "flat": FLAT, "sure": SURE, "least": LEAST}
"""Those that the page shares, by their names in the manifest."""


def network_of(name: str, width: float) -> MaskNetwork | SegNet:
    """The network called so; `width` is SegNet's."""
    return SegNet(width) if name == "segnet" else MaskNetwork()


def looked_at(photo: Image.Image) -> torch.Tensor:
    """A photo as the network sees it: [1,3,h,w] in [0,1], SIDE px on the longer side."""
    size = working_size(*photo.size, SIDE, MULTIPLE)
    return to_tensor(photo.resize(size, Image.Resampling.BOX, reducing_gap=None))[None]


def found(network: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Photo [1,3,h,w] in [0,1] -> its mask [1,1,h,w]: the mean of what is found on it and on its mirror image.

    What is seen on one of them alone is often no person.
    """
    straight, mirrored = network(torch.cat([x, x.flip(3)])).chunk(2)
    return (straight + mirrored.flip(3)) / 2


def shows_anybody(mask: np.ndarray) -> bool:
    """Whether a mask, [H,W] in [0,1], shows anybody, as the page decides it: what is nearly one seldom is so sure."""
    return bool((mask > SURE).mean() >= LEAST)


@torch.no_grad()
def mask_of(network: nn.Module, photo: Image.Image, device: torch.device | str = "cpu") -> np.ndarray:
    """A photo's mask at its own size, [H,W] in [0,1]: found at SIDE px, then fitted to the photo, as in the page."""
    x = looked_at(photo)
    mask = found(network, x.to(device)).float().cpu().expand(-1, 3, -1, -1)  # a translation has three channels
    maps = guided.fit(x, mask, BOXES, FLAT)
    return guided.upsample(np.array(photo), maps)[..., 0].astype(np.float32) / 255
