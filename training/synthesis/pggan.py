"""PGGAN: a generator and a discriminator that grow from 4 px to 64 px while they learn.

Progressive Growing of GANs for Improved Quality, Stability, and Variation, Karras et al. 2018 (arXiv 1710.10196), as
the source has it:

    generator           channels    size        discriminator       channels    size
    noise                  128      1           picture, conv 1x1     256       64
    transposed, conv    512 512     4           convs, halved      256 512      32
    enlarged, convs     512 512     8           convs, halved      512 512      16
    enlarged, convs     512 512     16          convs, halved      512 512      8
    enlarged, convs     512 512     32          convs, halved      512 512      4
    enlarged, convs     512 256     64          conv                  512       4
    conv 1x1, tanh           3      64          head: others, score     1

A block has two 3x3 convolutions, the first as wide as what it gets. Batch norm and LeakyReLU 0.2 follow those of the
generator, LeakyReLU 0.2 those of the discriminator, whose bounds batch norm would undo. All weights are spectrally
normalised, in place of the paper's equalised learning rate and pixel norm. After a convolution of spectral norm 1
pictures' features are less than half as different; after eleven of them the discriminator gave all pictures the same
score to 0.0002, and learnt nothing. So its LeakyReLUs multiply by 2.2, as the paper's constants do. The source's widths
are lost. The paper's are 8192 over a power of two, at most 512; `width` is a factor for the former, so that it narrows
the large sizes first: with 1/32 they are 128 64 32 16 8 (4 to 64 px), 0.7 M and 0.8 M parameters.

A stage first fades a block in: pictures are `alpha` of its own and 1 - alpha of the former ones, enlarged, while alpha
goes from 0 to 1; the source's listing adds the two without enlarging. Then it settles, without the former layer. The
stage of 4 px has one share of the steps, each larger one a share more, and the last settles twice as long. Pictures are
enlarged and reduced by their nearest pixels, so at alpha 0 both networks do what they did before. Real pictures are
faded likewise, as in the paper's code: else the discriminator would ask the new block for detail before it has a part.

The generator's convolutions repeat the features at the edge outside of it: with zeros there, what all noises became had
one layout, a plaid. The source's learning rates are equal, and its discriminator's losses then stayed at those of a
guess, so here it learns ten times as fast as the generator, by the two time scales of SAGAN (docs/synthesis.md).
"""

from itertools import accumulate

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.synthesis.layers import LATENT, Head, spectral

FIRST = 4  # px
MOST = 512  # channels
GAIN = 2.2  # of the discriminator's layers


def channels_at(side: int, width: float) -> int:
    """Channels at a size in px."""
    return min(MOST, max(1, round(width * 4 * 4096 / side)))


def phases(size: int) -> list[tuple[int, bool, float]]:
    """(side, whether a block fades in, share of the steps), in their order; the shares add up to 1."""
    sides = [side for side in (4, 8, 16, 32, 64) if side <= size]
    found = [(FIRST, False, 1.0)]
    for number, side in enumerate(sides[1:], 2):
        found += [(side, True, number / 2), (side, False, number / 2)]
    side, fades, share = found.pop()
    found.append((side, fades, 2 * share))
    total = sum(share for *_, share in found)
    return [(side, fades, share / total) for side, fades, share in found]


def stage_at(step: int, steps: int, size: int) -> tuple[int, float]:
    """Side in px and alpha (1: settled) at one of `steps` steps of growing to `size`."""
    found = phases(size)
    ends = [round(end * steps) for end in accumulate(share for *_, share in found)]
    number = next((i for i, end in enumerate(ends) if step < end), len(found) - 1)
    side, fades, _ = found[number]
    start = ends[number - 1] if number else 0
    return side, (step - start) / (ends[number] - start) if fades else 1.0


def reduced(pictures: Tensor, side: int) -> Tensor:
    """[N,3,S,S] -> [N,3,side,side] by nearest pixels; S is a multiple of `side`."""
    apart = pictures.shape[-1] // side
    return pictures[..., ::apart, ::apart]


def enlarged(pictures: Tensor) -> Tensor:
    """[N,C,H,W] -> [N,C,2H,2W] by nearest pixels."""
    return F.interpolate(pictures, scale_factor=2, mode="nearest")


