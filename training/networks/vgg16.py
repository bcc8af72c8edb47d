"""VGG-16 up to conv3_3, for perceptual losses.

Very Deep Convolutional Networks, Simonyan and Zisserman 2014 (arXiv 1409.1556); losses after Johnson et al. 2016
(arXiv 1603.08155). Fed as the Oxford release was: BGR, 0..255, less its mean. torchvision's weights are brought to
that (training/common/layouts.py).

    block 1    64 - 64              at full size
    block 2    pool - 128 - 128     at 1/2
    block 3    pool - 256 - 256 - 256    at 1/4
"""

from collections.abc import Iterator
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.common.weights import put

BGR_MEAN = (103.939, 116.779, 123.68)
WIDTHS = (64, 128, 256, 512, 512)  # of the blocks


class Vgg16(nn.Module):
    """[N,3,H,W] RGB in [0,1] -> {'relu1_2': [N,64,H,W], 'relu2_2': [N,128,H/2,W/2], 'relu3_3': [N,256,H/4,W/4]}."""

    title: ClassVar[str] = "VGG-16"
    depths: ClassVar[tuple[int, ...]] = (2, 2, 3)  # convolutions of each block
    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.convs, inputs = nn.ModuleDict(), 3
        for block, (depth, width) in enumerate(zip(self.depths, WIDTHS, strict=False), 1):
            for number in range(1, depth + 1):
                self.convs[f"conv{block}_{number}"] = nn.Conv2d(inputs, width, 3, padding=1)
                inputs = width
        self.register_buffer("mean", torch.tensor(BGR_MEAN).view(1, 3, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        last = {f"relu{block}_{depth}" for block, depth in enumerate(self.depths, 1)}
        return {name: features for name, features in self.layers(x) if name in last}

    def layers(self, x: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Every ReLU's name and features, from the first to the last."""
        x = x.flip(1) * 255 - self.mean
        for block, depth in enumerate(self.depths, 1):
            x = F.max_pool2d(x, 2) if block > 1 else x
            for number in range(1, depth + 1):
                x = F.relu(self.convs[f"conv{block}_{number}"](x))
                yield f"relu{block}_{number}", x

    def load_imagenet(self, weights: dict[str, Tensor]) -> None:
        """Take weights, and the mean to subtract, from training.common.weights. Raises Missing."""
        put(self.convs, weights, self.title)
        if "mean" in weights:
            self.mean.copy_(weights["mean"].view(1, 3, 1, 1))
