"""SegNet: an encoder whose max-pools remember where each maximum lay, and a decoder that puts features back there.

SegNet: A Deep Convolutional Encoder-Decoder Architecture for Image Segmentation, Badrinarayanan et al. 2015
(arXiv 1511.00561). All convolutions are 3x3 with batch norm and ReLU, but for the last, which gives the logits.

    encoder (VGG-16's)      widths           size         decoder                   widths           size
    2 convs, max-pool         64             1/1          unpool, 3 convs     512  512  512          1/16
    2 convs, max-pool        128             1/2          unpool, 3 convs     512  512  256          1/8
    3 convs, max-pool        256             1/4          unpool, 3 convs     256  256  128          1/4
    3 convs, max-pool        512             1/8          unpool, 2 convs     128   64               1/2
    3 convs, max-pool        512             1/16         unpool, 2 convs      64    1               1/1

`width` is a factor for all widths: 29.4 M parameters with 1, 1.8 M with 0.25. It is not converted for the page:
unpooling writes to computed places.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS, DEPTHS = (64, 128, 256, 512, 512), (2, 2, 3, 3, 3)


class SegNet(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 32 -> probability of a person, [N,1,H,W] in [0,1]."""

    def __init__(self, width: float = 1.0):
        super().__init__()
        widths = [round(width * each) for each in WIDTHS]
        inputs, outputs = [3, *widths[:-1]], [widths[0], *widths[:-1]]
        stages = list(zip(inputs, widths, outputs, DEPTHS, strict=True))
        self.encoder = nn.ModuleList([_convs([first, *[wide] * depth]) for first, wide, _, depth in stages])
        decoder = [_convs([*[wide] * depth, last]) for _, wide, last, depth in reversed(stages[1:])]
        self.decoder = nn.ModuleList([*decoder, _convs([widths[0]] * DEPTHS[0])])
        self.person = nn.Conv2d(widths[0], 1, 3, 1, 1)

    def forward(self, photo: Tensor) -> Tensor:
        return self.logits(photo).sigmoid()

    def logits(self, photo: Tensor) -> Tensor:
        """The same before the sigmoid, for the losses."""
        x, places = 2 * photo - 1, []
        for encode in self.encoder:
            x, place = F.max_pool2d(encode(x), 2, return_indices=True)
            places.append(place)
        for decode, place in zip(self.decoder, reversed(places), strict=True):
            x = decode(F.max_unpool2d(x, place, [2, 2]))
        return self.person(x).float()


def _convs(widths: Sequence[int]) -> nn.Module:
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers)