def faded(pictures: Tensor, side: int, alpha: float) -> Tensor:
    """Real pictures [N,3,S,S] -> [N,3,side,side], as a stage compares it with invented ones: blended while it fades."""
    real = reduced(pictures, side)
    return real if alpha == 1 else torch.lerp(enlarged(reduced(real, side // 2)), real, alpha)


class Generator(nn.Module):
    """Noise [N,128] -> pictures [N,3,side,side] in [0,1]; begins with 4 px."""

    def __init__(self, width: float, spectral_norm: bool):
        super().__init__()
        self.width, self.on, self.side, self.alpha = width, spectral_norm, FIRST, 1.0
        channels = channels_at(FIRST, width)
        first = spectral(nn.ConvTranspose2d(LATENT, channels, 4, bias=False), spectral_norm)
        block = nn.Sequential(first, nn.BatchNorm2d(channels), nn.LeakyReLU(0.2), *self._conv(channels, channels))
        self.blocks = nn.ModuleList([block])
        self.pictures = nn.ModuleDict({str(FIRST): self._to_picture(FIRST)})

    def _conv(self, inputs: int, outputs: int) -> list[nn.Module]:
        conv = spectral(nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False, padding_mode="replicate"), self.on)
        return [conv, nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]

    def _to_picture(self, side: int) -> nn.Module:
        return nn.Sequential(spectral(nn.Conv2d(channels_at(side, self.width), 3, 1), self.on), nn.Tanh())

    def grow_to(self, side: int, alpha: float) -> None:
        """Add blocks up to `side` px; with alpha 1 the layer of the former size is removed."""
        while self.side < side:
            inputs, outputs = (channels_at(each, self.width) for each in (self.side, 2 * self.side))
            enlarge = nn.Upsample(scale_factor=2, mode="nearest")
            self.blocks.append(nn.Sequential(enlarge, *self._conv(inputs, inputs), *self._conv(inputs, outputs)))
            keep_newest(self.pictures)
            self.side *= 2
            self.pictures[str(self.side)] = self._to_picture(self.side)
        if alpha == 1:
            keep_newest(self.pictures)
        self.alpha = alpha

    def forward(self, noise: Tensor) -> Tensor:
        x = former = self.blocks[0](noise[:, :, None, None])
        for block in self.blocks[1:]:
            former, x = x, block(x)
        picture = self.pictures[str(self.side)](x)
        if len(self.pictures) > 1:
            before = self.pictures[str(self.side // 2)](former)
            picture = torch.lerp(enlarged(before), picture, self.alpha)
        return picture / 2 + 0.5


class Leaky(nn.LeakyReLU):
    """LeakyReLU 0.2, times GAIN: pictures' features stay as different from one another as those of the layer before."""

    def __init__(self) -> None:
        super().__init__(0.2)

    def forward(self, x: Tensor) -> Tensor:
        return GAIN * super().forward(x)


class Discriminator(nn.Module):
    """Pictures [N,3,side,side] in [0,1] -> scores [N]; begins with 4 px."""

    def __init__(self, width: float, spectral_norm: bool, minibatch_discrimination: bool):
        super().__init__()
        self.width, self.on, self.side, self.alpha = width, spectral_norm, FIRST, 1.0
        channels = channels_at(FIRST, width)
        self.blocks = nn.ModuleList([nn.Sequential(*self._conv(channels, channels, 3))])
        self.features = nn.ModuleDict({str(FIRST): self._of_picture(FIRST)})
        self.head = Head(channels, spectral_norm, minibatch_discrimination)

    def _conv(self, inputs: int, outputs: int, kernel: int) -> list[nn.Module]:
        return [spectral(nn.Conv2d(inputs, outputs, kernel, 1, kernel // 2), self.on), Leaky()]

    def _of_picture(self, side: int) -> nn.Module:
        return nn.Sequential(*self._conv(3, channels_at(side, self.width), 1))

    def grow_to(self, side: int, alpha: float) -> None:
        """As the generator's."""
        while self.side < side:
            outputs, inputs = (channels_at(each, self.width) for each in (self.side, 2 * self.side))
            convs = [*self._conv(inputs, inputs, 3), *self._conv(inputs, outputs, 3)]
            self.blocks.append(nn.Sequential(*convs, nn.AvgPool2d(2)))
            keep_newest(self.features)
            self.side *= 2
            self.features[str(self.side)] = self._of_picture(self.side)
        if alpha == 1:
            keep_newest(self.features)
        self.alpha = alpha

    def forward(self, pictures: Tensor) -> Tensor:
        pictures = 2 * pictures - 1
        x = self.features[str(self.side)](pictures)
        for number, block in reversed(list(enumerate(self.blocks))):
            x = block(x)
            if len(self.features) > 1 and number == len(self.blocks) - 1:
                former = self.features[str(self.side // 2)](reduced(pictures, self.side // 2))
                x = torch.lerp(former, x, self.alpha)
        return self.head(x)


def keep_newest(layers: nn.ModuleDict) -> None:
    """Remove all layers but the one of the largest size."""
    for name in sorted(layers, key=int)[:-1]:
        del layers[name]
