"""The discriminators, `--discriminator`:

    source      convs 4x4 s4 3-32, 32-64, 64-128, 128-1, ReLU between; one score for a picture of 256 px
    patch       convs 4x4 3-64 s2, 64-128 s2, 128-256 s2, 256-512, 512-1; LeakyReLU 0.2, instance norm after the middle
                three. Each score sees 70x70 px
    multiscale  convs 4x4 s2 3-64, 64-128, 128-256, 256-512, conv 1x1 512-1, LeakyReLU 0.2: on the picture, its half and
                its quarter (as UNIT's code). Not normalised, so that it can tell a grey sky from a dark one

`patch` is that of Zhu et al. 2017 (arXiv 1703.10593), `source` that of D. Goncharenko 2019. Channels are those of
`--discriminator-width 1`. The latter prints a softmax over a single number, which is always 1: none here.
"""

from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from training.daynight.generators import normal_weights

SOURCE_SIZE = 256  # px, what the source's discriminator is laid out for


class SourceDiscriminator(nn.Module):
    """Pictures [N,3,H,W] in [0,1] -> [scores [N,1,1,1]]; other sizes than 256 px are resized."""

    def __init__(self, width: float = 1.0):
        super().__init__()
        sizes = [3, *(round(width * channels) for channels in (32, 64, 128)), 1]
        self.convs = nn.ModuleList([nn.Conv2d(i, o, 4, 4) for i, o in pairwise(sizes)])

    def forward(self, x: Tensor) -> list[Tensor]:
        if x.shape[2:] != (SOURCE_SIZE, SOURCE_SIZE):
            x = F.interpolate(x, (SOURCE_SIZE, SOURCE_SIZE), mode="bilinear")
        for conv in self.convs[:-1]:
            x = F.relu(conv(x))
        return [self.convs[-1](x).float()]


class PatchDiscriminator(nn.Module):
    """Pictures [N,3,H,W] in [0,1] -> [scores [N,1,H/8 - 2,W/8 - 2]], one for each patch of 70x70 px."""

    def __init__(self, width: float = 1.0):
        super().__init__()
        a, b, c, d = (round(width * channels) for channels in (64, 128, 256, 512))
        self.layers = nn.Sequential(
            nn.Conv2d(3, a, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(a, b, 4, 2, 1), nn.InstanceNorm2d(b), nn.LeakyReLU(0.2),
            nn.Conv2d(b, c, 4, 2, 1), nn.InstanceNorm2d(c), nn.LeakyReLU(0.2),
            nn.Conv2d(c, d, 4, 1, 1), nn.InstanceNorm2d(d), nn.LeakyReLU(0.2),
            nn.Conv2d(d, 1, 4, 1, 1),
        )  # fmt: skip
        normal_weights(self)

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.layers(2 * x - 1).float()]


class MultiscaleDiscriminator(nn.Module):
    """Pictures [N,3,H,W] in [0,1] -> scores [N,1,h,w] of the picture, its half and its quarter."""

    def __init__(self, width: float = 1.0):
        super().__init__()
        sizes = [3, *(round(width * channels) for channels in (64, 128, 256, 512))]
        self.scales = nn.ModuleList([self._layers(sizes) for _ in range(3)])

    @staticmethod
    def _layers(sizes: list[int]) -> nn.Sequential:
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(sizes):
            layers += [nn.Conv2d(inputs, outputs, 4, 2, 1, padding_mode="reflect"), nn.LeakyReLU(0.2)]
            nn.init.kaiming_normal_(layers[-2].weight, 0.2)  # type: ignore[arg-type]
        return nn.Sequential(*layers, nn.Conv2d(sizes[-1], 1, 1))

    def forward(self, x: Tensor) -> list[Tensor]:
        scores, x = [], 2 * x - 1
        for scale in self.scales:
            scores.append(scale(x).float())
            x = F.avg_pool2d(x, 2)
        return scores
