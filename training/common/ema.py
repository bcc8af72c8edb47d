"""The exponential moving average (EMA) of networks' weights, which is validated and published in their place."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor, nn

Networks = dict[str, nn.Module]
Means = dict[str, dict[str, Tensor]]  # by network and by the tensor's name in its state_dict


class Ema:
    """Means of all tensors of the networks; `decay` of a mean is left by a step, and 0 keeps no means.

    Networks may gain, lose and reshape tensors between steps: a new tensor's mean begins with its value.
    """

    def __init__(self, decay: float):
        self.decay = decay
        self.means: Means = {}

    @torch.no_grad()
    def update(self, networks: Networks, step: int) -> None:
        """Move the means toward the weights after step `step` (from 0): faster at first, when they change most."""
        if not self.decay:
            return
        share = 1 - min(self.decay, (1 + step) / (10 + step))
        if dist.is_initialized():
            _share_buffers(networks)
        means = {}
        for name, network in networks.items():
            former = self.means.get(name, {})
            means[name] = {key: _moved(former.get(key), value, share) for key, value in network.state_dict().items()}
        self.means = means

    def load(self, means: Means, device: torch.device) -> None:
        """Take back saved means."""
        self.means = {name: {key: mean.to(device) for key, mean in each.items()} for name, each in means.items()}

    @contextmanager
    def applied(self, networks: Networks) -> Iterator[None]:
        """Within, the networks have their means as weights, if there are any, and are in eval mode."""
        kept = {name: _copies(networks[name]) for name in self.means}
        modes = {name: network.training for name, network in networks.items()}
        try:
            for name, network in networks.items():
                network.eval()
                if name in self.means:
                    network.load_state_dict(self.means[name])
            yield
        finally:
            for name, network in networks.items():
                network.train(modes[name])
                if name in kept:
                    network.load_state_dict(kept[name])


def _moved(mean: Tensor | None, value: Tensor, share: float) -> Tensor:
    """The mean, in place where it can be; counters and tensors of a new shape are taken as they are."""
    if mean is None or mean.shape != value.shape or not value.is_floating_point():
        return value.detach().clone()
    return mean.lerp_(value, share)


def _copies(network: nn.Module) -> dict[str, Tensor]:
    return {key: value.detach().clone() for key, value in network.state_dict().items()}


def _share_buffers(networks: Networks) -> None:
    """Give all processes the first one's saved buffers, batch norm's statistics, so that means stay the same."""
    for network in networks.values():
        parameters = dict(network.named_parameters())
        for name, buffer in network.state_dict().items():
            if name not in parameters:
                dist.broadcast(buffer, 0)
