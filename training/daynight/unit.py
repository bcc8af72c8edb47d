"""UNIT: two variational autoencoders with one latent space between them, day and night, each with a discriminator.

Unsupervised Image-to-Image Translation Networks, Liu, Breuel and Kautz 2017 (arXiv 1703.00848).

    encoder, one a kind    conv 7x7 3-64, conv 4x4 s2 64-128, s2 128-256, 3 residual blocks 256
    shared                 residual block 256: the last layer of both encoders; its output is the code's mean
    shared                 residual block 256: the first layer of both generators
    generator, one a kind  3 residual blocks 256, resize, conv 5x5 256-128, resize, conv 5x5 128-64, conv 7x7 64-3, tanh

Channels are those of `--width 1`; normalisation (`--normalisation`) and ReLU after each convolution but the last. The
code's deviation is 1; its noise is added in training alone. Losses, for day and night alike:

    lambda_0   adversarial, least squares, on the translated pictures
    lambda_1   KL of the picture's code            lambda_2   reconstruction within the kind, L1
    lambda_3   KL of the translated picture's code lambda_4   reconstruction by way of the other kind, L1
    vgg        instance-normalised VGG-16 features of the translated picture against the photo's
    kernel     distance of the translated pictures' Inception features to real ones': kernel.py
"""

from typing import Any

import torch
from torch import Tensor, nn

from training.daynight.kernel import KernelDistance
from training.daynight.losses import PerceptualDistance, fools, kl_to_unit_gaussian

KINDS = ("day", "night")
LOSSES = ("adversarial", "kl", "reconstruction", "cycle_kl", "cycle")  # lambda_0 to lambda_4
NORMALISATIONS: dict[str, Any] = {
    "none": lambda channels: nn.Identity(),
    "batch": nn.BatchNorm2d,
    "layer": lambda channels: nn.GroupNorm(1, channels),
    "instance": nn.InstanceNorm2d,
}


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with normalisation, and the input added."""

    def __init__(self, channels: int, normalisation: str):
        super().__init__()
        self.layers = nn.Sequential(
            *layer(channels, channels, 3, 1, normalisation), *layer(channels, channels, 3, 1, normalisation)[:-1]
        )
        if normalisation == "none":  # eight of them in a row would otherwise double the signal eight times
            nn.init.zeros_(self.layers[-2].weight)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


def layer(inputs: int, outputs: int, kernel: int, stride: int, normalisation: str) -> list[nn.Module]:
    """Convolution with reflection padding, normalisation, ReLU."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, padding_mode="reflect")
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return [conv, NORMALISATIONS[normalisation](outputs), nn.ReLU()]


class Encoder(nn.Sequential):
    """[N,3,H,W] in [0,1], H and W multiples of 4 -> [N,256,H/4,W/4], still without the shared layer."""

    def __init__(self, width: float, normalisation: str):
        a, b, c = (round(width * channels) for channels in (64, 128, 256))
        super().__init__(
            *layer(3, a, 7, 1, normalisation),
            *layer(a, b, 4, 2, normalisation),
            *layer(b, c, 4, 2, normalisation),
            *[ResidualBlock(c, normalisation) for _ in range(3)],
        )


class Generator(nn.Sequential):
    """What the shared layer gives, [N,256,H/4,W/4] -> [N,3,H,W] in [-1,1]."""

    def __init__(self, width: float, normalisation: str):
        a, b, c = (round(width * channels) for channels in (64, 128, 256))
        super().__init__(
            *[ResidualBlock(c, normalisation) for _ in range(3)],
            nn.Upsample(scale_factor=2),
            *layer(c, b, 5, 1, normalisation),
            nn.Upsample(scale_factor=2),
            *layer(b, a, 5, 1, normalisation),
            nn.Conv2d(a, 3, 7, 1, 3, padding_mode="reflect"),
            nn.Tanh(),
        )


