"""What the converter publishes of a style run: predictor and transformer, with what their cards say."""

import copy
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from training.common.task import LICENCE, PICTURE, Export, Port
from training.style.bold_transformer import BoldTransformer
from training.style.constants import PREDICTOR, TRANSFORMER
from training.style.load import Pair, load_pair

VECTOR = Port("vector", (1, 100), None)
WITH_BOLDNESS = Port("vector", (1, 101), None)  # of transformers that have learnt it
TRUNKS = {"inception": "Inception-v3", "mobilenet": "MobileNetV2"}
PREDICTOR_LIMITS = (
    "It sees only the centre square, reduced to 256 px: what lies outside, and finer strokes, are lost. "
    "A photograph used as the style gives its colours and little more."
)
TRANSFORMER_LIMITS = (
    "Small faces and writing become unrecognisable at full strength. Strokes are a few pixels wide whatever the size "
    "of the photo, so they look finer on a large one. Flat areas without noise get no strokes, and several styles "
    "hatch them diagonally. Styles with large flat shapes only tint the photo. Styles with stripes give streaks "
    "in which people can no longer be recognised."
)

MEASURED = "Medians on pictures held out from training; lower is better, except for the cosine."


class EvenRows(nn.Module):
    """A convolution with rows scaled to a maximum of 1, then multiplied by their scales: the output is the same.

    TensorFlow.js stores a large kernel with 256 equal quantisation steps. Where some rows are 10 times as large as
    others, few steps are left for the small ones: 3.1 % of the kernel's deviation was lost, now 0.6 %.
    """

    def __init__(self, layer: nn.Conv2d):
        super().__init__()
        assert layer.bias is not None
        weight, bias = layer.weight.detach(), layer.bias.detach()
        sizes = weight.abs().amax((1, 2, 3)).clamp(min=1e-6)
        self.layer = copy.deepcopy(layer).requires_grad_(False)
        self.layer.weight.copy_(weight / sizes[:, None, None, None])
        self.layer.bias = nn.Parameter(bias / sizes, requires_grad=False)
        self.register_buffer("sizes", sizes[None, :, None, None])

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x) * self.sizes


def with_even_rows(transformer: nn.Module) -> nn.Module:
    """A copy of the style transformer whose convolutions of the vector are prepared for uint8 quantisation."""
    even = copy.deepcopy(transformer)
    even.style = EvenRows(even.style)  # type: ignore[arg-type]
    if isinstance(even, BoldTransformer):
        even.bolder[1] = EvenRows(even.bolder[1])  # type: ignore[arg-type]
    return even


def exports(run: Path) -> list[Export]:
    """Predictor and transformer of a run. Raises training.common.runs.NotARun."""
    pair = load_pair(run)
    predictor = Export(
        "style-predictor",
        "A picture's style as a vector of 100 numbers",
        pair.predictor,
        (Port("style", PICTURE, (0.0, 1.0)),),
        (VECTOR,),
        {
            **_manifest(pair, f"{TRUNKS[pair.config['predictor']]} with {_begun(pair)} weights", PREDICTOR_LIMITS),
            "constants": asdict(PREDICTOR),
        },
    )
    transformer = Export(
        "style-transformer",
        "Paints a photo in the style of a vector",
        with_even_rows(pair.transformer),
        (Port("photo", PICTURE, (0.0, 1.0)), WITH_BOLDNESS if pair.transformer.bold else VECTOR),
        (Port("painted", PICTURE, (0.0, 1.0)),),
        {
            **_manifest(pair, _transformer_begun(pair), TRANSFORMER_LIMITS),
            "photo_mean_vector": [round(x, 5) for x in pair.state["photo_mean_vector"].tolist()],
            "constants": asdict(TRANSFORMER),
        },
    )
    return [predictor, transformer]


def _begun(pair: Pair) -> str:
    """The predictor's first weights: without perceptual losses no pretrained networks are read."""
    weights = [pair.config.get(f"{name}_weight", 1) for name in ("style", "strokes", "content")]
    return "ImageNet" if any(weights) else "random"


def _transformer_begun(pair: Pair) -> str:
    return "the teacher's transformer" if pair.config.get("transformer_from_teacher") else "random"


def _manifest(pair: Pair, initialisation: str, limits: str) -> dict[str, Any]:
    return {
        "style_space": pair.state["style_space"],
        "config": pair.config,
        "metrics": pair.state["metrics"],
        "measured": MEASURED,
        "training_data": pair.config.get("training_data", "not stated"),
        "initialisation": initialisation + (f"; started from {start}" if (start := pair.config.get("start")) else ""),
        "limits": limits,
        "licence": LICENCE,
    }
