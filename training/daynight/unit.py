"""UNIT: two variational autoencoders with one latent space between them, day and night, each with a discriminator.

Unsupervised Image-to-Image Translation Networks, Liu, Breuel and Kautz 2017 (arXiv 1703.00848).

    encoder of a domain    conv 7x7 3-64, conv 4x4 s2 64-128, s2 128-256, 3 residual blocks 256
    shared                 residual block 256: the last layer of both encoders; its output is the code's mean
    shared                 residual block 256: the first layer of both generators
    generator of a domain  3 residual blocks 256, transposed conv 4x4 s2 256-128, s2 128-64, conv 7x7 64-3

Channels are those of `--width 1`; normalisation (`--normalisation`) and ReLU after each convolution but the last. The
code's deviation is 1; its noise is added in training alone. Without normalisation the networks begin as the identity:
the pixels of 4x4 squares travel in 48 of the code's channels, and training goes on from there.

Losses, for day and night alike:

    lambda_0   adversarial, least squares, on the translated pictures
    lambda_1   KL of the picture's code            lambda_2   reconstruction within the domain, L1
    lambda_3   KL of the translated picture's code lambda_4   reconstruction by way of the other domain, L1
    vgg        instance-normalised VGG-16 features of the translated picture against the photo's
    unevenness uneven exposures where the photo is even
    kernel     distance of the translated pictures' Inception features to real ones': kernel.py
"""

from typing import Any

import torch
from torch import Tensor, nn

from training.daynight.constants import DOMAINS
from training.daynight.kernel import KernelDistance
from training.daynight.losses import PerceptualDistance, generator_loss, kl_to_unit_gaussian, unevenness

