"""The objective of a predictor and a transformer that are trained together: one step's losses, as one module."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.style.batches import OWN
from training.style.config import PairConfig
from training.style.constants import PREDICTOR
from training.style.enlarger import Enlarger, resized
from training.style.losses import Grams, PerceptualLosses, mixed
from training.style.transformer import (
    KEPT,
    VECTOR,
    Conditional,
    Statistics,
    for_transformer,
    given_statistics,
    keeping,
    recorded_statistics,
    towards_styles,
)

MARGIN = 48  # px from an edge within which the reflection there is seen
PHOTOGRAPH, PAINTING = 1.1, -0.1  # targets of the predictor's KEPT: clamped to [0,1], most reach the ends


class Objective(nn.Module):
    """Both networks and the losses on them."""

    losses: PerceptualLosses

    def __init__(
        self,
        predictor: nn.Module,
        transformer: Conditional,
        losses: PerceptualLosses | None,
        config: PairConfig,
    ):
        """`losses` is None where the teacher alone is the target."""
        super().__init__()
        self.predictor, self.transformer, self.config = predictor, transformer, config
        if losses:
            self.losses = losses
        self.enlarger = Enlarger().requires_grad_(False)

    def forward(self, batch: dict[str, Tensor], joint: bool) -> dict[str, Tensor]:
        """Losses by name, the weighted `total` among them; see training.style.batches for the batch."""
        if "photos" not in batch:
            return self._of_the_predictor(batch)
        if not self.config.perceptual:
            return self._of_the_teacher(batch, joint)
        photos, views, c = batch["photos"], batch["views"], self.config
        own = self.predictor(views)
        vectors = self._styles(own, batch, joint)
        vectors, grams = self._target(batch, vectors)
        with recorded_statistics() as statistics:
            painted = self.transformer(photos, vectors)
        top, left = batch["shift"]
        losses = self.losses(painted[..., top:, left:], photos[..., top:, left:], grams)
        losses["kept"] = self._kept(own, batch)
        losses["total"] = self._perceptual(losses, batch["boldness"]).mean() + losses["kept"]
        if c.marks_weight:
            losses["marks"] = self._marks(photos, vectors, painted, statistics, batch["moved"])
            losses["total"] = losses["total"] + c.marks_weight * losses["marks"]
        if len(batch["vectors"]):
            losses["vector"] = self._vector(own, batch)
            losses["total"] = losses["total"] + c.vector_weight * losses["vector"]
        if len(batch["taught"]):
            losses["taught"] = (painted - batch["taught"]).abs().mean()
            losses["total"] = losses["total"] + c.taught_weight * losses["taught"]
        return {name: loss.mean() for name, loss in losses.items()}

    def _of_the_predictor(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """A step that trains the predictor alone: mean squared error to the teacher's vectors."""
        own = self.predictor(batch["views"])
        losses = {"kept": self._kept(own, batch), "vector": self._vector(own, batch)}
        # all parameters take part: several processes wait for the gradients of each
        none = 0 * sum(parameter.sum() for parameter in self.transformer.parameters())
        return {**losses, "total": losses["kept"] + self.config.vector_weight * losses["vector"] + none}

    def _of_the_teacher(self, batch: dict[str, Tensor], joint: bool) -> dict[str, Tensor]:
        """A step with the teacher's vectors and pictures as the only targets."""
        own, c = self.predictor(batch["views"]), self.config
        vectors = self._styles(own, batch, joint)
        painted = self.transformer(batch["photos"], vectors)
        taught = (painted - batch["taught"]).abs().mean()
        losses = {"kept": self._kept(own, batch), "vector": self._vector(own, batch), "taught": taught}
        total = losses["kept"] + c.vector_weight * losses["vector"] + c.taught_weight * taught
        return {**losses, "total": total}

    def _styles(self, own: Tensor, batch: dict[str, Tensor], joint: bool) -> Tensor:
        """The vectors [B,100] of the styles that the photos are painted in: the predictor's own, or the teacher's."""
        vectors = (own if joint else batch["vectors"])[: len(batch["photos"])]
        return towards_styles(self.transformer, vectors, batch["boldness"])

    def _kept(self, own: Tensor, batch: dict[str, Tensor]) -> Tensor:
        """How far the number KEPT is from telling photographs and paintings apart, []."""
        return (own[:, KEPT].float() - torch.where(batch["photographs"], PHOTOGRAPH, PAINTING)).square().mean()

    def _vector(self, own: Tensor, batch: dict[str, Tensor]) -> Tensor:
        """Mean squared error to the teacher's vectors, []; KEPT has a target of its own."""
        return (own[:, KEPT + 1 :].float() - batch["vectors"][:, KEPT + 1 :]).square().mean()

    def _perceptual(self, losses: dict[str, Tensor], boldness: Tensor) -> Tensor:
        """The weighted sum, [N]. log1p: a near-empty style has a relative loss of hundreds and would drown the others.

        With more boldness the photo's detail counts less, and style and strokes count more.
        """
        c = self.config
        bold = 2 * boldness - 1 if self.transformer.bold else torch.zeros_like(boldness)
        style, strokes = c.style_weight * losses["style"].log1p(), c.strokes_weight * losses["strokes"].log1p()
        return 2**bold * (style + strokes) + 4**-bold * c.content_weight * losses["detail"]

    def _marks(self, photos: Tensor, vectors: Tensor, painted: Tensor, statistics: Statistics, moved: Tensor) -> Tensor:
        """How much of the painting's fine texture depends on where the photo lies on the grid of 8 px, [].

        The first photo is painted again, moved by some pixels. What a grid leaves stays where it was, strokes move.
        """
        side, (top, left) = photos.shape[-1] - 8, moved.tolist()
        with given_statistics([(mean[:1], deviation[:1]) for mean, deviation in statistics]):
            again = self.transformer(photos[:1, :, top : top + side, left : left + side], vectors[:1])
        difference = (again - painted[:1, :, top : top + side, left : left + side]).float()
        fine = difference - F.avg_pool2d(difference, 9, 1, 4)
        return fine[..., MARGIN:-MARGIN, MARGIN:-MARGIN].abs().mean()

    @torch.no_grad()
    def sharpened(self, styles: Tensor, soft: Tensor) -> Tensor:
        """Styles [N,3,H,W] in [0,1], those that are `soft` [N] as sharp as if they had been large."""
        sharp = styles.clone()
        sharp[soft] = self.enlarger(styles[soft])
        return sharp

    def _target(self, batch: dict[str, Tensor], vectors: Tensor) -> tuple[Tensor, Grams]:
        """The vectors to paint with and the Gram matrices to reach: styles, or what lies between two of them."""
        photos, share = batch["photos"], batch["share"]
        grams = self.losses.grams(self.sharpened(batch["styles"], batch["soft"]))
        if not batch["mix"]:
            return vectors, grams
        if batch["mix"] == OWN:
            own = keeping(self.predictor(resized(photos, PREDICTOR.predictor_side)), 1)
            other_grams = self.losses.grams(photos)
        else:
            swap = neighbours(len(photos))
            own, other_grams = vectors[swap, :VECTOR], {name: matrix[swap] for name, matrix in grams.items()}
        other = for_transformer(self.transformer, own, batch["boldness"])
        return torch.lerp(other.float(), vectors.float(), share[:, None]), mixed(other_grams, grams, share)


def neighbours(count: int) -> Tensor:
    """1, 0, 3, 2 …: partners within pairs, so that several processes mix as one does. An odd last one stays alone."""
    return (torch.arange(count) ^ 1).clamp_max(count - 1)
