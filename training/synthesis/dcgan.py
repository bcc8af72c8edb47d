"""DCGAN, the baseline: a generator of transposed convolutions and a discriminator of strided ones.

Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks, Radford et al. 2016 (arXiv
1511.06434). All kernels are 4x4, as in its authors' later code; the paper has 5x5.

    generator           channels    size        discriminator       channels    size
    noise                  128      1           picture                 3       64
    transposed conv       1024      4           conv, stride 2        128       32
    transposed, stride 2   512      8           conv, stride 2        256       16
    transposed, stride 2   256      16          conv, stride 2        512       8
    transposed, stride 2   128      32          conv, stride 2       1024       4
    transposed, stride 2     3      64          conv                    1       1

Batch norm and ReLU follow the generator's convolutions, tanh its last; batch norm and LeakyReLU 0.2 those of the
discriminator, its first (no batch norm) and last (a score) aside. `width` is a factor for all channels, and pictures of
32 px lack the 1024. Weights begin with a deviation of 0.02. With `width` 0.25 and 64 px: 1.2 M and 0.7 M parameters.
"""

from itertools import pairwise

from torch import Tensor, nn

from training.synthesis.layers import LATENT


def channels_of(size: int, width: float) -> list[int]:
    """Channels at 4, 8 ... size / 2 px."""
    return [max(1, round(width * 64 * size / side)) for side in (4, 8, 16, 32) if side < size]


class Generator(nn.Module):
    """Noise [N,128] -> pictures [N,3,side,side] in [0,1]."""

    def __init__(self, size: int, width: float):
        super().__init__()
        self.side = size
        channels = channels_of(size, width)
        layers = [*self._block(LATENT, channels[0], 1, 0)]
        for inputs, outputs in pairwise(channels):
            layers += self._block(inputs, outputs, 2, 1)
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(channels[-1], 3, 4, 2, 1), nn.Tanh())
        begin_small(self)

    @staticmethod
    def _block(inputs: int, outputs: int, stride: int, padding: int) -> list[nn.Module]:
        conv = nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False)
        return [conv, nn.BatchNorm2d(outputs), nn.ReLU()]

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise[:, :, None, None]) / 2 + 0.5


class Discriminator(nn.Module):
    """Pictures [N,3,size,size] in [0,1] -> scores [N]."""

    def __init__(self, size: int, width: float):
        super().__init__()
        first, *_, last = channels = channels_of(size, width)[::-1]
        layers: list[nn.Module] = [nn.Conv2d(3, first, 4, 2, 1), nn.LeakyReLU(0.2)]
        for inputs, outputs in pairwise(channels):
            conv = nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)
            layers += [conv, nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(last, 1, 4))
        begin_small(self)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.layers(2 * pictures - 1)[:, 0, 0, 0].float()


def begin_small(network: nn.Module) -> None:
    """Weights of convolutions from N(0, 0.02)."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0, 0.02)
