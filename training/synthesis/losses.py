"""The adversarial losses of generator and discriminator.

bce           binary cross entropy, the generator's not saturating: Goodfellow et al. 2014 (arXiv 1406.2661)
mse           least squares: Mao et al. 2017 (arXiv 1611.04076)
wasserstein   the difference of mean scores: Arjovsky et al. 2017 (arXiv 1701.07875). As in the source, spectral
              normalisation alone bounds the discriminator: there is neither clipping nor a gradient penalty
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.synthesis.augmentation import augmented

LOSSES = ("bce", "mse", "wasserstein")
SMOOTHED = 0.8  # the least label of a real picture


def adversarial(kind: str, scores: Tensor, labels: Tensor) -> Tensor:
    """The loss, [], of scores [N] for labels [N] in [0,1]; `wasserstein` takes 0.5 and more for 1, less for 0."""
    if kind == "bce":
        return F.binary_cross_entropy_with_logits(scores, labels)
    if kind == "mse":
        return (scores - labels).square().mean()
    return (scores * (1 - 2 * (labels >= 0.5))).mean()


def real_labels(scores: Tensor, smoothing: bool) -> Tensor:
    """1 for each real picture, or with one-sided label smoothing a number from [0.8, 1]; those of invented ones are 0.

    Salimans et al. 2016 (arXiv 1606.03498), section 3.4, there 0.9; random as in the source.
    """
    ones = torch.ones_like(scores)
    return ones - (1 - SMOOTHED) * torch.rand_like(scores) if smoothing else ones


class GeneratorLoss(nn.Module):
    """A generator and its loss, as a step calls it. `config`: a training.synthesis.config.SynthesisConfig."""

    def __init__(self, generator: nn.Module, config: Any):
        super().__init__()
        self.generator, self.config = generator, config

    def forward(self, noise: Tensor, discriminator: nn.Module) -> tuple[Tensor, Tensor]:
        """Noise [N,128] -> the loss, [], and the invented pictures [N,3,S,S] in [0,1], detached."""
        pictures = self.generator(noise).float()
        scores = discriminator(augmented(pictures) if self.config.augmentation else pictures)
        return adversarial(self.config.loss, scores, torch.ones_like(scores)), pictures.detach()


class DiscriminatorLosses(nn.Module):
    """A discriminator and its losses, as a step calls it. `config`: a training.synthesis.config.SynthesisConfig."""

    def __init__(self, discriminator: nn.Module, config: Any):
        super().__init__()
        self.discriminator, self.config = discriminator, config

    def forward(self, real: Tensor, invented: Tensor) -> dict[str, Tensor]:
        """Pictures [N,3,S,S] in [0,1] -> losses by name, [], each on a batch of its own."""
        c = self.config
        seen = [augmented(each) if c.augmentation else each for each in (real, invented)]
        real_scores, invented_scores = (self.discriminator(each) for each in seen)
        labels = real_labels(real_scores, c.smoothing)
        return {
            "discriminator_real": adversarial(c.loss, real_scores, labels),
            "discriminator_invented": adversarial(c.loss, invented_scores, torch.zeros_like(invented_scores)),
        }
