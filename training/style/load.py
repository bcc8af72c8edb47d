"""Opens a predictor and transformer: a run directory, or the folder of a published teacher."""

from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from training.common import runs
from training.style.inception_v3 import InceptionStylePredictor
from training.style.mobilenet_v2 import MobileNetStylePredictor
from training.style.teacher import TeacherTransformer
from training.style.transformer import StyleTransformer

PREDICTORS: dict[str, type[InceptionStylePredictor] | type[MobileNetStylePredictor]] = {
    "inception": InceptionStylePredictor,
    "mobilenet": MobileNetStylePredictor,
}
TRANSFORMERS: dict[str, type[StyleTransformer]] = {"full": TeacherTransformer, "small": StyleTransformer}
PUBLISHED = "style-teacher.safetensors"


@dataclass(frozen=True)
class Pair:
    """A style predictor and the transformer of its space, in eval mode, with the run's configuration and figures."""

    predictor: nn.Module
    transformer: nn.Module
    config: dict
    state: dict


def networks_file(folder: Path, name: str = "best.pt") -> Path:
    """Where the networks of a run directory, or of a published teacher, lie."""
    return folder / (PUBLISHED if (folder / PUBLISHED).exists() else name)


def load_pair(run: Path, name: str = "best.pt") -> Pair:
    """The networks of `run`. Raises NotARun."""
    config, file = runs.read_config(run), networks_file(run, name)
    state = _published(file) if file.name == PUBLISHED else runs.load(run, name)
    if config.get("predictor") not in PREDICTORS or "transformer" not in state:
        raise runs.NotARun(
            f"{run} holds no style networks (recipe {config.get('recipe')}): name a run of training/style or distill"
        )
    predictor, transformer = PREDICTORS[config["predictor"]](), TRANSFORMERS[config.get("transformer", "small")]()
    try:
        predictor.load_state_dict(state["predictor"])
        transformer.load_state_dict(state["transformer"])
    except RuntimeError as error:
        raise runs.NotARun(f"{run} was trained with another network layout: train it anew") from error
    return Pair(predictor.eval(), transformer.eval(), config, state)


def _published(file: Path) -> dict[str, dict[str, Tensor]]:
    """A published teacher's weights in float32, by network."""
    try:
        weights = load_file(file)
    except (OSError, SafetensorError) as error:
        raise runs.NotARun(f"{file} is damaged: fetch it again") from error
    state: dict[str, dict[str, Tensor]] = {}
    for name, weight in weights.items():
        network, _, parameter = name.partition(".")
        state.setdefault(network, {})[parameter] = weight.float()
    return state