class OneWay(nn.Module):
    """One direction: [N,3,H,W] in [0,1] -> translated, in [0,1], without noise."""

    def __init__(self, encoder: nn.Module, shared: nn.Module, generator: nn.Module):
        super().__init__()
        self.encoder, self.shared, self.generator = encoder, shared, generator

    def forward(self, x: Tensor) -> Tensor:
        return self.generator(self.shared(self.encoder(2 * x - 1))).float() * 0.5 + 0.5


class Unit(nn.Module):
    """Encoders, generators, what they share, and the losses on them. `config`: a training.daynight.train.Config."""

    def __init__(self, config: Any):
        super().__init__()
        self.config, channels = config, round(config.width * 256)
        self.encoders = nn.ModuleDict({kind: Encoder(config.width, config.normalisation) for kind in KINDS})
        self.generators = nn.ModuleDict({kind: Generator(config.width, config.normalisation) for kind in KINDS})
        self.shared_encoder = ResidualBlock(channels, config.normalisation)
        self.shared_generator = ResidualBlock(channels, config.normalisation)

    def encode(self, kind: str, x: Tensor) -> Tensor:
        """Pictures [N,3,H,W] in [0,1] -> the mean of their codes, [N,256,H/4,W/4]."""
        return self.shared_encoder(self.encoders[kind](2 * x - 1))

    def generate(self, kind: str, code: Tensor) -> Tensor:
        """Codes -> pictures [N,3,H,W] in [0,1]."""
        return self.generators[kind](self.shared_generator(code)).float() * 0.5 + 0.5

    def forward(
        self,
        day: Tensor,
        night: Tensor,
        discriminators: nn.ModuleDict,
        kernel: KernelDistance | None = None,
        perceptual: PerceptualDistance | None = None,
    ) -> tuple[dict, dict]:
        """One step's losses by name, the weighted `total` among them, and the translated pictures by kind."""
        c, both = self.config, []
        translated = {}
        for kind, other, x in (("day", "night", day), ("night", "day", night)):
            code = self.encode(kind, x)
            noisy = code + torch.randn_like(code)
            translated[other] = self.generate(other, noisy)
            back = self.encode(other, translated[other])
            losses = {
                "adversarial": fools(discriminators[other](translated[other])),
                "kl": kl_to_unit_gaussian(code),
                "reconstruction": (self.generate(kind, noisy) - x).abs().mean(),
                "cycle_kl": kl_to_unit_gaussian(back),
                "cycle": (self.generate(kind, back + torch.randn_like(back)) - x).abs().mean(),
            }
            if perceptual:
                losses["vgg"] = perceptual(translated[other], x)
            if kernel:
                losses["kernel"] = kernel(translated[other], other)
            both.append(losses)
        sums = {name: both[0][name] + both[1][name] for name in both[0]}
        weights = dict(zip(LOSSES, (c.lambda_0, c.lambda_1, c.lambda_2, c.lambda_3, c.lambda_4), strict=True))
        weights |= {"vgg": c.vgg_weight, "kernel": c.kernel_weight}
        sums["total"] = torch.stack([weights[name] * loss for name, loss in sums.items()]).sum()
        return sums, {kind: picture.detach() for kind, picture in translated.items()}

    def one_way(self, direction: str) -> nn.Module:
        """`day_to_night` or `night_to_day` as a network of its own, without the parts of the other direction."""
        kind, other = direction.split("_to_")
        return OneWay(
            self.encoders[kind], nn.Sequential(self.shared_encoder, self.shared_generator), self.generators[other]
        )

    def day_to_night(self, day: Tensor) -> Tensor:
        """[N,3,H,W] in [0,1] -> the same, without noise."""
        return self.generate("night", self.encode("day", day))

    def night_to_day(self, night: Tensor) -> Tensor:
        """[N,3,H,W] in [0,1] -> the same, without noise."""
        return self.generate("day", self.encode("night", night))

    def reconstruct_day(self, day: Tensor) -> Tensor:
        """Within the kind: encoded and generated as day."""
        return self.generate("day", self.encode("day", day))

    def reconstruct_night(self, night: Tensor) -> Tensor:
        """Within the kind: encoded and generated as night."""
        return self.generate("night", self.encode("night", night))
