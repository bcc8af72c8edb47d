"""Layers that networks of several tasks are made of."""

import torch.nn.functional as F
from torch import Tensor, nn


def conv(inputs: int, outputs: int, kernel: int, groups: int = 1, stride: int = 1) -> nn.Conv2d:
    """A convolution that keeps the size (over its stride), with reflection padding."""
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, padding_mode="reflect")


class SubPixelConv(nn.Conv2d):
    """[N,I,H,W] -> [N,O,2H,2W]: four 3x3 kernels side by side, equal in sum and bias: flat stays flat."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, 4 * outputs, 3, 1, 1, padding_mode="reflect")

    def forward(self, x: Tensor) -> Tensor:
        assert self.bias is not None
        sums = self.weight.mean((2, 3), keepdim=True)
        weight = self.weight - sums + _of_four(sums)
        return F.pixel_shuffle(self._conv_forward(x, weight, _of_four(self.bias)), 2)


def _of_four(x: Tensor) -> Tensor:
    """Each of the first axis' groups of four becomes its mean."""
    groups = x.reshape(-1, 4, *x.shape[1:])
    return groups.mean(1, keepdim=True).expand_as(groups).reshape(x.shape)
