"""The losses of CycleGAN and UNIT that are more than a difference of pictures."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.vgg16 import Vgg16

DARKEST, EDGE = 0.05, 0.1  # of values in [0,1]: what counts as black, and as an edge


def generator_loss(scores: list[Tensor]) -> Tensor:
    """The generator's least-squares loss: scores of its pictures, one tensor a scale, against 1 (arXiv 1611.04076)."""
    return torch.stack([(score - 1).square().mean() for score in scores]).mean()


def discriminator_loss(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """The discriminator's least-squares loss: real against 1, fake against 0."""
    return (generator_loss(real) + torch.stack([score.square().mean() for score in fake]).mean()) / 2


def kl_to_unit_gaussian(mean: Tensor) -> Tensor:
    """KL(N(mean, 1) || N(0, 1)), the mean over all numbers of a latent code."""
    return mean.float().square().mean() / 2


def unevenness(translated: Tensor, photo: Tensor) -> Tensor:
    """How unevenly pictures [N,3,H,W] in [0,1] are exposed anew where the photo is even: 0 for an even exposure.

    Mean difference over 1, 2 and 4 px of the exposures' logarithm, less where the photo has an edge. Keeps out the
    patterns with which a generator deceives a loss network. After the illumination smoothness of Zero-DCE
    (arXiv 2001.06826) and the edge-aware one of Godard et al. 2017 (arXiv 1609.03677).
    """
    exposure = torch.log((translated.float().clamp_min(0) + DARKEST) / (photo + DARKEST))
    total = torch.zeros((), device=photo.device)
    for axis in (2, 3):
        for apart in (1, 2, 4):
            length = photo.shape[axis] - apart
            step, edge = (x.narrow(axis, apart, length) - x.narrow(axis, 0, length) for x in (exposure, photo))
            even = torch.exp(-edge.abs().mean(1, keepdim=True) / EDGE)
            total = total + (even * step.abs()).mean() / 6
    return total


class PerceptualDistance(nn.Module):
    """Mean squared distance of instance-normalised VGG-16 features (relu3_3): what is where, whatever the colours.

    Pictures [N,3,H,W] in [0,1]. Weights stay frozen. After Huang et al. 2018 (arXiv 1804.04732), which uses relu5_3.
    """

    def __init__(self) -> None:
        super().__init__()
        self.vgg = Vgg16().requires_grad_(False)

    def forward(self, translated: Tensor, photo: Tensor) -> Tensor:
        with torch.no_grad():
            target = F.instance_norm(self.vgg(photo)["relu3_3"].float())
        return (F.instance_norm(self.vgg(translated)["relu3_3"].float()) - target).square().mean()
