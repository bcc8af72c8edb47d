"""Perceptual losses, each relative to its target, so that bright and dark, plain and busy styles weigh alike.

    style    Gram matrices of VGG-16 relu1_2, relu2_2, relu3_3         colours, grain
    strokes  Gram matrices of Inception-v3 conv_4, Mixed_5d, Mixed_6b  larger forms; without them a photo is only tinted
    content  features of VGG-16 relu3_3
    detail   the same, with more weight where the photo has fine structure: faces, windows, writing

Gatys et al. 2015 (arXiv 1508.06576), Johnson et al. 2016 (arXiv 1603.08155).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.inception_v3 import InceptionV3
from training.networks.vgg16 import Vgg16

STYLE = ("relu1_2", "relu2_2", "relu3_3")
STROKES = ("conv_4", "mixed_2", "mixed_4")

Grams = dict[str, Tensor]


def gram(features: Tensor) -> Tensor:
    """[N,C,H,W] -> [N,C,C]. Channels come last before the product: a backward pass of mixed layouts is slow."""
    f = features.permute(0, 2, 3, 1).flatten(1, 2)
    return f.transpose(1, 2) @ f / f.shape[1]


def relative(a: Tensor, b: Tensor, weight: Tensor | float = 1.0) -> Tensor:
    """weight |a - b|^2 / |b|^2 for each of N, as [N]."""
    difference = (weight * (a.float() - b.float()).square()).flatten(1).sum(1)
    return difference / b.float().square().flatten(1).sum(1).clamp_min(1e-8)


def mixed(a: Grams, b: Grams, share: Tensor) -> Grams:
    """Gram matrices between those of `a` (share 0) and of `b` (share 1); `share` is [N]."""
    return {name: torch.lerp(a[name].float(), b[name].float(), share[:, None, None]) for name in a}


def importance(photo: Tensor, grid: tuple[int, int]) -> Tensor:
    """Photo [N,3,H,W] -> how fine its structure is about each place of the grid, [N,1,h,w], 0.4 to 2.5, mean 1."""
    grey = photo.float().mean(1, keepdim=True)
    energy = (grey - F.avg_pool2d(grey, 9, 1, 4, count_include_pad=False)).square()
    fine = F.adaptive_avg_pool2d(F.avg_pool2d(energy, 17, 1, 8, count_include_pad=False), grid).sqrt() + 0.01
    weight = (fine / fine.mean((2, 3), keepdim=True)).clamp(0.4, 2.5)
    return weight / weight.mean((2, 3), keepdim=True)


class PerceptualLosses(nn.Module):
    """Pictures are [N,3,H,W] in [0,1], of any sizes. Weights stay frozen."""

    def __init__(self) -> None:
        super().__init__()
        self.vgg, self.inception = Vgg16(), InceptionV3("mixed_4")
        self.requires_grad_(False)

    @torch.no_grad()
    def grams(self, style: Tensor) -> Grams:
        """What a painted picture's Gram matrices shall be: [N,C,C] by layer."""
        features = self.features(style)
        return {name: gram(features[name]) for name in STYLE + STROKES}

    def features(self, pictures: Tensor) -> dict[str, Tensor]:
        """Features [N,C,H,W] by layer."""
        return {**self.vgg(pictures), **self.inception(pictures)}

    def distances(self, features: dict[str, Tensor], style: Grams) -> dict[str, Tensor]:
        """Relative distances of Gram matrices, [N] by layer."""
        return {name: relative(gram(features[name]), style[name]) for name in STYLE + STROKES}

    def forward(self, painted: Tensor, photo: Tensor, style: Grams) -> dict[str, Tensor]:
        """{'style', 'strokes', 'content', 'detail'}: [N] each."""
        with torch.no_grad():
            content = self.vgg(photo)["relu3_3"]
        features = self.features(painted)
        distances = self.distances(features, style)
        return {
            "style": torch.stack([distances[name] for name in STYLE]).mean(0),
            "strokes": torch.stack([distances[name] for name in STROKES]).mean(0),
            "content": relative(features["relu3_3"], content),
            "detail": relative(features["relu3_3"], content, importance(photo, (content.shape[2], content.shape[3]))),
        }

    def load_imagenet(self, vgg16: dict[str, Tensor], inception_v3: dict[str, Tensor]) -> None:
        self.vgg.load_imagenet(vgg16)
        self.inception.load_imagenet(inception_v3)
