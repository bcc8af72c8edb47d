"""How far two sets of pictures are apart: KID and FID of what Inception-v3 sees, mean Mixed_6e features at 299 px.

KID: Demystifying MMD GANs, Binkowski et al. 2018 (arXiv 1801.01401). FID: Heusel et al. 2017 (arXiv 1706.08500), there
of the last pooling. FID is biased for few pictures, so it is compared at equal counts; KID is not.
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.common import weights
from training.networks.inception_v3 import InceptionV3

SIDE = 299  # px


class Features:
    """Inception-v3 up to Mixed_6e with the ImageNet weights in `folder`. Raises Missing."""

    def __init__(self, folder: Path, device: torch.device):
        self.device = device
        self.network = InceptionV3("mixed_7").eval().to(device)
        self.network.load_imagenet(weights.read(folder, ["inception"])["inception"])

    @torch.inference_mode()
    def __call__(self, picture: Image.Image) -> Tensor:
        """The centre square of an RGB picture -> [768], float64."""
        edge = min(picture.size)
        left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
        square = picture.crop((left, top, left + edge, top + edge)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        x = torch.from_numpy(np.array(square)).permute(2, 0, 1)[None].to(self.device).float() / 255
        return self.network(x)["mixed_7"].mean((2, 3))[0].double().cpu()


def kernel(x: Tensor, y: Tensor) -> Tensor:
    """KID's, (x.y / D + 1)^3, of features [N,D] and [M,D] -> [N,M]."""
    return (x @ y.T / x.shape[1] + 1) ** 3


def among(x: Tensor) -> Tensor:
    """The mean kernel of different pictures' features [N,D], N >= 2."""
    values = kernel(x, x)
    return (values.sum() - values.trace()) / (len(x) * (len(x) - 1))


def kid(a: Tensor, b: Tensor) -> Tensor:
    """Unbiased squared maximum mean discrepancy of features [N,D] and [M,D]; N, M >= 2."""
    return among(a) + among(b) - 2 * kernel(a, b).mean()


def fid(a: Tensor, b: Tensor) -> float:
    """Frechet distance of the Gaussians fitted to features [N,D] and [M,D]; N, M >= 2."""
    covariance_a, covariance_b = a.T.cov(), b.T.cov()
    values, vectors = torch.linalg.eigh(covariance_a)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    common = torch.linalg.eigvalsh(root @ covariance_b @ root).clamp(min=0).sqrt().sum()
    return float((a.mean(0) - b.mean(0)).square().sum() + covariance_a.trace() + covariance_b.trace() - 2 * common)
