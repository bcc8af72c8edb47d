"""What a recipe gives the trainer: its networks, optimisers and schedules by name, a step, and a validation."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from pathlib import Path
from typing import Any, ClassVar

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import Dataset


class Recipe(ABC):
    """A recipe as training/common/trainer.py trains it.

    Names are asked for anew at each step and save: a network that grows may swap layers and optimisers in mid-run.
    """

    batches: Dataset  # step -> tensors by name; 'skipped' counts the broken pictures met so far
    averaged: ClassVar[Collection[str]]  # names of the networks whose EMA is kept, validated and published

    @abstractmethod
    def networks(self) -> dict[str, nn.Module]:
        """What learns, by the name under which it is saved."""

    @abstractmethod
    def optimisers(self) -> dict[str, Optimizer]: ...

    def schedules(self) -> dict[str, LRScheduler]:
        """Learning rate schedules; `update` steps them."""
        return {}

    @abstractmethod
    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        """Take step `step` of all optimisers; gives the losses by name, []."""

    @abstractmethod
    def validate(self, sample: Path) -> tuple[dict[str, float], float | None]:
        """Figures on held-out pictures, and the score: the lowest is published, or with None the newest.

        Writes a picture of samples. The networks are in eval mode, those of `averaged` with their mean weights.
        """

    def published(self) -> dict[str, Any]:
        """What best.pt holds besides the figures; the networks are as in `validate`."""
        return {name: network.state_dict() for name, network in self.networks().items()}

    def extra(self) -> dict[str, Any]:
        """What else a resumed run needs, such as pooled pictures or how far a network has grown."""
        return {}

    def restore(self, extra: dict[str, Any]) -> None:  # noqa: B027  # most recipes have nothing else
        """Take back what `extra` gave; comes first, so that the networks are laid out as the saved ones."""
