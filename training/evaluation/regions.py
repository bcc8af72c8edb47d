"""How far a painted picture is from photo and style, within a region and outside it.

    style      distance of the Gram matrices of VGG-16 relu1_2, relu2_2, relu3_3, each relative to the whole style
               picture's; in the painted picture a place counts as much as it belongs to the region
    content    LPIPS to the photo, the mean over the region (training/evaluation/perceptual.py)

Gatys et al. 2015 (arXiv 1508.06576); within regions after Gatys et al. 2017 (arXiv 1611.07865).
"""

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import weights
from training.evaluation.perceptual import LpipsMap
from training.networks.vgg16 import Vgg16


def gram(features: Tensor, region: Tensor) -> Tensor:
    """[N,C,H,W] and how far each place belongs to the region, [N,1,H,W] in [0,1] -> [N,C,C]."""
    rows, shares = features.flatten(2), region.flatten(2)
    return (rows * shares) @ rows.transpose(1, 2) / shares.sum(2, keepdim=True).clamp_min(1e-6)


class Regions:
    """Pictures are [1,3,H,W] in [0,1], regions [1,1,H,W] in [0,1]. Raises Missing without weights."""

    def __init__(self, sources: Sequence[str | Path], device: torch.device):
        self.vgg, self.lpips = Vgg16().requires_grad_(False).to(device), LpipsMap(sources, device)
        self.vgg.load_imagenet(weights.read(sources, ["vgg16"])["vgg16"])

    @torch.inference_mode()
    def grams(self, style: Tensor) -> list[Tensor]:
        """A style picture's Gram matrices, by layer."""
        return [gram(x, torch.ones_like(x[:, :1])) for x in self.vgg(style).values()]

    @torch.inference_mode()
    def distances(self, painted: Tensor, photo: Tensor, grams: list[Tensor], region: Tensor) -> dict[str, float]:
        """'style_inside', 'style_outside', 'content_inside' and 'content_outside' of a painted picture."""
        features, differences = list(self.vgg(painted).values()), self.lpips(painted, photo)[None]
        found = {}
        for name, part in (("inside", region), ("outside", 1 - region)):
            shares = [F.adaptive_avg_pool2d(part, x.shape[2:]) for x in features]
            own = [gram(x, share) for x, share in zip(features, shares, strict=True)]
            apart = [(a - b).square().sum() / b.square().sum() for a, b in zip(own, grams, strict=True)]
            found[f"style_{name}"] = torch.stack(apart).mean().item()
            found[f"content_{name}"] = ((differences * part.cpu()).sum() / part.cpu().sum().clamp_min(1e-6)).item()
        return found
