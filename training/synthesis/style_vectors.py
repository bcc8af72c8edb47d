"""Networks that invent styles: a generator makes a style vector of noise, and a discriminator tells it from real ones.

A style is 100 numbers (training/style), so these are small: no picture has to be invented first, and what they make is
painted at once. The source invents pictures only; this is the project's own.

    network         layers                                                    parameters
    generator       128 -> 256 -> 256, which beside the noise itself -> 100      137,316
    discriminator   100 -> 256 -> 256, minibatch discrimination, a score         157,473

The generator begins as the Gaussian of the real vectors: noise times their principal axes. What its hidden layers add
begins at 0 and learns what a Gaussian does not have.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.synthesis.layers import LATENT, MinibatchDiscrimination, spectral

NUMBERS, HIDDEN = 100, 256  # of a style vector, and of the hidden layers
LEAST = 1e-6  # a number that differs less between real vectors is one that they share, as the share of the photo kept


class Scale(nn.Module):
    """Mean and standard deviation of each number of real vectors; where they share a number, the deviation is 0."""

    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(NUMBERS))
        self.register_buffer("deviation", torch.ones(NUMBERS))

    def read(self, vectors: Tensor) -> None:
        """Take them from real vectors [N,100]."""
        self.mean.copy_(vectors.mean(0))
        deviation = vectors.std(0)
        self.deviation.copy_(torch.where(deviation > LEAST, deviation, 0))

    def normalised(self, vectors: Tensor) -> Tensor:
        """[N,100] with mean 0 and deviation 1; numbers that all vectors share are 0."""
        return (vectors - self.mean) / self.deviation.clamp(min=LEAST) * (self.deviation > 0)

    def forward(self, normalised: Tensor) -> Tensor:
        """The reverse."""
        return self.mean + self.deviation * normalised


class VectorGenerator(nn.Module):
    """Noise [N,128] -> style vectors [N,100]."""

    def __init__(self) -> None:
        super().__init__()
        self.bent = nn.Sequential(
            nn.Linear(LATENT, HIDDEN), nn.LeakyReLU(0.2), nn.Linear(HIDDEN, HIDDEN), nn.LeakyReLU(0.2)
        )
        self.last = nn.Linear(LATENT + HIDDEN, NUMBERS)
        self.scale = Scale()

    def forward(self, noise: Tensor) -> Tensor:
        return self.scale(self.last(torch.cat([noise, self.bent(noise)], 1)))

    @torch.no_grad()
    def begin(self, vectors: Tensor) -> None:
        """Become the Gaussian of real vectors [N,100]."""
        self.scale.read(vectors)
        _, lengths, axes = torch.linalg.svd(self.scale.normalised(vectors), full_matrices=False)
        for each in (self.last.weight, self.last.bias):
            each.zero_()
        self.last.weight[:, : len(lengths)] = lengths / len(vectors) ** 0.5 * axes.T


class VectorDiscriminator(nn.Module):
    """Style vectors [N,100] -> a score for each, [N]; it compares the vectors of a batch with one another."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = Scale()
        self.first, self.second = (spectral(nn.Linear(inputs, HIDDEN)) for inputs in (NUMBERS, HIDDEN))
        self.others = MinibatchDiscrimination(HIDDEN, spectral_norm=True)
        self.score = spectral(nn.Linear(HIDDEN + MinibatchDiscrimination.MEASURES, 1))

    def forward(self, vectors: Tensor) -> Tensor:
        features = F.leaky_relu(self.first(self.scale.normalised(vectors)), 0.2)
        features = F.leaky_relu(self.second(features), 0.2)
        return self.score(self.others(features))[:, 0].float()
