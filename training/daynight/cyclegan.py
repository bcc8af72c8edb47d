"""CycleGAN: two generators, day to night and night to day, and the discriminators that judge them.

Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, Zhu et al. 2017 (arXiv 1703.10593).

The generators, `--generator`:

    source   convs 3-32 s2, 32-64 s2, 64-128 s2, 128-128; 5 residual blocks 128; transposed convs 128-64 s2, 64-32 s2,
             32-16 s2; conv 16-3. All 3x3 with ReLU, the last one too; no normalisation
    resnet   conv 7x7 3-64, convs 3x3 64-128 s2, 128-256 s2; 9 residual blocks 256; transposed convs 3x3 256-128 s2,
             128-64 s2; conv 7x7 64-3, tanh. Instance norm and ReLU after each but the last
    small    see small.py

The discriminators, `--discriminator`:

    source      convs 4x4 s4 3-32, 32-64, 64-128, 128-1, ReLU between; one number for a picture of 256 px
    patch       convs 4x4 3-64 s2, 64-128 s2, 128-256 s2, 256-512, 512-1; LeakyReLU 0.2, instance norm after the middle
                three. Each number sees 70x70 px
    multiscale  convs 4x4 s2 3-64, 64-128, 128-256, 256-512, conv 1x1 512-1, LeakyReLU 0.2: on the picture, its half and
                its quarter (as UNIT's code). Not normalised, so that it can tell a grey sky from a dark one

Channels are those of `--width 1`. The source of `source` prints stride 2 for its fourth convolution, whose output is as
large as its input, and a softmax over a single number, which is always 1: stride 1 and no softmax here.
"""

from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.daynight.guided import carried
from training.daynight.kernel import KernelDistance
from training.daynight.losses import fools, unevenness
from training.daynight.small import SmallGenerator

SOURCE_SIZE = 256  # px, what the source's discriminator is laid out for


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
        begin_small(self)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.layers(2 * x - 1).float()) * 0.5 + 0.5


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
        begin_small(self)

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


def begin_small(network: nn.Module) -> None:
    """Weights of mean 0 and deviation 0.02, as in the paper."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and layer.bias is not None:
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)


GENERATORS: dict[str, Any] = {"source": SourceGenerator, "resnet": ResnetGenerator, "small": SmallGenerator}
DISCRIMINATORS: dict[str, Any] = {
    "source": SourceDiscriminator,
    "patch": PatchDiscriminator,
    "multiscale": MultiscaleDiscriminator,
}


class CycleGan(nn.Module):
    """Both generators and the losses on them. `config`: a training.daynight.train.Config."""

    def __init__(self, config: Any):
        super().__init__()
        self.config = config
        self.day_to_night = GENERATORS[config.generator](config.width)
        self.night_to_day = GENERATORS[config.generator](config.width)

    def forward(
        self, day: Tensor, night: Tensor, discriminators: nn.ModuleDict, kernel: KernelDistance | None = None
    ) -> tuple[dict, dict]:
        """One step's losses by name, the weighted `total` among them, and the translated pictures by kind."""
        c = self.config
        to_night, to_day = self.shown(day, self.day_to_night(day)), self.shown(night, self.night_to_day(night))
        losses = {"adversarial": fools(discriminators["night"](to_night)) + fools(discriminators["day"](to_day))}
        if c.cycle_weight:
            there = (self.night_to_day(to_night) - day).abs().mean()
            losses["cycle"] = there + (self.day_to_night(to_day) - night).abs().mean()
        if c.identity_weight:
            same = (self.day_to_night(night) - night).abs().mean()
            losses["identity"] = same + (self.night_to_day(day) - day).abs().mean()
        if c.unevenness_weight:
            losses["unevenness"] = unevenness(to_night, day) + unevenness(to_day, night)
        if kernel:
            losses["kernel"] = kernel(to_night, "night") + kernel(to_day, "day")
        weighted = [getattr(c, f"{name}_weight", 1.0) * loss for name, loss in losses.items()]
        losses["total"] = torch.stack(weighted).sum()
        return losses, {"night": to_night.detach(), "day": to_day.detach()}

    def shown(self, photos: Tensor, translated: Tensor) -> Tensor:
        """Translations [N,3,H,W] as the losses see them: with `guided`, as a visitor does."""
        return carried(photos, translated) if self.config.guided == "yes" else translated

    def reconstruct_day(self, day: Tensor) -> Tensor:
        """Day by way of night, [N,3,H,W] in [0,1]."""
        return self.night_to_day(self.day_to_night(day))

    def reconstruct_night(self, night: Tensor) -> Tensor:
        """Night by way of day, [N,3,H,W] in [0,1]."""
        return self.day_to_night(self.night_to_day(night))

    def one_way(self, direction: str) -> nn.Module:
        """The generator `day_to_night` or `night_to_day`."""
        return getattr(self, direction)
