"""What Inception-v3 sees of a picture, for FID and KID.

Where torch-fidelity's weights of the 2015-12-05 graph are at hand (named with `--weights`, or in PyTorch's cache),
features are those that FID and KID were defined with: the 2048 of the last pooling, computed by torch-fidelity.
Elsewhere they are the mean of Mixed_6e's 768, computed by our network. The two do not compare: `source` says which.

Pictures are cut to their centre square and brought to 299 px with Pillow's bicubic filter, which does not alias
(Parmar et al. 2022, arXiv 2104.11222).
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from training.common import weights
from training.common.squares import centre_square
from training.common.weights import Found
from training.evaluation.packages import package
from training.networks.inception_v3 import InceptionV3

SIDE = 299  # px


class Features:
    """A picture -> its features [D], float64, on the CPU. Raises Missing for weights that no source has."""

    def __init__(self, sources: Sequence[str | Path], device: torch.device):
        self.device = device
        standard = _standard(sources)
        name, network = _torch_fidelity(standard, device) if standard else _ours(sources, device)
        self.source, self._network = f"{name}, squares of {SIDE} px", network

    @torch.inference_mode()
    def __call__(self, picture: Image.Image) -> Tensor:
        """The centre square of an RGB picture -> [D], float64."""
        square = centre_square(picture, SIDE, Image.Resampling.BICUBIC)[None].to(self.device)
        return self._network(square)[0].double().cpu()


def _standard(sources: Sequence[str | Path]) -> Found | None:
    """torch-fidelity's weights of the 2015-12-05 graph: those that a source has, else those in the cache."""
    named = weights.find(sources, "inception")
    if named and "torch-fidelity" in named.layout.title:
        return named
    cached = weights.find(["torch-fidelity"], "inception")
    return cached if cached and cached.path.is_file() else None


def _torch_fidelity(found: Found, device: torch.device) -> tuple[str, Callable[[Tensor], Tensor]]:
    """Its extractor reads any pickle, so what may be a user's file is first read as plain tensors."""
    path = weights.fetched(found)
    found.layout.convert(weights.state_dict(path))
    extractor = package("torch_fidelity.feature_extractor_inceptionv3").FeatureExtractorInceptionV3
    network = extractor("inception-v3-compat", ["2048"], feature_extractor_weights_path=str(path)).to(device)
    return f"{found}, last pooling", lambda x: network((x * 255).round().byte())[0]


def _ours(sources: Sequence[str | Path], device: torch.device) -> tuple[str, Callable[[Tensor], Tensor]]:
    network = InceptionV3("mixed_7").eval()
    network.load_imagenet(weights.read(sources, ["inception"])["inception"])
    network.to(device)
    return f"{weights.find(sources, 'inception')}, mean of Mixed_6e", lambda x: network(x)["mixed_7"].mean((2, 3))
