"""The small style transformer: a photo and a 100-number style vector in, the painted photo out.

After Ghiasi et al. 2017 (arXiv 1705.06830): instance norm whose scale and shift are linear in the style vector. The
source's transformer works at full size with 9x9 and 3x3 convolutions; this one does most of its work at a quarter.

    layer                                size   out    parameters
    conv 8x8 s4, norm, ReLU              1/4    64         12,352
    7 blocks of 2 x (depthwise 3x3,      1/4    64     7 x  9,600
      pointwise, norm), residual
    depthwise 3x3, pointwise, norm, ReLU 1/4    24          2,200
    resize, conv 3x3                     1/2    24          5,208
    of the photo: conv 4x4 s2, added     1/2    24          1,152
    FiLM, ReLU                           1/2    24
    conv 3x3, depth to space, sigmoid    1/1     3          2,604
    the photo's share mixed in           1/1     3              0
    100 -> scales, shifts of 16 norms         2016        203,616

294,332 parameters. A pixel of the photo costs 7,228 multiply-adds and, operation by operation in float32, 2.4 kB
written and 3.0 kB read; one more 3x3 layer of 32 channels at full size would cost 9,200 and 0.3 kB. Compared with other
designs in docs/style-transformer.md. Reflection padding throughout. The exit resizes (nearest neighbour)
and convolves; its last step does both at once, as depth to space of four kernels with equal sums. Without that
constraint the trained network filled flat skies with a grid of 4 px. The photo's own edges are added at half size, for
at a quarter their places are lost.

The vector's first number is the share of the photo that is kept, 1 in a photo's own vector and 0 in a style's; so a
strength between the two, a vector on the line from one to the other, changes the picture evenly.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.layers import SubPixelConv, conv

VECTOR = 100
KEPT = 0  # the vector's number that says how much of the photo is kept
MIDDLE = 0.5  # the boldness to paint with where none is asked for


def keeping(vectors: Tensor, share: float) -> Tensor:
    """[N,100] -> [N,100] that keep this share of the photo: 0 to paint in a style, 1 for a photo's own vector."""
    return torch.cat([torch.full_like(vectors[:, :1], share), vectors[:, 1:]], 1)


def emboldened(vectors: Tensor, boldness: Tensor | float) -> Tensor:
    """[N,100] -> [N,101] that paint with this boldness, [N] or one for all: 0 careful to 1 bold."""
    bold = torch.zeros_like(vectors[:, 0]) + boldness
    return torch.cat([vectors, bold[:, None]], 1)


def _mean(x: Tensor) -> Tensor:
    """[N,C,H,W], H and W even -> [N,C,1,1]. Pooled first: TF.js takes 8 times as long for a mean over all."""
    return F.avg_pool2d(x, 2).mean((2, 3), keepdim=True)


Statistics = list[tuple[Tensor, Tensor]]  # mean and reciprocal deviation, [N,C,1,1], of each norm in running order
_recording: Statistics | None = None
_given: Iterator[tuple[Tensor, Tensor]] | None = None


@contextmanager
def recorded_statistics() -> Iterator[Statistics]:
    """Within, every instance norm that runs adds its statistics to the list."""
    global _recording
    _recording = []
    try:
        yield _recording
    finally:
        _recording = None


@contextmanager
def given_statistics(statistics: Statistics) -> Iterator[None]:
    """Within, the instance norms of one run take these instead of their own: a tile is painted as its whole is."""
    global _given
    _given = iter(statistics)
    try:
        yield
    finally:
        _given = None


