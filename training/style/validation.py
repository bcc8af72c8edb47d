"""How good the networks are on pictures they never trained on, and a sheet of samples to look at."""

from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from training.common.grid import save_grid
from training.common.pictures import Pictures
from training.common.squares import centre_cut
from training.style.batches import Teacher
from training.style.config import HELD_OUT, PairConfig
from training.style.enlarger import interpolated, resized
from training.style.objective import Objective
from training.style.predictors import view
from training.style.transformer import VECTOR, keeping, towards_styles

PAIRS, VIEWS, MEAN_OF = 24, 64, 256


def split(sources: list[str], held_out: list[str], one_in: int = HELD_OUT) -> tuple[Pictures, Pictures]:
    """Pictures to train on and to judge by: those of `held_out`, or one in so many where none is named."""
    return (Pictures(sources), Pictures(held_out)) if held_out else Pictures(sources).split(one_in)


def cosine(student: Tensor, teacher: Tensor, mean: Tensor) -> float:
    """Median cosine of student and teacher vectors [N,100], each less the training `mean` [100].

    A constant vector scores 0, however near the mean.
    """
    return torch.cosine_similarity(student - mean, teacher - mean).median().item()


def relative_distance(painted: Tensor, taught: Tensor, photo: Tensor) -> Tensor:
    """Mean absolute distance to the teacher's pictures, [N]: 0 is the teacher's picture, 1 as far as the photo itself.

    All are [N,3,H,W] in [0,1].
    """
    own, untouched = ((picture - taught).abs().mean((1, 2, 3)) for picture in (painted.float(), photo))
    return own / untouched.clamp_min(1e-6)


class Validation:
    """Held-out pictures, opened once; so are the teacher's vectors of the styles, if there is one."""

    def __init__(
        self,
        photos: Pictures,
        styles: Pictures,
        training: Pictures,
        teacher: Teacher | None,
        config: PairConfig,
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
        self.taught = self._taught(teacher) if teacher and not config.perceptual else None
        self.mean = teacher.vectors(_views(_cuts(training, MEAN_OF))).mean(0).to(device) if teacher else None

    def figures(self, objective: Objective, sample: Path) -> dict[str, float]:
        """Median losses of the pairs, and how near the vectors, or the pictures, are to a teacher's.

        Writes rows photo, style, painted and, where the teacher is the only target, the teacher's pictures.
        """
        vectors = towards_styles(objective.transformer, self._vectors(objective, self.styles))
        photos = resized(self.photos[self.pairs], self.side)
        fours = zip(*(part.split(4) for part in (photos, self.large, self.soft, vectors[self.pairs])), strict=True)
        styles, painted, losses = [], [], []
        for photo, large, soft, vector in fours:
            styles.append(objective.sharpened(large, soft))
            painted.append(objective.transformer(photo, vector))
            if self.taught is None:
                losses.append(objective.losses(painted[-1], photo, objective.losses.grams(styles[-1])))
            else:
                taught = self.taught[4 * len(losses) :][: len(photo)]
                losses.append({"from_teacher": relative_distance(painted[-1], taught, photo)})
        rows = [photos, torch.cat(styles), torch.cat(painted), *([] if self.taught is None else [self.taught])]
        save_grid(sample, [row[:8] for row in rows])
        figures = {name: torch.cat([part[name] for part in losses]).median().item() for name in losses[0]}
        if self.vectors is not None and self.mean is not None:
            figures["cosine"] = cosine(vectors[:, :VECTOR], self.vectors, self.mean)
        return figures

    def photo_mean_vector(self, objective: Objective) -> Tensor:
        """The mean vector of photos, [100]: what stands for a photo's own vector where none is predicted."""
        return keeping(self._vectors(objective, self.photos), 1).mean(0).cpu()

    def _taught(self, teacher: Teacher) -> Tensor:
        """The teacher's pictures of the pairs."""
        photos, vectors = resized(self.photos[self.pairs], self.side).cpu(), teacher.vectors(self.styles.cpu())
        fours = zip(photos.split(4), vectors[self.pairs].split(4), strict=True)
        return torch.cat([teacher.paint(*four) for four in fours]).to(self.photos.device)

    def _vectors(self, objective: Objective, pictures: Tensor) -> Tensor:
        return torch.cat([objective.predictor(part).float() for part in pictures.split(16)])


def _cuts(pictures: Pictures, count: int) -> list[Image.Image]:
    """Centre squares of up to `count` pictures, spread over the list, in their own pixels."""
    count = min(count, len(pictures))
    return [centre_cut(pictures.first_readable(i * len(pictures) // count)) for i in range(count)]


def _views(cuts: list[Image.Image]) -> Tensor:
    """[N,3,256,256] in [0,1]."""
    return torch.stack([view(cut) for cut in cuts])
