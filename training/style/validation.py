"""How good the networks are on pictures they never trained on, and a sheet of samples to look at."""

from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from training.common.grid import save_grid
from training.common.pictures import Pictures
from training.common.squares import centre_cut, scaled
from training.style.batches import VIEW, Teacher
from training.style.enlarger import interpolated, resized
from training.style.transformer import keeping

PAIRS, VIEWS, MEAN_OF = 24, 64, 256


def cosine(student: Tensor, teacher: Tensor, mean: Tensor) -> float:
    """Median cosine of student and teacher vectors [N,100], each less the training `mean` [100].

    A constant vector scores 0, however near the mean.
    """
    return torch.cosine_similarity(student - mean, teacher - mean).median().item()


class Validation:
    """Held-out pictures, opened once; what the teacher, if any, says of their styles is kept."""

    def __init__(
        self,
        photos: Pictures,
        styles: Pictures,
        training: Pictures,
        teacher: Teacher | None,
        config: Any,
        device: torch.device,
    ):
        self.side = config.style_size
        cuts = _cuts(styles, VIEWS)
        self.photos, self.styles = _views(_cuts(photos, VIEWS)).to(device), _views(cuts).to(device)
        count = min(len(self.photos), len(self.styles))
        # both lists are sorted by name: from all over
        self.pairs = torch.linspace(0, count - 1, min(PAIRS, count)).long()
        large, soft = zip(*(interpolated(cut, self.side) for cut in [cuts[i] for i in self.pairs]), strict=True)
        self.large, self.soft = torch.stack(large).to(device), torch.tensor(soft, device=device)
        self.vectors = teacher.vectors(self.styles.cpu()).to(device) if teacher else None
        self.mean = teacher.vectors(_views(_cuts(training, MEAN_OF))).mean(0).to(device) if teacher else None

    @torch.no_grad()
    def figures(self, painter: Any, sample: Path) -> dict[str, float]:
        """Median losses of the pairs, and cosine of the vectors to a teacher's; writes rows photo, style, painted."""
        vectors = keeping(self._vectors(painter, self.styles), 0)
        photos = resized(self.photos[self.pairs], self.side)
        fours = zip(*(part.split(4) for part in (photos, self.large, self.soft, vectors[self.pairs])), strict=True)
        styles, painted, losses = [], [], []
        for photo, large, soft, vector in fours:
            styles.append(painter.sharpened(large, soft))
            painted.append(painter.transformer(photo, vector))
            losses.append(painter.losses(painted[-1], photo, painter.losses.grams(styles[-1])))
        save_grid(sample, [photos[:8], torch.cat(styles)[:8], torch.cat(painted)[:8]])
        figures = {name: torch.cat([part[name] for part in losses]).median().item() for name in losses[0]}
        if self.vectors is not None and self.mean is not None:
            figures["cosine"] = cosine(vectors, self.vectors, self.mean)
        return figures

    @torch.no_grad()
    def photo_mean_vector(self, painter: Any) -> Tensor:
        """The mean vector of photos, [100]: what stands for a photo's own vector where none is predicted."""
        return keeping(self._vectors(painter, self.photos), 1).mean(0).cpu()

    def _vectors(self, painter: Any, pictures: Tensor) -> Tensor:
        return torch.cat([painter.predictor(part).float() for part in pictures.split(16)])


def _cuts(pictures: Pictures, count: int) -> list[Image.Image]:
    """Centre squares of up to `count` pictures, spread over the list, in their own pixels."""
    count = min(count, len(pictures))
    return [centre_cut(pictures.first_readable(i * len(pictures) // count)) for i in range(count)]


def _views(cuts: list[Image.Image]) -> Tensor:
    """[N,3,256,256] in [0,1]."""
    return torch.stack([scaled(cut, VIEW) for cut in cuts])