def instance_norm(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """[N,C,H,W] to mean `shift` and deviation `scale` ([N,C,1,1]) in each channel; statistics in float32."""
    x = x.float()
    if _given:
        mean, reciprocal_deviation = next(_given)
        centred = x - mean
    else:
        mean = _mean(x)
        centred = x - mean
        reciprocal_deviation = torch.rsqrt(_mean(centred.square()) + 1e-5)
    if _recording is not None:
        _recording.append((mean, reciprocal_deviation))
    return centred * (scale.float() * reciprocal_deviation) + shift.float()


def for_transformer(transformer: nn.Module, vectors: Tensor, boldness: Tensor | float = MIDDLE) -> Tensor:
    """[N,100] -> vectors as the transformer takes them: with the boldness, [N] or one for all, if it has learnt it."""
    return emboldened(vectors, boldness) if transformer.bold else vectors


def towards_styles(transformer: nn.Module, vectors: Tensor, boldness: Tensor | float = MIDDLE) -> Tensor:
    """[N,100] of styles -> what the transformer paints in them with: nothing of the photo is kept."""
    return for_transformer(transformer, keeping(vectors, 0), boldness)


class Block(nn.Module):
    """Residual block of two depthwise separable convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.depthwise1 = conv(channels, channels, 3, channels)
        self.pointwise1 = nn.Conv2d(channels, channels, 1)
        self.depthwise2 = conv(channels, channels, 3, channels)
        self.pointwise2 = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor, first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> Tensor:
        y = F.relu(instance_norm(self.pointwise1(self.depthwise1(x)), *first))
        return x + instance_norm(self.pointwise2(self.depthwise2(y)), *second)


class Conditional(nn.Module):
    """Conditional instance norm: scale and shift of each of `norms` channels, all linear in the style vector."""

    bold = False  # whether one more number, the boldness, which whoever paints sets, comes after the vector's

    def __init__(self, norms: list[int], numbers: int = VECTOR):
        super().__init__()
        self.norms = norms
        self.style = nn.Conv2d(numbers, 2 * sum(norms), 1)
        assert self.style.bias is not None
        nn.init.normal_(self.style.weight, std=0.03)
        for scale, shift in self._by_norm(self.style.bias, 0):
            nn.init.ones_(scale)
            nn.init.zeros_(shift)

    def _by_norm(self, style: Tensor, axis: int) -> list[tuple[Tensor, Tensor]]:
        """(scale, shift) of each norm, first to last."""
        parts = style.split([size for size in self.norms for _ in ("scale", "shift")], axis)
        return list(zip(parts[::2], parts[1::2], strict=True))

    def scales_and_shifts(self, vector: Tensor) -> list[tuple[Tensor, Tensor]]:
        """[N,numbers] -> two [N,C,1,1] for each norm."""
        return self._by_norm(self.style(vector[:, :, None, None]), 1)


class StyleTransformer(Conditional):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 8, and vector [N,100] -> painted [N,3,H,W] in [0,1]."""

    def __init__(self, channels: int = 64, blocks: int = 7, exit: int = 24, block: type[nn.Module] = Block):
        super().__init__([channels] * (2 * blocks + 1) + [exit, exit])
        self.stem = nn.Conv2d(3, channels, 8, 4, 2, padding_mode="reflect")
        self.blocks = nn.ModuleList([block(channels) for _ in range(blocks)])
        self.exit_depthwise, self.exit_pointwise = conv(channels, channels, 3, channels), nn.Conv2d(channels, exit, 1)
        self.exit_half, self.exit_full = conv(exit, exit, 3), SubPixelConv(exit, 3)
        self.exit_photo = nn.Conv2d(3, exit, 4, 2, 1, padding_mode="reflect", bias=False)
        nn.init.zeros_(self.exit_photo.weight)

    def forward(self, photo: Tensor, vector: Tensor) -> Tensor:
        stem, *body, exit, film = self.scales_and_shifts(vector)
        x = F.relu(instance_norm(self.stem(photo), *stem))
        for i, block in enumerate(self.blocks):
            x = block(x, body[2 * i], body[2 * i + 1])
        x = F.relu(instance_norm(self.exit_pointwise(self.exit_depthwise(x)), *exit))
        x = self.exit_half(F.interpolate(x, scale_factor=2, mode="nearest")) + self.exit_photo(photo)
        scale, shift = film  # no norm here: Perez et al. 2018 (arXiv 1709.07871)
        painted = torch.sigmoid(self.exit_full(F.relu(x * scale + shift)).float())
        share = 1 - vector[:, KEPT, None, None, None].clamp(0, 1)
        # slower at both ends: on smooth photos the faintest strokes show, and near 1 the vector changes most
        return photo + share * (1 + 6 * share - 4 * share * share) / 3 * (painted - photo)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Takes weights from before there was `exit_photo` too: then it adds nothing."""
        nothing = {"exit_photo.weight": torch.zeros_like(self.exit_photo.weight)}
        return super().load_state_dict({**nothing, **state_dict}, strict, assign)
