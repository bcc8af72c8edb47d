"""The small day-night generator: it recolours the photo instead of painting one, so edges stay where they were.

Three maps come out at the photo's own size and act on each pixel x of each colour:

    exposure  g < 1 darkens:   x -> g x                      never steeper than the photo: blown-out skies stay smooth
              g > 1 brightens: x -> g x / (1 + x (g - 1))    from 0 to 0 and from 1 to 1
    light c   x -> (1 - a) x + a c                           lamps, windows and skies that no exposure can make
    cover a   how much of c, between 0 and 1

One exposure for the pixel, 1/20 to 20, times one for each colour, 1/3 to 3: a colour cast, but no rainbow. All steps
stay within [0,1] without clipping. (Curves instead of pixels: Guo et al. 2020, Zero-DCE, arXiv 2001.06826.)

    layer                                size   out    parameters
    conv 4x4 s2, ReLU                    1/2    24          1,176
    conv 4x4 s2, ReLU                    1/4    48         18,480
    conv 4x4 s2, norm, ReLU              1/8    96         74,016
    8 blocks of 2 x (depthwise 3x3,      1/8    96     8 x 20,928
      pointwise, norm), residual
    pointwise, resize, add the 1/4 step,
      depthwise 3x3, pointwise, ReLU     1/4    48          7,488
    pointwise, resize, add the 1/2 step,
      conv 3x3, ReLU                     1/2    24          6,384
    conv 3x3, depth to space             1/1     8          6,944

281,912 parameters; 7,500 multiply-adds a pixel. The first two layers are not normalised: how bright the photo is must
not be lost. Resizing is bilinear (nearest neighbours left bands of 4 px in skies after 100 steps), and the exit's four
kernels have equal sums, so flat skies stay flat.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.layers import SubPixelConv, conv

LARGEST, LARGEST_CAST = 3.0, 1.1  # of the exposures' logarithms


class InstanceNorm(nn.Module):
    """[N,C,H,W] to a trained mean and deviation in each channel; statistics in float32."""

    def __init__(self, channels: int):
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        centred = x.float() - x.float().mean((2, 3), keepdim=True)
        deviation = torch.rsqrt(centred.square().mean((2, 3), keepdim=True) + 1e-5)
        return centred * (self.scale[:, None, None] * deviation) + self.shift[:, None, None]


class Block(nn.Module):
    """Residual block of two depthwise separable convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.depthwise1, self.pointwise1 = conv(channels, channels, 3, channels), nn.Conv2d(channels, channels, 1)
        self.depthwise2, self.pointwise2 = conv(channels, channels, 3, channels), nn.Conv2d(channels, channels, 1)
        self.norm1, self.norm2 = InstanceNorm(channels), InstanceNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.pointwise1(self.depthwise1(x))))
        return x + self.norm2(self.pointwise2(self.depthwise2(y)))


class CurveGenerator(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 8 -> translated [N,3,H,W] in [0,1]. Begins near the identity.

    `inputs` and `outputs`: channels of a network that sees more than the photo, and says more (daylight.py).
    """

    def __init__(self, width: float = 1.0, blocks: int = 8, inputs: int = 3, outputs: int = 8):
        super().__init__()
        half, quarter, eighth = (round(width * channels) for channels in (24, 48, 96))
        self.to_half, self.to_quarter, self.to_eighth = down(inputs, half), down(half, quarter), down(quarter, eighth)
        self.norm = InstanceNorm(eighth)
        self.blocks = nn.Sequential(*[Block(eighth) for _ in range(blocks)])
        self.from_eighth, self.from_quarter = nn.Conv2d(eighth, quarter, 1), nn.Conv2d(quarter, half, 1)
        self.quarter_depthwise = conv(quarter, quarter, 3, quarter)
        self.quarter_pointwise = nn.Conv2d(quarter, quarter, 1)
        self.exit_half = conv(half, half, 3)
        self.exit = SubPixelConv(half, outputs)
        assert self.exit.bias is not None
        nn.init.normal_(self.exit.weight, std=0.01)
        nn.init.zeros_(self.exit.bias)
        nn.init.constant_(self.exit.bias[16:20], -3.0)  # the cover

    def forward(self, photo: Tensor) -> Tensor:
        return recoloured(photo, *self.maps(photo))

    def maps(self, photo: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logarithm of the exposure [N,3,H,W], cover [N,1,H,W] and light [N,3,H,W] in [0,1], all float32."""
        return bounded(self.numbers(photo))

    def numbers(self, seen: Tensor) -> Tensor:
        """[N,inputs,H,W] -> [N,outputs,H,W], float32: the maps before they are bounded."""
        half = F.relu(self.to_half(seen))
        quarter = F.relu(self.to_quarter(half))
        x = self.blocks(F.relu(self.norm(self.to_eighth(quarter))))
        x = quarter + F.interpolate(self.from_eighth(x), scale_factor=2, mode="bilinear")
        x = F.relu(self.quarter_pointwise(self.quarter_depthwise(x)))
        x = half + F.interpolate(self.from_quarter(x), scale_factor=2, mode="bilinear")
        return self.exit(F.relu(self.exit_half(x))).float()


def bounded(numbers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """[N,8,H,W] -> the maps: logarithm of the exposure [N,3,H,W], cover [N,1,H,W] and light [N,3,H,W] in [0,1]."""
    exposure = LARGEST * torch.tanh(numbers[:, :1]) + LARGEST_CAST * torch.tanh(numbers[:, 1:4])
    return exposure, torch.sigmoid(numbers[:, 4:5]), torch.sigmoid(numbers[:, 5:])


def recoloured(photo: Tensor, exposure: Tensor, cover: Tensor, light: Tensor) -> Tensor:
    """A photo [N,3,H,W] in [0,1] as the maps say, [N,3,H,W] in [0,1]."""
    darkened, brighter = photo * torch.exp(-F.relu(-exposure)), torch.exp(F.relu(exposure))
    exposed = darkened * brighter / (1 + darkened * (brighter - 1))
    return exposed + cover * (light - exposed)


def down(inputs: int, outputs: int) -> nn.Conv2d:
    """A convolution to half the size, with reflection padding."""
    return nn.Conv2d(inputs, outputs, 4, 2, 1, padding_mode="reflect")
