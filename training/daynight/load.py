"""Opens the translators of a run directory, whichever recipe trained them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.common import runs
from training.common.options import Options, from_json
from training.daynight.config import RECIPES, DaylightConfig, SceneConfig
from training.daynight.networks import TRANSLATORS
from training.daynight.relit import Relit


@dataclass(frozen=True)
class Translators:
    """Both directions of a run. All pictures are [N,3,H,W] in [0,1], in and out, H and W multiples of `multiple`.

    `network` is the module behind them, in eval mode; `config` its options and `saved` its config.json as it lies
    there; `metrics` are the figures of its last validation.
    """

    network: Any
    config: Options
    saved: dict
    metrics: dict

    def day_to_night(self, x: Tensor, **controls: float) -> Tensor:
        """`controls`: of a scene network, `hour` and `lights` (relit.py)."""
        return self._run(self.network.day_to_night, x, **controls)

    def night_to_day(self, x: Tensor, **controls: float) -> Tensor:
        return self._run(self.network.night_to_day, x, **controls)

    def reconstruct_day(self, x: Tensor) -> Tensor:
        """CycleGAN: by way of night; UNIT: within the day domain."""
        return self._run(self.network.reconstruct_day, x)

    def reconstruct_night(self, x: Tensor) -> Tensor:
        """CycleGAN: by way of day; UNIT: within the night domain."""
        return self._run(self.network.reconstruct_night, x)

    @staticmethod
    @torch.no_grad()
    def _run(translate: Any, x: Tensor, **controls: float) -> Tensor:
        return translate(x, **controls).float().clamp(0, 1)


def load_translators(run: Path, name: str = "best.pt") -> Translators:
    """The translators of `run`, which may be one of the scene or the daylight network's training. Raises NotARun."""
    saved, state = runs.read_config(run), runs.load(run, name)
    recipe = saved.get("recipe")
    part = "scene" if recipe in (SceneConfig.recipe, DaylightConfig.recipe) else "translators"
    if recipe not in RECIPES or part not in state:
        raise runs.NotARun(
            f"{run} holds no day-night networks (recipe {recipe}): name a run of training.daynight.train"
        )
    with runs.fitting(run):
        config = from_json(RECIPES[recipe], saved)
        network: Any = Relit("daylight" in state) if part == "scene" else TRANSLATORS[recipe](config)
        (network.scene if part == "scene" else network).load_state_dict(state[part])
        if "daylight" in state:
            network.daylight.load_state_dict(state["daylight"])
    return Translators(network.eval(), config, saved, state["metrics"])
