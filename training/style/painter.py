"""A predictor and a transformer that learn together: one step's forward pass, which several processes can share."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.style.batches import OWN, VIEW
from training.style.losses import Grams, PerceptualLosses, mixed


def resized(pictures: Tensor, side: int) -> Tensor:
    """[N,3,H,W] in [0,1] -> [N,3,side,side] in [0,1], channels last."""
    if pictures.shape[2:] != (side, side):
        pictures = F.interpolate(pictures, (side, side), mode="bicubic", antialias=True).clamp(0, 1)
    return pictures.contiguous(memory_format=torch.channels_last)


class Painter(nn.Module):
    """Both networks and the losses on them; `config` is a training.style.recipe.Config."""

    def __init__(self, predictor: nn.Module, transformer: nn.Module, losses: PerceptualLosses, config: Any):
        super().__init__()
        self.predictor, self.transformer, self.losses, self.config = predictor, transformer, losses, config

    def forward(self, batch: dict[str, Tensor], joint: bool) -> dict[str, Tensor]:
        """Losses by name, the weighted `total` among them; see training.style.batches for the batch."""
        photos, views, c = batch["photos"], batch["views"], self.config
        own = self.predictor(views)
        vectors = (own if joint else batch["vectors"])[: len(photos)]
        vectors, grams = self._aim(batch, vectors)
        painted = self.transformer(photos, vectors)
        top, left = batch["shift"]
        losses = self.losses(painted[..., top:, left:], photos[..., top:, left:], grams)
        # log1p: a near-empty style has a relative loss of hundreds and would drown the others
        total = c.style_weight * losses["style"].log1p() + c.strokes_weight * losses["strokes"].log1p()
        losses["total"] = (total + c.content_weight * losses["content"]).mean()
        if len(batch["vectors"]):
            losses["vector"] = (own.float() - batch["vectors"]).square().mean()
            losses["total"] = losses["total"] + c.vector_weight * losses["vector"]
        if len(batch["taught"]):
            losses["taught"] = (painted - batch["taught"]).abs().mean()
            losses["total"] = losses["total"] + c.taught_weight * losses["taught"]
        return {name: loss.mean() for name, loss in losses.items()}

    def _aim(self, batch: dict[str, Tensor], vectors: Tensor) -> tuple[Tensor, Grams]:
        """The vectors to paint with and the Gram matrices to reach: styles, or what lies between two of them."""
        photos, share, side = batch["photos"], batch["share"], self.config.style_size
        grams = self.losses.grams(resized(batch["views"][: len(photos)], side))
        if not batch["mix"]:
            return vectors, grams
        if batch["mix"] == OWN:
            other, other_grams = self.predictor(resized(photos, VIEW)), self.losses.grams(photos)
        else:
            swap = neighbours(len(photos))
            other, other_grams = vectors[swap], {name: matrix[swap] for name, matrix in grams.items()}
        return torch.lerp(other.float(), vectors.float(), share[:, None]), mixed(other_grams, grams, share)


def neighbours(count: int) -> Tensor:
    """1, 0, 3, 2 …: partners within pairs, so that several processes mix as one does. An odd last one stays alone."""
    return (torch.arange(count) ^ 1).clamp_max(count - 1)
