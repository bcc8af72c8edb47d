"""What a run directory offers to the converter: networks with named inputs and outputs, and what a card says."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from training.common import runs
from training.daynight.load import RECIPES, Translators, load_translators
from training.style.load import Pair, load_pair

LICENCE = (
    "Learnt from pictures with research terms: for research and personal use. Train on your own pictures for other use."
)

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

STYLE_MEASURED = "On pictures held out from training, medians; lower is better, but for the cosine."

TRANSLATOR_LIMITS = (
    "Learnt from streets and cities, half of them seen from a car: other scenes turn dark or bright, and little more. "
    "Narrow gaps between walls and bare branches keep a bright rim. Night to day can only guess what the dark hides: "
    "it makes up skies of wavy clouds, and lamps stay lit."
)


@dataclass(frozen=True)
class Port:
    """One input or output in torch's layout; None is dynamic (a multiple of 8 for pictures)."""

    name: str
    shape: tuple[int | None, ...]
    range: tuple[float, float] | None


@dataclass(frozen=True)
class Export:
    """One network, ready to be converted; `manifest` is what the published manifest takes over as it is."""

    name: str
    task: str
    network: nn.Module
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    manifest: dict[str, Any]


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


PICTURE = (1, 3, None, None)
VECTOR = Port("vector", (1, 100), None)


def exports(run: Path) -> list[Export]:
    """The networks of a run. Raises training.common.runs.NotARun."""
    if runs.read_config(run).get("recipe") in RECIPES:
        return translators(load_translators(run), evaluation(run))
    return style_networks(load_pair(run))


def style_networks(pair: Pair) -> list[Export]:
    """Predictor and transformer of a style run."""
    predictor = Export(
        "style-predictor",
        "A picture's style as a vector of 100 numbers",
        pair.predictor,
        (Port("style", PICTURE, (0.0, 1.0)),),
        (VECTOR,),
        _manifest(pair, f"{TRUNKS[pair.config['predictor']]} with ImageNet weights", PREDICTOR_LIMITS),
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
        },
    )
    return [predictor, transformer]


def evaluation(run: Path) -> dict[str, Any]:
    """What training.daynight.evaluate found, or nothing."""
    file = run / "evaluation" / "figures.json"
    return json.loads(file.read_text()) if file.is_file() else {}


def translators(both: Translators, found: dict[str, Any]) -> list[Export]:
    """Day to night and night to day of a day-night run; `found`: an evaluation's figures, for the cards."""
    manifest = {
        "config": both.config,
        "training_data": both.config.get("training_data", "not said"),
        "initialisation": "random" + (f"; begun with {start}" if (start := both.config.get("start")) else ""),
        "limits": TRANSLATOR_LIMITS,
        "licence": LICENCE,
    }
    return [
        Export(
            name,
            task,
            both.network.one_way(direction),
            (Port("photo", PICTURE, (0.0, 1.0)),),
            (Port("painted", PICTURE, (0.0, 1.0)),),
            {**manifest, **_measured(both, found, direction)},
        )
        for name, direction, task in (
            ("day-to-night", "day_to_night", "Turns a day photo into night"),
            ("night-to-day", "night_to_day", "Turns a night photo into day"),
        )
    ]


def _measured(both: Translators, found: dict[str, Any], direction: str) -> dict[str, Any]:
    """A direction's figures and what they are taken of: an evaluation's, else the training's last validation."""
    if not found:
        return {"metrics": both.metrics, "measured": "On pictures held out from training, by the training itself."}
    count, size = sum(found["pictures"].values()), found["size"]
    measured = (
        f"On {count} day and night pictures held out from training, at {size} px. A ratio is the translations' "
        "distance to real pictures over the untouched photos'; structure is 1 where every edge stays."
    )
    names = ("kid_ratio", "fid_ratio", "ssim", "structure")
    figures = {name: round(found[direction][name], 4) for name in names}
    return {"metrics": {**figures, "step": both.metrics["step"]}, "measured": measured}


def _manifest(pair: Pair, initialisation: str, limits: str) -> dict[str, Any]:
    return {
        "style_space": pair.state["style_space"],
        "config": pair.config,
        "metrics": pair.state["metrics"],
        "measured": STYLE_MEASURED,
        "training_data": pair.config.get("training_data", "not said"),
        "initialisation": initialisation + (f"; begun with {start}" if (start := pair.config.get("start")) else ""),
        "limits": limits,
        "licence": LICENCE,
    }
