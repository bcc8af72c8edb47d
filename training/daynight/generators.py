"""CycleGAN's generators, `--generator`:

    source   convs 3-32 s2, 32-64 s2, 64-128 s2, 128-128; 5 residual blocks 128; transposed convs 128-64 s2, 64-32 s2,
             32-16 s2; conv 16-3. All 3x3 with ReLU, the last one too; no normalisation
    resnet   conv 7x7 3-64, convs 3x3 64-128 s2, 128-256 s2; 9 residual blocks 256; transposed convs 3x3 256-128 s2,
             128-64 s2; conv 7x7 64-3, tanh. Instance norm and ReLU after each but the last
    small    curve_generator.py

`resnet` is that of Zhu et al. 2017 (arXiv 1703.10593), `source` that of D. Goncharenko 2019, who prints stride 2 for
the fourth convolution, whose output is as large as its input: stride 1 here. Channels are those of `--width 1`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SourceResidual(nn.Module):
    """Two 3x3 convolutions with ReLU, and the input added."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1), nn.Conv2d(channels, channels, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.conv2(F.relu(self.conv1(x))))


class SourceGenerator(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 8 -> translated, in [0,1]; in training, above 1 too."""

    def __init__(self, width: float = 1.0):
        super().__init__()
        a, b, c, d = (round(width * channels) for channels in (32, 64, 128, 16))
        self.convs = nn.ModuleList(
            [nn.Conv2d(i, o, 3, s, 1) for i, o, s in ((3, a, 2), (a, b, 2), (b, c, 2), (c, c, 1))]
        )
        self.blocks = nn.Sequential(*[SourceResidual(c) for _ in range(5)])
        self.transposed = nn.ModuleList(
            [nn.ConvTranspose2d(i, o, 3, 2, 1, output_padding=1) for i, o in ((c, b), (b, a), (a, d))]
        )
        self.exit = nn.Conv2d(d, 3, 3, 1, 1)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and layer.bias is not None:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        assert self.exit.bias is not None
        nn.init.constant_(self.exit.bias, 0.5)  # a ReLU that begins at 0 everywhere would never learn

    def forward(self, x: Tensor) -> Tensor:
        for conv in self.convs:
            x = F.relu(conv(x))
        x = self.blocks(x)
        for conv in self.transposed:
            x = F.relu(conv(x))
        x = F.relu(self.exit(x).float())
        return x if self.training else x.clamp(max=1)


class ResnetBlock(nn.Module):
    """Two 3x3 convolutions with instance norm, and the input added."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1, self.conv2 = (
            nn.Conv2d(channels, channels, 3, 1, 1, padding_mode="reflect"),
            nn.Conv2d(channels, channels, 3, 1, 1, padding_mode="reflect"),
        )
        self.norm = nn.InstanceNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.norm(self.conv2(F.relu(self.norm(self.conv1(x)))))


class ResnetGenerator(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 4 -> translated, in [0,1]."""

    def __init__(self, width: float = 1.0, blocks: int = 9):
        super().__init__()
        a, b, c = (round(width * channels) for channels in (64, 128, 256))
        self.layers = nn.Sequential(
            nn.Conv2d(3, a, 7, 1, 3, padding_mode="reflect"), nn.InstanceNorm2d(a), nn.ReLU(),
            nn.Conv2d(a, b, 3, 2, 1), nn.InstanceNorm2d(b), nn.ReLU(),
            nn.Conv2d(b, c, 3, 2, 1), nn.InstanceNorm2d(c), nn.ReLU(),
            *[ResnetBlock(c) for _ in range(blocks)],
            nn.ConvTranspose2d(c, b, 3, 2, 1, output_padding=1), nn.InstanceNorm2d(b), nn.ReLU(),
            nn.ConvTranspose2d(b, a, 3, 2, 1, output_padding=1), nn.InstanceNorm2d(a), nn.ReLU(),
            nn.Conv2d(a, 3, 7, 1, 3, padding_mode="reflect"),
        )  # fmt: skip
        normal_weights(self)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.layers(2 * x - 1).float()) * 0.5 + 0.5


def normal_weights(network: nn.Module) -> None:
    """Weights of mean 0 and deviation 0.02, as in the paper."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and layer.bias is not None:
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)
