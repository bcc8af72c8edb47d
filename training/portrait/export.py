"""What the converter publishes of a person mask's run: the network, with what its card says."""

import json
from pathlib import Path
from typing import Any

from training.common import runs
from training.common.task import LICENCE, PICTURE, Export, Port
from training.portrait.config import SanetConfig
from training.portrait.load import Loaded, load_mask
from training.portrait.mask import MaskNetwork
from training.portrait.networks import CONSTANTS
from training.portrait.validation import FIGURES

MASK = (1, 1, None, None)  # the port's shape
LIMITS = (
    "Trained on photos of one person each, most of them street fashion: upright, in the middle and by day. People who "
    "lie, are seen from above or are very small may be missed, and of a crowd some. What is held or worn, such as a "
    "bag, belongs to the person in some photos and not in others. Statues, dolls and animals may be taken for people. "
    "The outline is as fine as a picture of 256 px shows it: single hairs are not followed."
)


def exports(run: Path) -> list[Export]:
    """The mask of a run. Raises training.common.runs.NotARun, for a SegNet and a SANet too."""
    if runs.read_config(run).get("recipe") == SanetConfig.recipe:
        raise runs.NotARun(f"{run} holds a SANet, which is not converted: name a run of training.portrait.train")
    loaded = load_mask(run)
    if not isinstance(loaded.network, MaskNetwork):
        raise runs.NotARun(f"{run} holds a SegNet, which is not converted: name a run of --network mask")
    photo, mask = Port("photo", PICTURE, (0.0, 1.0)), Port("mask", MASK, (0.0, 1.0))
    manifest = {
        "config": loaded.saved,
        "training_data": loaded.config.training_data,
        "initialisation": _initialisation(loaded),
        "licence": LICENCE,
        "limits": LIMITS,
        "constants": CONSTANTS,
        **_measured(run, loaded),
    }
    return [Export("person-mask", "Finds the people in a photo", loaded.network, (photo,), (mask,), manifest)]


def _initialisation(loaded: Loaded) -> str:
    before = f"; started from {loaded.config.start}" if loaded.config.start else ""
    return f"MobileNetV2's ImageNet weights, the rest random{before}"


def _measured(run: Path, loaded: Loaded) -> dict[str, Any]:
    """The figures and what they were measured on: an evaluation's, else the training's last validation."""
    file = run / "evaluation" / "figures.json"
    if not file.is_file():
        return {"metrics": loaded.metrics, "measured": "Measured by the training on photos held out from it."}
    found = json.loads(file.read_text(encoding="utf-8"))
    measured = (
        f"Measured on {found['portraits']} portraits and {found['empty']} photos without people, held out from "
        "training. iou is the intersection over union of people, mean_iou the mean of that and of their surroundings, "
        "outline the share of wrong pixels in a band along the outline, false_alarms the share of photos without "
        "people in which more than 1 % is called a person, missed the share of portraits in which the page finds "
        "nobody, taken_for_people that of photos without people in which it finds anybody."
    )
    figures = {name: round(found[name], 4) for name in FIGURES}
    return {"metrics": {**figures, "step": loaded.metrics["step"]}, "measured": measured}
