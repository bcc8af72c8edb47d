"""Layers that networks of several tasks are made of."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def conv(inputs: int, outputs: int, kernel: int, groups: int = 1, stride: int = 1) -> nn.Conv2d:
    """A convolution that keeps the size (over its stride), with reflection padding."""
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, padding_mode="reflect")


@torch.no_grad()
def begin_even(network: nn.Module, pictures: Tensor) -> None:
    """Scale random weights so that each convolution's channels have mean 0 and deviation 1 on [N,3,H,W] in [0,1].

    Without it a network without batch norm learns slowly from random weights: its features shrink from layer to layer.
    Mishkin and Matas 2016, All you need is a good init (arXiv 1511.06422), here for each channel.
    """

    def even(layer: nn.Module, _: object, features: Tensor) -> Tensor:
        assert isinstance(layer, nn.Conv2d) and layer.bias is not None
        mean, deviation = features.mean((0, 2, 3)), features.std((0, 2, 3)) + 1e-4
        layer.weight.div_(deviation[:, None, None, None])
        layer.bias.sub_(mean).div_(deviation)
        return (features - mean[:, None, None]) / deviation[:, None, None]

    hooks = [layer.register_forward_hook(even) for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    network(pictures)
    for hook in hooks:
        hook.remove()


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
