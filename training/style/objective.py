"""The objective of a predictor and a transformer that are trained together: one step's losses, as one module."""

import torch
from torch import Tensor, nn

from training.style.batches import OWN
from training.style.config import PairConfig
from training.style.constants import PREDICTOR
from training.style.enlarger import Enlarger, resized
from training.style.losses import Grams, PerceptualLosses, mixed
from training.style.transformer import KEPT, keeping

PHOTOGRAPH, PAINTING = 1.1, -0.1  # targets of the predictor's KEPT: clamped to [0,1], most reach the ends


class Objective(nn.Module):
    """Both networks and the losses on them."""

    def __init__(self, predictor: nn.Module, transformer: nn.Module, losses: PerceptualLosses, config: PairConfig):
        super().__init__()
        self.predictor, self.transformer, self.losses, self.config = predictor, transformer, losses, config
        self.enlarger = Enlarger().requires_grad_(False)

    def forward(self, batch: dict[str, Tensor], joint: bool) -> dict[str, Tensor]:
        """Losses by name, the weighted `total` among them; see training.style.batches for the batch."""
        photos, views, c = batch["photos"], batch["views"], self.config
        own = self.predictor(views)
        vectors = keeping((own if joint else batch["vectors"])[: len(photos)], 0)
        vectors, grams = self._target(batch, vectors)
        painted = self.transformer(photos, vectors)
        top, left = batch["shift"]
        losses = self.losses(painted[..., top:, left:], photos[..., top:, left:], grams)
        # log1p: a near-empty style has a relative loss of hundreds and would drown the others
        total = c.style_weight * losses["style"].log1p() + c.strokes_weight * losses["strokes"].log1p()
        losses["kept"] = (own[:, KEPT].float() - torch.where(batch["photographs"], PHOTOGRAPH, PAINTING)).square()
        losses["total"] = (total + c.content_weight * losses["content"]).mean() + losses["kept"].mean()
        if len(batch["vectors"]):
            losses["vector"] = (own[:, KEPT + 1 :].float() - batch["vectors"][:, KEPT + 1 :]).square().mean()
            losses["total"] = losses["total"] + c.vector_weight * losses["vector"]
        if len(batch["taught"]):
            losses["taught"] = (painted - batch["taught"]).abs().mean()
            losses["total"] = losses["total"] + c.taught_weight * losses["taught"]
        return {name: loss.mean() for name, loss in losses.items()}

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
            other, other_grams = (
                keeping(self.predictor(resized(photos, PREDICTOR.predictor_side)), 1),
                self.losses.grams(photos),
            )
        else:
            swap = neighbours(len(photos))
            other, other_grams = vectors[swap], {name: matrix[swap] for name, matrix in grams.items()}
        return torch.lerp(other.float(), vectors.float(), share[:, None]), mixed(other_grams, grams, share)


def neighbours(count: int) -> Tensor:
    """1, 0, 3, 2 …: partners within pairs, so that several processes mix as one does. An odd last one stays alone."""
    return (torch.arange(count) ^ 1).clamp_max(count - 1)
