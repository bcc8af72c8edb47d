"""Perceptual losses, each relative to what is aimed at, so that bright and dark, plain and busy styles weigh alike.

    style    Gram matrices of VGG-16 relu1_2, relu2_2, relu3_3         colours, grain
    strokes  Gram matrices of Inception-v3 conv_4, Mixed_5d, Mixed_6b  larger forms; without them a photo is only tinted
    content  features of VGG-16 relu3_3

Gatys et al. 2015 (arXiv 1508.06576), Johnson et al. 2016 (arXiv 1603.08155).
"""

import torch
from torch import Tensor, nn

from training.style.inception_v3 import InceptionV3
from training.style.vgg16 import Vgg16

STROKES = ("conv_4", "mixed_2", "mixed_4")


def gram(features: Tensor) -> Tensor:
    """[N,C,H,W] -> [N,C,C]; summed in float32 also where the features are bfloat16."""
    f = features.flatten(2)
    return f @ f.transpose(1, 2) / f.shape[2]


def relative(a: Tensor, b: Tensor) -> Tensor:
    """|a - b|^2 / |b|^2 for each of N, as [N]."""
    a, b = a.flatten(1).float(), b.flatten(1).float()
    return (a - b).square().sum(1) / b.square().sum(1).clamp_min(1e-8)


def _mean_relative(a: dict[str, Tensor], b: dict[str, Tensor], layers: tuple[str, ...]) -> Tensor:
    return torch.stack([relative(gram(a[k]), gram(b[k])) for k in layers]).mean(0)


class PerceptualLosses(nn.Module):
    """painted, photo, style: [N,3,H,W] in [0,1] -> {'style', 'strokes', 'content'}: [N] each. Weights stay frozen."""

    def __init__(self) -> None:
        super().__init__()
        self.vgg, self.inception = Vgg16(), InceptionV3("mixed_4")
        self.requires_grad_(False)

    def forward(self, painted: Tensor, photo: Tensor, style: Tensor) -> dict[str, Tensor]:
        with torch.no_grad():
            style_vgg, style_deep = self.vgg(style), self.inception(style)
            content = self.vgg(photo)["relu3_3"]
        vgg, deep = self.vgg(painted), self.inception(painted)
        return {
            "style": _mean_relative(vgg, style_vgg, ("relu1_2", "relu2_2", "relu3_3")),
            "strokes": _mean_relative(deep, style_deep, STROKES),
            "content": relative(vgg["relu3_3"], content),
        }

    def load_imagenet(self, vgg16: dict[str, Tensor], inception_v3: dict[str, Tensor]) -> None:
        self.vgg.load_imagenet(vgg16)
        self.inception.load_imagenet(inception_v3)
