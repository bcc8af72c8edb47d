"""Opens the predictor and transformer of a run directory, whichever recipe made it."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from training.common import runs
from training.style.inception_v3 import InceptionStylePredictor
from training.style.mobilenet_v2 import MobileNetStylePredictor
from training.style.transformer import StyleTransformer

PREDICTORS = {"inception": InceptionStylePredictor, "mobilenet": MobileNetStylePredictor}


@dataclass(frozen=True)
class Pair:
    """A style predictor and the transformer of its space, in eval mode, with the run's configuration and figures."""

    predictor: nn.Module
    transformer: StyleTransformer
    config: dict
    state: dict


def load_pair(run: Path, name: str = "best.pt") -> Pair:
    """The networks of `run`. Raises NotARun."""
    config, state = runs.read_config(run), runs.load(run, name)
    if config.get("predictor") not in PREDICTORS or "transformer" not in state:
        raise runs.NotARun(
            f"{run} holds no style networks (recipe {config.get('recipe')}): name a run of distill/run.py"
        )
    predictor, transformer = PREDICTORS[config["predictor"]](), StyleTransformer()
    try:
        predictor.load_state_dict(state["predictor"])
        transformer.load_state_dict(state["transformer"])
    except RuntimeError as error:
        raise runs.NotARun(f"{run} was trained with another network layout: train it anew") from error
    return Pair(predictor.eval(), transformer.eval(), config, state)
