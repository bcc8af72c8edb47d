"""Layers that several of the generators and discriminators are made of: spectral norm, attention, batch statistics."""

from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

Layer = TypeVar("Layer", nn.Conv2d, nn.ConvTranspose2d, nn.Linear)

LATENT = 128  # numbers of a noise vector, for all generators


class SpectralNorm(nn.Module):
    """Divides a weight by its largest singular value, which one power iteration a step follows.

    Spectral Normalization for Generative Adversarial Networks, Miyato et al. 2018 (arXiv 1802.05957). PyTorch's own
    takes both singular vectors as they were saved: of a moving average of weights, which has averaged vectors, its
    singular value would be wrong. Here the averaged one is made a unit vector again and the other follows from it.
    """

    u: Tensor

    def __init__(self, weight: Tensor, axis: int):
        super().__init__()
        self.axis = axis  # that of the outputs
        self.register_buffer("u", F.normalize(torch.randn(weight.shape[axis]), dim=0))

    def forward(self, weight: Tensor) -> Tensor:
        with torch.autocast(weight.device.type, enabled=False):
            matrix = weight.transpose(0, self.axis).flatten(1)
            with torch.no_grad():
                v = F.normalize(matrix.T @ self.u, dim=0)
                u = F.normalize(matrix @ v, dim=0)
                if self.training:
                    self.u.copy_(u)
            return weight / torch.vdot(u, matrix @ v)


def spectral(layer: Layer, on: bool = True) -> Layer:
    """The layer with a weight of spectral norm 1, or as it is."""
    if on:
        axis = int(isinstance(layer, nn.ConvTranspose2d))  # its weight is [inputs, outputs, H, W]
        parametrize.register_parametrization(layer, "weight", SpectralNorm(layer.weight, axis))
    return layer


def without_parametrizations(network: nn.Module) -> nn.Module:
    """The network, in eval mode and in place, with the weights that its spectral norms give it now."""
    network.eval()
    for layer in list(network.modules()):
        if parametrize.is_parametrized(layer):
            parametrize.remove_parametrizations(layer, "weight", leave_parametrized=True)
    return network


class Attention(nn.Module):
    """Self-attention: features [N,C,H,W] plus gamma times a mean of all places, weighted by likeness; gamma is 0 first.

    Self-Attention Generative Adversarial Networks, Zhang et al. 2019 (arXiv 1805.08318). f and g have C/8 channels, h
    has C. Each place's weights add up to 1, as in the paper; the source's formula sums over the other index.
    """

    def __init__(self, channels: int, spectral_norm: bool):
        super().__init__()
        few = max(1, channels // 8)
        self.f, self.g, self.h = (
            spectral(nn.Conv2d(channels, count, 1), spectral_norm) for count in (few, few, channels)
        )
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        f, g, h = (each(x).flatten(2) for each in (self.f, self.g, self.h))
        weights = (f.transpose(1, 2) @ g).softmax(-1)  # [N, place, place that it looks at]
        return x + self.gamma * (h @ weights.transpose(1, 2)).reshape(x.shape)


class MinibatchDiscrimination(nn.Module):
    """Features [N,A] -> [N,A+32]: appends how alike a picture is to the others of its batch, by 32 learned measures.

    Improved Techniques for Training GANs, Salimans et al. 2016 (arXiv 1606.03498), section 3.2: exp(-L1) of projected
    features. Here it is the mean over the other pictures, not the sum, so that it does not depend on the batch's size.
    """

    MEASURES, NUMBERS = 32, 8  # and numbers that each compares

    def __init__(self, features: int, spectral_norm: bool):
        super().__init__()
        self.project = spectral(nn.Linear(features, self.MEASURES * self.NUMBERS, bias=False), spectral_norm)

    def forward(self, x: Tensor) -> Tensor:
        projected = self.project(x).reshape(len(x), self.MEASURES, self.NUMBERS)
        alike = torch.exp(-(projected[:, None] - projected[None]).abs().sum(3)).sum(1) - 1  # less the picture itself
        return torch.cat([x, alike / max(1, len(x) - 1)], 1)


class Head(nn.Module):
    """Features [N,C,4,4] -> a score for each picture, [N], beside minibatch discrimination or without."""

    def __init__(self, channels: int, spectral_norm: bool, minibatch_discrimination: bool):
        super().__init__()
        features, measures = 16 * channels, MinibatchDiscrimination.MEASURES if minibatch_discrimination else 0
        self.others = MinibatchDiscrimination(features, spectral_norm) if minibatch_discrimination else nn.Identity()
        self.score = spectral(nn.Linear(features + measures, 1), spectral_norm)

    def forward(self, x: Tensor) -> Tensor:
        return self.score(self.others(x.flatten(1)))[:, 0].float()
