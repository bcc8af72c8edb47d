"""Opens a predictor and transformer from their run directory."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from training.common import runs
from training.style.networks import PREDICTORS, TRANSFORMERS


@dataclass(frozen=True)
class Pair:
    """A style predictor and the transformer of its space, in eval mode, with the run's configuration and figures."""

    predictor: nn.Module
    transformer: nn.Module
    config: dict
    state: dict


def load_pair(run: Path, name: str = "best.pt") -> Pair:
    """The networks of `run`. Raises NotARun."""
    config, state = runs.read_config(run), runs.load(run, name)
    kinds = config.get("predictor"), config.get("transformer", "small")
    if kinds[0] not in PREDICTORS or kinds[1] not in TRANSFORMERS or "transformer" not in state:
        raise runs.NotARun(
            f"{run} holds no style networks (recipe {config.get('recipe')}): name a run of training.style or distill"
        )
    predictor, transformer = PREDICTORS[kinds[0]](), TRANSFORMERS[kinds[1]]()
    with runs.fitting(run):
        predictor.load_state_dict(state["predictor"])
        transformer.load_state_dict(state["transformer"])
    return Pair(predictor.eval(), transformer.eval(), config, state)
