"""The network that makes enlarged style pictures as sharp as large ones, and how pictures are enlarged for it.

Training pictures have 256 px, the losses compare at 384: a picture enlarged by interpolation is softer than one that
was large, and networks learn to paint as softly. Six convolutions with two residual connections, after SRCNN (Dong et
al. 2014, arXiv 1501.00092), give it its texture back; 40,291 parameters. They are trained on the Gram matrices that
they serve: training/style/train_enlarger.py. Visitors never load them.
"""

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from training.common.squares import scaled, to_tensor

LEAST = 1.5  # the smallest factor that it is trained to enlarge by; the largest is 2
WIDTH = 32


def resized(pictures: Tensor, side: int) -> Tensor:
    """[N,3,H,W] in [0,1] -> [N,3,side,side] in [0,1], channels last."""
    if pictures.shape[2:] != (side, side):
        pictures = F.interpolate(pictures, (side, side), mode="bicubic", antialias=True).clamp(0, 1)
    return pictures.contiguous(memory_format=torch.channels_last)


def interpolated(square: Image.Image, side: int) -> tuple[Tensor, bool]:
    """A square picture as [3,side,side] in [0,1], and whether it is soft, for the enlarger to sharpen.

    One of over two thirds of `side` is reduced first: the enlarger knows no smaller enlargement.
    """
    if square.width >= side:
        return scaled(square, side), False
    most = round(side / LEAST)
    if square.width > most:
        square = square.resize((most, most), Image.Resampling.LANCZOS)
    return to_tensor(square.resize((side, side), Image.Resampling.BICUBIC)), True


class Enlarger(nn.Module):
    """Soft pictures [N,3,H,W] in [0,1] -> sharp ones, alike. Untrained it changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.first = _convolution(3, WIDTH, 5)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.ReLU(), _convolution(WIDTH, WIDTH), nn.ReLU(), _convolution(WIDTH, WIDTH))
            for _ in range(2)
        )
        self.last = _convolution(WIDTH, 3)
        for parameter in self.last.parameters():
            nn.init.zeros_(parameter)

    def forward(self, soft: Tensor) -> Tensor:
        features = F.relu(self.first(soft - 0.5))
        for block in self.blocks:
            features = features + block(features)
        sharp = soft + self.last(F.relu(features)).float()
        return sharp.clamp(0, 1).contiguous(memory_format=torch.channels_last)


def _convolution(inputs: int, outputs: int, kernel: int = 3) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, padding_mode="reflect")