LOSSES = ("adversarial", "kl", "reconstruction", "cycle_kl", "cycle")  # lambda_0 to lambda_4
PIXELS = 48  # numbers of a 4x4 square
SCALE = 32.0  # of the pixels in the code when training begins, for noise of deviation 1
Convolution = nn.Conv2d | nn.ConvTranspose2d
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
            nn.init.zeros_(self.layers[-2].bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


def layer(inputs: int, outputs: int, kernel: int, stride: int, normalisation: str) -> list[nn.Module]:
    """Convolution with reflection padding, normalisation, ReLU."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, padding_mode="reflect")
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return [conv, NORMALISATIONS[normalisation](outputs), nn.ReLU()]


def enlarging(inputs: int, outputs: int, normalisation: str) -> list[nn.Module]:
    """Transposed convolution to twice the size, normalisation, ReLU."""
    conv = nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    return [conv, NORMALISATIONS[normalisation](outputs), nn.ReLU()]


def convolutions(network: nn.Module) -> list[Convolution]:
    """Those of the network itself, not of its blocks, in their order."""
    return [layer for layer in network.children() if isinstance(layer, Convolution)]


def offsets(conv: Convolution) -> Tensor:
    """Its biases, to be changed in place."""
    assert conv.bias is not None
    return conv.bias.detach()


def carry(conv: Convolution, pictures: int, scale: float, offset: float) -> None:
    """Let a convolution hand on its first `pictures` inputs as they are, `scale` times and `offset` more.

    With stride 2 the pixels of 2x2 squares become four outputs; a transposed convolution puts them back.
    """
    transposed, stride, middle = isinstance(conv, nn.ConvTranspose2d), conv.stride[0], (conv.kernel_size[0] - 1) // 2
    squares, weight = stride**2, conv.weight.detach()
    made = pictures if transposed else squares * pictures
    (weight[:, :made] if transposed else weight[:made]).zero_()
    for i in range(squares * pictures):
        weight[i, i // squares, middle + i % squares // stride, middle + i % stride] = scale
    offsets(conv)[:made] = offset


class Encoder(nn.Sequential):
    """[N,3,H,W] in [-1,1], H and W multiples of 4 -> [N,256,H/4,W/4], still without the shared layer."""

    def __init__(self, width: float, normalisation: str):
        a, b, c = (round(width * channels) for channels in (64, 128, 256))
        super().__init__(
            *layer(3, a, 7, 1, normalisation),
            *layer(a, b, 4, 2, normalisation),
            *layer(b, c, 4, 2, normalisation),
            *[ResidualBlock(c, normalisation) for _ in range(3)],
        )


class Generator(nn.Sequential):
    """What the shared layer gives, [N,256,H/4,W/4] -> [N,3,H,W] in [0,1]; in training, beyond it too."""

    def __init__(self, width: float, normalisation: str):
        a, b, c = (round(width * channels) for channels in (64, 128, 256))
        super().__init__(
            *[ResidualBlock(c, normalisation) for _ in range(3)],
            *enlarging(c, b, normalisation),
            *enlarging(b, a, normalisation),
            nn.Conv2d(a, 3, 7, 1, 3, padding_mode="reflect"),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = super().forward(x).float() * 0.5 + 0.5
        return x if self.training else x.clamp(0, 1)


class OneWay(nn.Module):
    """One direction: [N,3,H,W] in [0,1] -> translated, in [0,1], without noise."""

    def __init__(self, encoder: nn.Module, shared: nn.Module, generator: nn.Module):
        super().__init__()
        self.encoder, self.shared, self.generator = encoder, shared, generator

    def forward(self, x: Tensor) -> Tensor:
        return self.generator(self.shared(self.encoder(2 * x - 1)))


class Unit(nn.Module):
    """Encoders, generators, what they share, and the losses on them. `config`: a training.daynight.config.Config."""

    def __init__(self, config: Any):
        super().__init__()
        self.config, channels = config, round(config.width * 256)
        self.encoders = nn.ModuleDict({domain: Encoder(config.width, config.normalisation) for domain in DOMAINS})
        self.generators = nn.ModuleDict({domain: Generator(config.width, config.normalisation) for domain in DOMAINS})
        self.shared_encoder = ResidualBlock(channels, config.normalisation)
        self.shared_generator = ResidualBlock(channels, config.normalisation)
        if config.normalisation == "none" and channels >= PIXELS:
            self._begin_as_the_identity()

    def _begin_as_the_identity(self) -> None:
        """Translations are then trained from the photo on, which takes a few hundred steps."""
        reducing = ((3, 1.0, 1.0), (3, 1.0, 0.0), (12, SCALE, 0.0))  # [-1,1] becomes [0,2], which a ReLU lets pass
        enlarging = ((12, 1 / SCALE, 1.0), (3, 1.0, 0.0), (3, 1.0, -1.0))
        for networks, how in ((self.encoders, reducing), (self.generators, enlarging)):
            for network in networks.values():
                for conv, (pictures, scale, offset) in zip(convolutions(network), how, strict=True):
                    carry(conv, pictures, scale, offset)
        last = convolutions(self.shared_encoder.layers)[-1]
        offsets(last)[:PIXELS] = -SCALE  # the codes' mean is about 0

    def encode(self, domain: str, x: Tensor) -> Tensor:
        """Pictures [N,3,H,W] in [0,1] -> the mean of their codes, [N,256,H/4,W/4]."""
        return self.shared_encoder(self.encoders[domain](2 * x - 1))

    def generate(self, domain: str, code: Tensor) -> Tensor:
        """Codes -> pictures [N,3,H,W] in [0,1]."""
        return self.generators[domain](self.shared_generator(code))

    def forward(
        self,
        day: Tensor,
        night: Tensor,
        discriminators: nn.ModuleDict,
        kernel: KernelDistance | None = None,
        perceptual: PerceptualDistance | None = None,
    ) -> tuple[dict, dict]:
        """One step's losses by name, the weighted `total` among them, and the translated pictures by domain."""
        c, both = self.config, []
        translated = {}
        for domain, other, x in (("day", "night", day), ("night", "day", night)):
            code = self.encode(domain, x)
            noisy = code + torch.randn_like(code)
            translated[other] = self.generate(other, noisy)
            back = self.encode(other, translated[other])
            losses = {
                "adversarial": generator_loss(discriminators[other](translated[other])),
                "kl": kl_to_unit_gaussian(code),
                "reconstruction": (self.generate(domain, noisy) - x).abs().mean(),
                "cycle_kl": kl_to_unit_gaussian(back),
                "cycle": (self.generate(domain, back + torch.randn_like(back)) - x).abs().mean(),
            }
            if perceptual:
                losses["vgg"] = perceptual(translated[other], x)
            if c.unevenness_weight:
                losses["unevenness"] = unevenness(translated[other], x)
            if kernel:
                losses["kernel"] = kernel(translated[other], other)
            both.append(losses)
        sums = {name: both[0][name] + both[1][name] for name in both[0]}
        weights = dict(zip(LOSSES, (c.lambda_0, c.lambda_1, c.lambda_2, c.lambda_3, c.lambda_4), strict=True))
        weights |= {name: getattr(c, f"{name}_weight") for name in ("vgg", "unevenness", "kernel")}
        sums["total"] = torch.stack([weights[name] * loss for name, loss in sums.items()]).sum()
        return sums, {domain: picture.detach() for domain, picture in translated.items()}

    def one_way(self, direction: str) -> nn.Module:
        """`day_to_night` or `night_to_day` as a network of its own, without the parts of the other direction."""
        domain, other = direction.split("_to_")
        return OneWay(
            self.encoders[domain], nn.Sequential(self.shared_encoder, self.shared_generator), self.generators[other]
        )

    def day_to_night(self, day: Tensor) -> Tensor:
        """[N,3,H,W] in [0,1] -> the same, without noise."""
        return self.generate("night", self.encode("day", day))

    def night_to_day(self, night: Tensor) -> Tensor:
        """[N,3,H,W] in [0,1] -> the same, without noise."""
        return self.generate("day", self.encode("night", night))

    def reconstruct_day(self, day: Tensor) -> Tensor:
        """Within the domain: encoded and generated as day."""
        return self.generate("day", self.encode("day", day))

    def reconstruct_night(self, night: Tensor) -> Tensor:
        """Within the domain: encoded and generated as night."""
        return self.generate("night", self.encode("night", night))
