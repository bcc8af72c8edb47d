"""SANet, the style-attentional network: each place of a photo takes the features of those places of a style it is like.

Park and Lee 2019, Arbitrary Style Transfer with Style-Attentional Networks (arXiv 1812.02342). Attention works on two
levels of VGG-19's features. Their weights are chosen while painting, so one trained network serves all of them:

    Res = sanet_fine * W1 + sanet_coarse * W2

is added to the photo's own features of both levels. W1 counts for what is small and W2 for what is large. With 1 and 1
it is the network of the paper, and that is how it is trained. What a weight takes away from the style it gives to the
photo, which then attends to itself: sanet(photo, style) * W + sanet(photo, photo) * (1 - W). So 0 and 0 give the photo,
as both identity losses train it. Without that the decoder would get features it never met: colours shift and darken.

    levels                  'paper'                        'shallow'
    fine                    relu4_1, 512 wide, at 1/8      relu3_1, 256 wide, at 1/4
    coarse                  relu5_1, 512 wide, at 1/16     pool3 (relu3_4, pooled), 256 wide, at 1/8
    encoder, frozen         12,944,960                      2,325,568
    two times f, g, h, out   2,101,248                        526,336
    merge: conv 3x3          2,359,808                        590,080
    decoder                  3,505,219                        555,075

'paper' needs all of VGG-19 (`--weights torchvision`). Of weights that end at conv3_4, 'shallow' takes what is nearest:
it sees 24 and 52 px of a photo at each place, where the paper's levels see 68 and 156, so its strokes are smaller.

The decoder mirrors VGG: convolutions with reflection padding, and nearest-neighbour enlargement in place of pooling.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.layers import begin_even, conv
from training.networks.vgg19 import DeepVgg19, Vgg19

Features = dict[str, Tensor]  # by layer, [N,C,H,W]
Given = tuple[Tensor, Tensor]  # what attention gives to a photo's places, on the fine and on the coarse level


@dataclass(frozen=True)
class Levels:
    """Which layers of which VGG-19 the attention works on (`fine`, `coarse`), and which the losses read (`layers`)."""

    vgg: type[Vgg19]
    layers: tuple[str, ...]
    fine: str
    coarse: str
    width: int
    multiple: int  # px, of a picture's sides: the coarse level's stride
    decoder: tuple[tuple[int, ...], ...]  # widths of the convolutions between enlargements


LEVELS = {
    "paper": Levels(
        DeepVgg19, ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"), "relu4_1", "relu5_1", 512, 16,
        ((512, 256), (256, 256, 256, 256, 128), (128, 128, 64), (64, 64, 3)),
    ),
    "shallow": Levels(
        Vgg19, ("relu1_1", "relu2_1", "relu3_1", "relu3_4"), "relu3_1", "pool3", 256, 8,
        ((256, 128), (128, 128, 64), (64, 64, 3)),
    ),
}  # fmt: skip


def normalised(x: Tensor) -> Tensor:
    """[N,C,H,W] with mean 0 and deviation 1 in each channel of each picture, float32."""
    x = x.float()
    variance, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
    return (x - mean) * torch.rsqrt(variance + 1e-5)


class Encoder(nn.Module):
    """Pictures [N,3,H,W] in [0,1] -> features of the levels and of the losses' layers, by name. Frozen."""

    def __init__(self, levels: Levels):
        super().__init__()
        self.vgg, self.layers = levels.vgg(), {*levels.layers, levels.fine, levels.coarse}
        self.vgg.register_buffer("mean", self.vgg.mean)  # saved with the run: it differs between sources of weights
        self.requires_grad_(False)

    def forward(self, pictures: Tensor) -> Features:
        features = {name: x for name, x in self.vgg.layers(pictures) if name in self.layers}
        if "pool3" in self.layers:
            features["pool3"] = F.max_pool2d(features["relu3_4"], 2)
        return features


class Attention(nn.Module):
    """Content [N,C,h,w] and style [N,C,k,l] -> what the style's places give to each of the content's, [N,C,h,w]."""

    def __init__(self, width: int):
        super().__init__()
        self.f, self.g, self.h, self.out = (nn.Conv2d(width, width, 1) for _ in range(4))

    def forward(self, content: Tensor, style: Tensor) -> Tensor:
        query, key, value = self.f(normalised(content)), self.g(normalised(style)), self.h(style)
        found = F.scaled_dot_product_attention(_tokens(query), _tokens(key), _tokens(value), scale=1.0)
        return self.out(found[:, 0].transpose(1, 2).unflatten(2, content.shape[2:]))


def _tokens(x: Tensor) -> Tensor:
    """[N,C,H,W] -> [N,1,HW,C]: one head."""
    return x.flatten(2).transpose(1, 2)[:, None]


class SaNet(nn.Module):
    """Photo and style, [N,3,H,W] in [0,1], sides multiples of `multiple` -> the photo painted, about [0,1]."""

    sizes: Tensor

    def __init__(self, levels: str):
        super().__init__()
        self.levels = LEVELS[levels]
        self.multiple = self.levels.multiple
        self.encoder = Encoder(self.levels)
        self.fine, self.coarse = Attention(self.levels.width), Attention(self.levels.width)
        self.decoder = decoder(self.levels)
        self.register_buffer("sizes", torch.ones(2))  # of the features of both levels: those that are learned on are 1

    def forward(self, photo: Tensor, style: Tensor, w1: float = 1.0, w2: float = 1.0) -> Tensor:
        content = self.encoder(photo)
        own, given = self.attend(content, content), self.attend(content, self.encoder(style))
        return self.decode(content, weighted(own, given, w1, w2))

    def attend(self, content: Features, style: Features) -> Given:
        """What the style gives to the content's places."""
        fine, coarse = zip(self._levels(content), self._levels(style), strict=True)
        return self.fine(*fine), self.coarse(*coarse)

    def decode(self, content: Features, given: Given) -> Tensor:
        """The picture of the content's features and of what they were given, [N,3,H,W]."""
        fine, coarse = (own + more for own, more in zip(self._levels(content), given, strict=True))
        return 0.5 + 0.25 * self.decoder(_merged(fine, coarse)).float()

    def _levels(self, features: Features) -> tuple[Tensor, Tensor]:
        return features[self.levels.fine] / self.sizes[0], features[self.levels.coarse] / self.sizes[1]

    @torch.no_grad()
    def begin(self, photos: Tensor) -> None:
        """Scale features and random weights so that on these photos, [N,3,H,W] in [0,1], all layers work alike."""
        content = self.encoder(photos)
        self.sizes.copy_(torch.stack([x.square().mean().sqrt() for x in self._levels(content)]))
        begin_even(self.decoder, _merged(*self._levels(content)))


def weighted(own: Given, given: Given, w1: float, w2: float) -> Given:
    """What attention gives with these weights: 0 is the photo's `own`, 1 what it was `given` by the style."""
    return torch.lerp(own[0], given[0], w1), torch.lerp(own[1], given[1], w2)


def _merged(fine: Tensor, coarse: Tensor) -> Tensor:
    return fine + F.interpolate(coarse, fine.shape[2:], mode="nearest")


def decoder(levels: Levels) -> nn.Sequential:
    """Merged features of both levels [N,C,h,w] -> a picture [N,3,H,W] of mean 0 and deviation 1; merges them first."""
    layers: list[nn.Module] = [conv(levels.width, levels.width, 3)]
    for i, widths in enumerate(levels.decoder):
        if i:
            layers.append(nn.Upsample(scale_factor=2, mode="nearest"))
        for inputs, outputs in pairwise(widths):
            layers += [conv(inputs, outputs, 3), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
