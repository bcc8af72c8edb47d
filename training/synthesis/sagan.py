"""SAGAN: DCGAN's networks with self-attention, spectral normalisation and minibatch discrimination.

Self-Attention Generative Adversarial Networks, Zhang et al. 2019 (arXiv 1805.08318), as the source has it: plain
convolutions where the paper has residual blocks. The source's drawing of its layers is lost, so the sizes are DCGAN's
(dcgan.py), which makes the two comparable:

    generator           channels    size        discriminator       channels    size
    noise                  128      1           picture                 3       64
    transposed conv       1024      4           conv, stride 2        128       32
    transposed, stride 2   512      8           conv, stride 2        256       16
    transposed, stride 2   256      16          conv, stride 2        512       8
    transposed, stride 2   128      32          conv, stride 2       1024       4
    transposed, stride 2     3      64          head: others, score     1

Self-attention (layers.py) follows the layer whose size is `attention`, in both networks. Batch norm and ReLU follow the
generator's convolutions, tanh its last; LeakyReLU 0.2 those of the discriminator, without batch norm. The weights of
both are spectrally normalised, as in the paper. `width` is a factor for all channels, and pictures of 32 px lack the
1024. With `width` 0.25, 64 px and attention at 16 px: 1.2 M and 1.7 M parameters, most of the latter in the head.
"""

from itertools import pairwise

from torch import Tensor, nn

from training.synthesis.dcgan import channels_of
from training.synthesis.layers import LATENT, Attention, Head, spectral


class Generator(nn.Module):
    """Noise [N,128] -> pictures [N,3,side,side] in [0,1]; `attention` is a size in px, 0 for none."""

    def __init__(self, size: int, width: float, attention: int, spectral_norm: bool):
        super().__init__()
        self.side = size
        channels, on = channels_of(size, width), spectral_norm
        layers: list[nn.Module] = [spectral(nn.ConvTranspose2d(LATENT, channels[0], 4, bias=False), on)]
        layers += [nn.BatchNorm2d(channels[0]), nn.ReLU()]
        for number, (inputs, outputs) in enumerate(pairwise(channels)):
            layers.append(spectral(nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), on))
            layers += [nn.BatchNorm2d(outputs), nn.ReLU()]
            if 8 << number == attention:
                layers.append(Attention(outputs, on))
        last = spectral(nn.ConvTranspose2d(channels[-1], 3, 4, 2, 1), on)
        self.layers = nn.Sequential(*layers, last, nn.Tanh())

    def forward(self, noise: Tensor) -> Tensor:
        return self.layers(noise[:, :, None, None]) / 2 + 0.5


class Discriminator(nn.Module):
    """Pictures [N,3,size,size] in [0,1] -> scores [N]; `attention` is a size in px, 0 for none."""

    def __init__(self, size: int, width: float, attention: int, spectral_norm: bool, minibatch_discrimination: bool):
        super().__init__()
        channels, layers = [3, *channels_of(size, width)[::-1]], list[nn.Module]()
        for number, (inputs, outputs) in enumerate(pairwise(channels)):
            layers += [spectral(nn.Conv2d(inputs, outputs, 4, 2, 1), spectral_norm), nn.LeakyReLU(0.2)]
            if size >> number + 1 == attention:
                layers.append(Attention(outputs, spectral_norm))
        self.layers = nn.Sequential(*layers)
        self.head = Head(channels[-1], spectral_norm, minibatch_discrimination)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.head(self.layers(2 * pictures - 1))
