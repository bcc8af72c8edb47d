"""A style transformer that recolours: for each place it gives a colour matrix and an offset, not a colour.

After bilateral learning (Gharbi et al. 2017, arXiv 1707.02880) the exit multiplies the photo's own colours by a matrix
that varies over the picture, so that edges are as sharp and as clean as the photo's. An exit that makes the colours
themselves left combs and coloured rims along every edge (docs/style-transformer.md). Stem and blocks are those of
training/style/transformer.py:

    layer                                       size   out    parameters
    conv 8x8 s4, norm, ReLU                     1/4    64         12,352
    7 blocks of 2 x (depthwise 3x3,             1/4    64     7 x  9,600
      pointwise, norm), residual
    depthwise 3x3, pointwise, norm, ReLU        1/4    24          2,200
    doubled, photo joined, conv 3x3, FiLM, ReLU 1/2    24          5,856
    colours: conv 3x3, doubled                  1/1    11          2,387
    light: conv 3x3, depth to space, smoothed   1/1     1            868
    painted = sigmoid(matrix x photo + offset)  1/1     3              0
    101 -> scales, shifts of 17 norms                2016        205,632

296,495 parameters. Of the 11 numbers 9 are the matrix and 2 the offset in Cb and Cr, at half the size, since eyes see
little colour in fine detail; the offset in light has the full size.

The vector's first number is the share of the photo that is kept (training/style/transformer.py), its last,
which comes after the style's 100, the boldness (bold_transformer.py), on which all scales and shifts depend linearly.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.layers import SubPixelConv, conv
from training.style.transformer import KEPT, VECTOR, Block, Conditional, instance_norm

TO_RGB = ((1.0, 0.0, 1.402), (1.0, -0.344, -0.714), (1.0, 1.772, 0.0))  # columns: light, Cb, Cr (ITU-R BT.601)


class Double(nn.Module):
    """[N,C,H,W] -> [N,C,2H,2W], each channel by itself with the kernel [1, 5, 10, 10, 5, 1]: no grid remains."""

    kernels: Tensor

    def __init__(self, channels: int):
        super().__init__()
        near, far = torch.tensor([5.0, 10.0, 1.0]) / 16, torch.tensor([1.0, 10.0, 5.0]) / 16
        four = torch.stack([torch.outer(y, x) for y in (near, far) for x in (near, far)])
        self.register_buffer("kernels", four[:, None].repeat(channels, 1, 1, 1), persistent=False)
        self.channels = channels

    def forward(self, x: Tensor) -> Tensor:
        fours = F.conv2d(F.pad(x, (1, 1, 1, 1), "reflect"), self.kernels.to(x.dtype), groups=self.channels)
        return F.pixel_shuffle(fours, 2)


class AffineTransformer(Conditional):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 8, and vector with boldness [N,101] -> painted [N,3,H,W]."""

    bold = True

    def __init__(self, channels: int = 64, blocks: int = 7, exit: int = 24):
        super().__init__([channels] * (2 * blocks + 1) + [exit, exit], VECTOR + 1)
        self.stem = nn.Conv2d(3, channels, 8, 4, 2, padding_mode="reflect")
        self.blocks = nn.ModuleList([Block(channels) for _ in range(blocks)])
        self.exit_depthwise, self.exit_pointwise = conv(channels, channels, 3, channels), nn.Conv2d(channels, exit, 1)
        self.to_half, self.exit_half = Double(exit), conv(exit + 3, exit, 3)
        self.exit_colours, self.to_full = conv(exit, 11, 3), Double(11)
        self.exit_light, self.smooth = SubPixelConv(exit, 1), Smooth()
        self._begin_as_the_photo()

    def _begin_as_the_photo(self) -> None:
        """Untrained it gives the photo a little softer: the matrix begins as twice the identity."""
        with torch.no_grad():
            for layer in (self.exit_colours, self.exit_light):
                assert layer.bias is not None
                layer.weight.mul_(0.3)
                layer.bias.zero_()
            self.exit_colours.bias[[0, 4, 8]] = 2.0  # type: ignore[index]

    def forward(self, photo: Tensor, vector: Tensor) -> Tensor:
        stem, *body, exit, film = self.scales_and_shifts(vector)
        x = F.relu(instance_norm(self.stem(photo), *stem))
        for i, block in enumerate(self.blocks):
            x = block(x, body[2 * i], body[2 * i + 1])
        x = F.relu(instance_norm(self.exit_pointwise(self.exit_depthwise(x)), *exit))
        x = self.exit_half(torch.cat([self.to_half(x), (F.avg_pool2d(photo, 2) - 0.5).to(x.dtype)], 1))
        scale, shift = film  # no norm here: Perez et al. 2018 (arXiv 1709.07871)
        painted = self._recoloured(photo, F.relu(x * scale + shift))
        share = 1 - vector[:, KEPT, None, None, None].clamp(0, 1)
        # slower at both ends: on smooth photos the faintest strokes show, and near 1 the vector changes most
        return photo + share * (1 + 6 * share - 4 * share * share) / 3 * (painted - photo)

    def _recoloured(self, photo: Tensor, half: Tensor) -> Tensor:
        """sigmoid(matrix x photo + offset) from the features at half the size."""
        colours = self.to_full(self.exit_colours(half)).float()
        light, cb, cr = self.smooth(self.exit_light(half).float()), colours[:, 9:10], colours[:, 10:11]
        centred = photo * 2 - 1
        rows = []
        for i in range(3):
            row = sum(colours[:, 3 * i + j : 3 * i + j + 1] * centred[:, j : j + 1] for j in range(3))
            rows.append(row + light + TO_RGB[i][1] * cb + TO_RGB[i][2] * cr)
        return torch.sigmoid(torch.cat(rows, 1))


class Smooth(nn.Module):
    """[N,1,H,W] -> the same size, by [1, 2, 1] / 4 along both sides: what is left of the grid of 2 px goes."""

    kernel: Tensor

    def __init__(self) -> None:
        super().__init__()
        kernel = torch.tensor([1.0, 2.0, 1.0]) / 4
        self.register_buffer("kernel", torch.outer(kernel, kernel)[None, None], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(F.pad(x, (1, 1, 1, 1), "reflect"), self.kernel.to(x.dtype))
