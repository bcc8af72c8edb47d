"""Opens the translators of a run directory, whichever recipe trained them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.common import runs
from training.common.config import from_json
from training.daynight.cyclegan import CycleGan
from training.daynight.unit import Unit

RECIPES: dict[str, Any] = {"cyclegan": CycleGan, "unit": Unit}


@dataclass(frozen=True)
class Translators:
    """Both directions of a run. All pictures are [N,3,H,W] in [0,1], H and W multiples of 8, in and out.

    `network` is the module behind them, in eval mode; `metrics` are the figures of its last validation.
    """

    network: Any
    config: dict
    metrics: dict

    def day_to_night(self, x: Tensor) -> Tensor:
        return self._run(self.network.day_to_night, x)

    def night_to_day(self, x: Tensor) -> Tensor:
        return self._run(self.network.night_to_day, x)

    def reconstruct_day(self, x: Tensor) -> Tensor:
        """CycleGAN: by way of night; UNIT: within the day."""
        return self._run(self.network.reconstruct_day, x)

    def reconstruct_night(self, x: Tensor) -> Tensor:
        """CycleGAN: by way of day; UNIT: within the night."""
        return self._run(self.network.reconstruct_night, x)

    @staticmethod
    @torch.no_grad()
    def _run(translate: Any, x: Tensor) -> Tensor:
        return translate(x).float().clamp(0, 1)


def load_translators(run: Path, name: str = "best.pt") -> Translators:
    """The translators of `run`. Raises NotARun."""
    from training.daynight.train import Config  # it builds on this module's table

    saved, state = runs.read_config(run), runs.load(run, name)
    if saved.get("recipe") not in RECIPES or "translators" not in state:
        raise runs.NotARun(
            f"{run} holds no day-night networks (recipe {saved.get('recipe')}): name a run of training.daynight.train"
        )
    network = RECIPES[saved["recipe"]](from_json(Config, saved))
    try:
        network.load_state_dict(state["translators"])
    except RuntimeError as error:
        raise runs.NotARun(f"{run} was trained with another network layout: train it anew") from error
    return Translators(network.eval(), saved, state["metrics"])
