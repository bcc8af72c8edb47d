"""What the converter publishes of a style run: predictor and transformer, with what their cards say."""

import copy
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from training.common.task import LICENCE, PICTURE, Export, Port
from training.style.constants import PREDICTOR, TRANSFORMER
from training.style.load import Pair, load_pair

VECTOR = Port("vector", (1, 100), None)
TRUNKS = {"inception": "Inception-v3", "mobilenet": "MobileNetV2"}
PREDICTOR_LIMITS = (
    "It sees the centre square at 256 px: what lies outside, and strokes finer than that, are lost. "
    "Photographs as style give their colours and little more."
)
TRANSFORMER_LIMITS = (
    "Small faces and writing lose their features at full strength. Strokes are a few pixels wide whatever the size "
    "of the photo, so they look finer on a large one. Even, noiseless areas stay even: strokes need something to grow "
    "from. Some styles leave a fine diagonal weave there. Styles of large flat shapes become tints, stripes streaks in "
    "which people dissolve."
)

MEASURED = "On pictures held out from training, medians; lower is better, but for the cosine."


class EvenRows(nn.Module):
    """A convolution whose rows all reach 1, and their sizes multiplied afterwards: the same numbers come out.

    TensorFlow.js stores a large kernel in 256 steps of one size. Rows that are 10 times the others leave those few
    steps: 3.1 % of the kernel's deviation was lost, now 0.6 %.
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
    """The style transformer, what it makes of vectors laid out for 256 steps."""
    even = copy.deepcopy(transformer)
    even.style = EvenRows(even.style)  # type: ignore[arg-type]
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
            **_manifest(pair, f"{TRUNKS[pair.config['predictor']]} with ImageNet weights", PREDICTOR_LIMITS),
            "constants": asdict(PREDICTOR),
        },
    )
    transformer = Export(
        "style-transformer",
        "Paints a photo in the style of a vector",
        with_even_rows(pair.transformer),
        (Port("photo", PICTURE, (0.0, 1.0)), VECTOR),
        (Port("painted", PICTURE, (0.0, 1.0)),),
        {
            **_manifest(pair, "random", TRANSFORMER_LIMITS),
            "photo_mean_vector": [round(x, 5) for x in pair.state["photo_mean_vector"].tolist()],
            "constants": asdict(TRANSFORMER),
        },
    )
    return [predictor, transformer]


def _manifest(pair: Pair, initialisation: str, limits: str) -> dict[str, Any]:
    return {
        "style_space": pair.state["style_space"],
        "config": pair.config,
        "metrics": pair.state["metrics"],
        "measured": MEASURED,
        "training_data": pair.config.get("training_data", "not said"),
        "initialisation": initialisation + (f"; begun with {start}" if (start := pair.config.get("start")) else ""),
        "limits": limits,
        "licence": LICENCE,
    }
