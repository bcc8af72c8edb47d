"""LPIPS: how different two pictures look, by learned weights of a network's features.

The Unreasonable Effectiveness of Deep Features as a Perceptual Metric, Zhang et al. 2018 (arXiv 1801.03924), version
0.1, computed by the package `lpips`, which ships the learned weights. The network is SqueezeNet 1.1, whose ImageNet
weights come from `--weights`; distances measured with AlexNet or VGG-16 do not compare with these.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training.common import weights
from training.evaluation.packages import package


class Lpips:
    """Pictures [N,3,H,W] and [N,3,H,W] in [0,1], at least 32 px -> distances [N]. Raises Missing without weights."""

    def __init__(self, sources: Sequence[str | Path], device: torch.device):
        state = weights.read(sources, ["squeezenet"])["squeezenet"]
        self.device, self.source = device, f"0.1 with {weights.find(sources, 'squeezenet')}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # lpips calls torchvision as it was called formerly
            self.network = package("lpips").LPIPS(net="squeeze", pnet_rand=True, verbose=False).to(device)
        # lpips cuts torchvision's `features` into slices, within which the layers keep their numbers
        names = {name: f"features.{name.partition('.')[2]}" for name in self.network.net.state_dict()}
        weights.put(self.network.net, {name: state[theirs] for name, theirs in names.items()}, "SqueezeNet 1.1")

    @torch.inference_mode()
    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        return self.network(a.to(self.device), b.to(self.device), normalize=True).flatten().cpu()


class LpipsMap(Lpips):
    """The same at each pixel, [N,H,W]."""

    def __init__(self, sources: Sequence[str | Path], device: torch.device):
        super().__init__(sources, device)
        self.network.spatial = True

    @torch.inference_mode()
    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        return self.network(a.to(self.device), b.to(self.device), normalize=True)[:, 0].cpu()
