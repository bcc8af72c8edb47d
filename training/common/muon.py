"""Muon: momentum whose update of each weight matrix is made orthogonal, so that all directions learn equally fast.

Jordan et al. 2024, https://kellerjordan.github.io/posts/muon; the scale is that of Liu et al. 2025 (arXiv 2502.16982),
with which learning rates of Adam fit. PyTorch's own takes matrices only; convolutions here are [outputs, rest].
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

MOMENTUM, ROUNDS = 0.95, 5


class Muon(torch.optim.Optimizer):
    """For weights of two and more dimensions; biases and depthwise kernels are left to another optimiser."""

    def __init__(self, parameters: Iterable[nn.Parameter], learning_rate: float):
        super().__init__(parameters, {"lr": learning_rate})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for weight in group["params"]:
                momentum = self.state[weight].setdefault("momentum", torch.zeros_like(weight))
                momentum.mul_(MOMENTUM).add_(weight.grad)
                update = orthogonal((weight.grad + MOMENTUM * momentum).flatten(1))
                weight.add_(update.view_as(weight), alpha=-0.2 * group["lr"] * max(update.shape) ** 0.5)


def orthogonal(matrix: Tensor) -> Tensor:
    """[M,N] -> nearly U V^T of its singular value decomposition, by a Newton-Schulz iteration of fifth order."""
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = wide.float() / (wide.norm() + 1e-7)
    for _ in range(ROUNDS):
        product = x @ x.T
        x = 3.4445 * x + (2.0315 * product @ product - 4.7750 * product) @ x
    return (x if wide is matrix else x.T).to(matrix.dtype)


def matrices(network: nn.Module) -> list[nn.Parameter]:
    """Weights that Muon is for: more than 16 outputs, and inputs that are mixed (depthwise kernels are not)."""
    learning = (p for p in network.parameters() if p.requires_grad)
    return [p for p in learning if p.ndim > 1 and p.shape[0] > 16 and p.shape[1] > 1]


def others(network: nn.Module) -> list[nn.Parameter]:
    """The parameters that learn and are none of `matrices`."""
    mixing = {id(weight) for weight in matrices(network)}
    return [p for p in network.parameters() if p.requires_grad and id(p) not in mixing]
