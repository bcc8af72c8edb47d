"""The small style transformer: a photo and a 100-number style vector in, the painted photo out.

After Ghiasi et al. 2017 (arXiv 1705.06830): instance norm whose scale and shift are linear in the style vector. The
source's transformer works at full size with 9x9 and 3x3 convolutions; this one does most of its work at a quarter.

    layer                                size   out    parameters
    conv 8x8 s4, norm, ReLU              1/4    64         12,352 + norm
    6 blocks of 2 x (depthwise 3x3,      1/4    64     6 x  9,600 + 2 norms
      pointwise, norm), residual
    conv 3x3, norm, ReLU                 1/4    64         36,928 + norm
    depth to space, conv 3x3, ReLU       1/2    16          2,320
    conv 3x3, depth to space, sigmoid    1/1     3          1,740
    norm: 100 -> scale, shift of 64                        12,928 each (14)

291,932 parameters; 8,800 multiply-adds a pixel. Reflection padding throughout. The convolution before a depth to
space begins as nearest-neighbour resize + convolution (ICNR, Aitken et al. 2017), so no checkerboard is learnt from.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

VECTOR = 100


class ConditionalInstanceNorm(nn.Module):
    """Instance norm with scale and shift linear in the style vector; statistics in float32."""

    def __init__(self, channels: int):
        super().__init__()
        self.scale = nn.Linear(VECTOR, channels)
        self.shift = nn.Linear(VECTOR, channels)
        for linear, start in ((self.scale, 1.0), (self.shift, 0.0)):
            nn.init.normal_(linear.weight, std=0.03)
            nn.init.constant_(linear.bias, start)

    def forward(self, x: Tensor, vector: Tensor) -> Tensor:
        x = x.float()
        centred = x - x.mean((2, 3), keepdim=True)
        variance = centred.square().mean((2, 3), keepdim=True)
        scale = self.scale(vector)[:, :, None, None].float() * torch.rsqrt(variance + 1e-5)
        return centred * scale + self.shift(vector)[:, :, None, None].float()


def conv(inputs: int, outputs: int, kernel: int, groups: int = 1) -> nn.Conv2d:
    """A convolution that keeps the size, with reflection padding."""
    return nn.Conv2d(inputs, outputs, kernel, 1, kernel // 2, groups=groups, padding_mode="reflect")


class Block(nn.Module):
    """Residual block of two depthwise separable convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.depthwise1, self.pointwise1 = conv(channels, channels, 3, channels), conv(channels, channels, 1)
        self.depthwise2, self.pointwise2 = conv(channels, channels, 3, channels), conv(channels, channels, 1)
        self.norm1, self.norm2 = ConditionalInstanceNorm(channels), ConditionalInstanceNorm(channels)

    def forward(self, x: Tensor, vector: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.pointwise1(self.depthwise1(x)), vector))
        return x + self.norm2(self.pointwise2(self.depthwise2(y)), vector)


class StyleTransformer(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 4, and vector [N,100] -> painted [N,3,H,W] in [0,1]."""

    def __init__(self, channels: int = 64, blocks: int = 6, exit: int = 16):
        super().__init__()
        self.stem = nn.Conv2d(3, channels, 8, 4, 2, padding_mode="reflect")
        self.stem_norm = ConditionalInstanceNorm(channels)
        self.blocks = nn.ModuleList([Block(channels) for _ in range(blocks)])
        self.exit1, self.exit_norm = conv(channels, 4 * exit, 3), ConditionalInstanceNorm(4 * exit)
        self.exit2 = conv(exit, exit, 3)
        self.exit3 = conv(exit, 12, 3)
        for layer in (self.exit1, self.exit3):
            _icnr(layer)

    def forward(self, photo: Tensor, vector: Tensor) -> Tensor:
        x = F.relu(self.stem_norm(self.stem(photo * 2 - 1), vector))
        for block in self.blocks:
            x = block(x, vector)
        x = F.pixel_shuffle(F.relu(self.exit_norm(self.exit1(x), vector)), 2)
        return torch.sigmoid(F.pixel_shuffle(self.exit3(F.relu(self.exit2(x))), 2).float())


@torch.no_grad()
def _icnr(layer: nn.Conv2d) -> None:
    """Make the four channels that depth to space lays side by side equal at the start."""
    assert layer.bias is not None
    layer.weight.copy_(layer.weight[::4].repeat_interleave(4, 0))
    layer.bias.copy_(layer.bias[::4].repeat_interleave(4, 0))
