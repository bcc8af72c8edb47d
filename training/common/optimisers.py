"""What several recipes optimise alike: a learning rate's one cycle, and networks that begin with pretrained parts."""

from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

PRETRAINED = 0.2  # of the learning rate, for pretrained weights


def one_cycle(optimiser: Optimizer, steps: int, rising: float = 0.1) -> LRScheduler:
    """Each group's learning rate rises for a share of the steps and then falls to nearly 0.

    Smith and Topin 2018, Super-convergence (arXiv 1708.07120), without the cycle of the momentum.
    """
    rates = [group["lr"] for group in optimiser.param_groups]
    return OneCycleLR(optimiser, rates, total_steps=steps + 1, pct_start=rising, cycle_momentum=False)


def pretrained_groups(network: nn.Module, pretrained: nn.Module, rate: float) -> list[dict[str, Any]]:
    """The parameters of a network in two groups: its pretrained part learns more slowly than what is new."""
    known = set(pretrained.parameters())
    new = [each for each in network.parameters() if each not in known]
    return [{"params": list(pretrained.parameters()), "lr": PRETRAINED * rate}, {"params": new, "lr": rate}]
