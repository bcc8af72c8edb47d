"""What a training tells of what it invents: a sheet of the same noise each time, and how varied the pictures are."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from training.common.grid import save_grid
from training.synthesis.batches import Squares
from training.synthesis.layers import LATENT
from training.synthesis.pggan import reduced

SHOWN = 64  # pictures of a sheet, eight a row
COLLAPSED = 0.5  # of real pictures' mean pairwise distance


class Validation:
    """The sheet's noise, and as many real pictures to compare with."""

    def __init__(self, squares: Squares, seed: int, device: torch.device):
        self.noise = noise(SHOWN, seed).to(device)
        self.real = squares.spread(SHOWN)

    def figures(self, generator: nn.Module, sample: Path) -> dict[str, float]:
        """`variety` of the sheet's pictures; writes the sheet."""
        samples = generator(self.noise).float().cpu()
        save_grid(sample, list(F.interpolate(samples, self.real.shape[-1]).split(8)))
        return {"variety": variety(samples, reduced(self.real, samples.shape[-1]))}


def variety(samples: Tensor, real: Tensor) -> float:
    """The samples' mean pairwise distance over that of real ones; under 0.5 a line says that they have collapsed."""
    found = (distance(samples) / distance(real)).item()
    if found < COLLAPSED:
        tqdm.write(
            f"collapsed: the samples' mean distance is {found:.2f} of real ones', under {COLLAPSED}; "
            "best.pt keeps the last checkpoint that was not"
        )
    return found


def noise(count: int, seed: int) -> Tensor:
    """[count,128], the same for the same seed."""
    return torch.randn(count, LATENT, generator=torch.Generator().manual_seed(seed))


def distance(pictures: Tensor) -> Tensor:
    """Mean Euclidean distance of all pairs of pictures [N,3,H,W] or vectors [N,D], []."""
    return torch.pdist(pictures.flatten(1)).mean()
