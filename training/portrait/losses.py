"""The losses of a mask: cross entropy, more of it along outlines, and the overlap that is measured."""

import torch.nn.functional as F
from torch import Tensor, nn

from training.portrait.mask import MaskNetwork
from training.portrait.segnet import SegNet

OUTLINE, REACH = 2.0, 4  # additional weight along an outline; px to both sides of it
LITTLE = 1e-3  # of the picture: an overlap of less counts little, so that an empty mask has one too


class MaskLosses(nn.Module):
    """A network (mask.py, segnet.py) and its losses, as a step calls it."""

    def __init__(self, network: MaskNetwork | SegNet):
        super().__init__()
        self.network = network

    def forward(self, photos: Tensor, masks: Tensor) -> dict[str, Tensor]:
        """[N,3,H,W] and [N,1,H,W], both in [0,1] -> losses by name, [], the `total` among them."""
        logits = self.network.logits(photos).float()
        losses = {"cross_entropy": cross_entropy(logits, masks), "overlap": overlap_loss(logits.sigmoid(), masks)}
        return {**losses, "total": losses["cross_entropy"] + losses["overlap"]}


def cross_entropy(logits: Tensor, masks: Tensor) -> Tensor:
    """Mean binary cross entropy, [N,1,H,W] each; OUTLINE is added to its weight within REACH of an outline."""
    near = F.avg_pool2d(masks, 2 * REACH + 1, 1, REACH, count_include_pad=False)
    weight = 1 + OUTLINE * ((near > 0.01) & (near < 0.99))
    return (weight * F.binary_cross_entropy_with_logits(logits, masks, reduction="none")).sum() / weight.sum()


def overlap_loss(probabilities: Tensor, masks: Tensor) -> Tensor:
    """1 minus the soft intersection over union, the mean over pictures, [N,1,H,W] in [0,1] each.

    Rahman and Wang 2016, Optimizing intersection-over-union in deep neural networks for image segmentation.
    """
    both = (probabilities * masks).mean((1, 2, 3))
    union = probabilities.mean((1, 2, 3)) + masks.mean((1, 2, 3)) - both
    return (1 - (both + LITTLE) / (union + LITTLE)).mean()
