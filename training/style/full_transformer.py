"""The full-width style transformer: the small one (training/style/transformer.py) with a wider body, for teachers.

Twice as wide, and its five residual blocks are of full 3x3 convolutions as in Ghiasi et al. 2017 (arXiv 1705.06830),
not of separable ones. 1.8 M parameters, 99,000 multiply-adds a pixel: 16 times the small one's. It is trained to
teach, not to be shipped. Its predictor is Inception-v3 (training/style/predictors.py).
"""

import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.layers import conv
from training.style.transformer import StyleTransformer, instance_norm


class FullBlock(nn.Module):
    """Residual block of two 3x3 convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1, self.conv2 = conv(channels, channels, 3), conv(channels, channels, 3)

    def forward(self, x: Tensor, first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> Tensor:
        y = F.relu(instance_norm(self.conv1(x), *first))
        return x + instance_norm(self.conv2(y), *second)


class FullTransformer(StyleTransformer):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 8, and vector [N,100] -> painted [N,3,H,W] in [0,1]."""

    def __init__(self) -> None:
        super().__init__(channels=128, blocks=5, exit=32, block=FullBlock)
