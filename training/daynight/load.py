"""Opens the translators of a run directory, whichever recipe trained them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.common import runs
from training.common.options import BadConfig, from_json
from training.daynight.config import Config
from training.daynight.networks import TRANSLATORS


@dataclass(frozen=True)
class Translators:
    """Both directions of a run. All pictures are [N,3,H,W] in [0,1], H and W multiples of 8, in and out.

    `network` is the module behind them, in eval mode; `config` its options and `saved` its config.json as it lies
    there; `metrics` are the figures of its last validation.
    """

    network: Any
    config: Config
    saved: dict
    metrics: dict

    def day_to_night(self, x: Tensor) -> Tensor:
        return self._run(self.network.day_to_night, x)

    def night_to_day(self, x: Tensor) -> Tensor:
        return self._run(self.network.night_to_day, x)

    def reconstruct_day(self, x: Tensor) -> Tensor:
        """CycleGAN: by way of night; UNIT: within the day domain."""
        return self._run(self.network.reconstruct_day, x)

    def reconstruct_night(self, x: Tensor) -> Tensor:
        """CycleGAN: by way of day; UNIT: within the night domain."""
        return self._run(self.network.reconstruct_night, x)

    @staticmethod
    @torch.no_grad()
    def _run(translate: Any, x: Tensor) -> Tensor:
        return translate(x).float().clamp(0, 1)


def load_translators(run: Path, name: str = "best.pt") -> Translators:
    """The translators of `run`. Raises NotARun."""
    saved, state = runs.read_config(run), runs.load(run, name)
    if saved.get("recipe") not in TRANSLATORS or "translators" not in state:
        raise runs.NotARun(
            f"{run} holds no day-night networks (recipe {saved.get('recipe')}): name a run of training.daynight.train"
        )
    try:
        config = from_json(Config, saved)
        network = TRANSLATORS[config.recipe](config)
        network.load_state_dict(state["translators"])
    except BadConfig as error:
        raise runs.NotARun(f"{run}: {error}") from error
    except RuntimeError as error:
        raise runs.NotARun(f"{run} was trained with another network layout: train it again") from error
    return Translators(network.eval(), config, saved, state["metrics"])
