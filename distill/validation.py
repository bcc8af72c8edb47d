"""How good the students are on pictures they never trained on, and a sheet of samples to look at."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from distill.data import VIEW, Teacher, centre_square
from training.common.grid import save_grid
from training.common.pictures import Pictures

PAIRS, VIEWS, MEAN_OF = 16, 64, 256


def cosine(student: Tensor, teacher: Tensor, mean: Tensor) -> float:
    """Median cosine of student and teacher vectors [N,100], each less the training `mean` [100].

    A constant vector scores 0, however near the mean.
    """
    return torch.cosine_similarity(student - mean, teacher - mean).median().item()


class Validation:
    """Held-out pictures, opened once; what the teacher says of them is kept."""

    def __init__(self, photos: Pictures, styles: Pictures, training: Pictures, teacher: Teacher, device: torch.device):
        self.photos = _squares(photos, VIEWS).to(device)
        self.styles = _squares(styles, VIEWS).to(device)
        self.vectors = teacher.vectors(self.styles.cpu()).to(device)
        self.mean = teacher.vectors(_squares(training, MEAN_OF)).mean(0).to(device)
        count = min(len(self.photos), len(self.styles))
        self.pairs = torch.linspace(
            0, count - 1, min(PAIRS, count)
        ).long()  # both lists are sorted by name: from all over
        self.taught = teacher.paint(self.photos[self.pairs].cpu(), self.vectors[self.pairs].cpu()).to(device)

    @torch.no_grad()
    def figures(self, students: Any, sample: Path) -> dict[str, float]:
        """Median cosine of the vectors and median losses of the pairs; writes rows photo, style, teacher, student."""
        photos, styles = self.photos[self.pairs], self.styles[self.pairs]
        vectors = torch.cat([students.predictor(part).float() for part in self.styles.split(16)])
        painted = torch.cat(
            [students.transformer(p, v) for p, v in zip(photos.split(4), vectors[self.pairs].split(4), strict=True)]
        )
        losses = [
            students.losses(*parts) for parts in zip(painted.split(4), photos.split(4), styles.split(4), strict=True)
        ]
        save_grid(sample, [photos[:8], styles[:8], self.taught[:8], painted[:8]])
        medians = {name: torch.cat([part[name] for part in losses]).median().item() for name in losses[0]}
        return {"cosine": cosine(vectors, self.vectors, self.mean), **medians}

    @torch.no_grad()
    def photo_mean_vector(self, students: Any) -> Tensor:
        """The student's mean vector of photos, [100]: what stands for a photo's own vector where none is predicted."""
        return torch.cat([students.predictor(part).float() for part in self.photos.split(16)]).mean(0).cpu()


def _squares(pictures: Pictures, count: int) -> Tensor:
    """Centre squares of up to `count` pictures, spread over the list, [N,3,256,256]."""
    count = min(count, len(pictures))
    return torch.stack([centre_square(pictures.first_readable(i * len(pictures) // count), VIEW) for i in range(count)])
