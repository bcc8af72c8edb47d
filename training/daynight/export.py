"""What the converter publishes of a day-night run: the translators, with what their cards say."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from torch import nn

from training.common.task import LICENCE, PICTURE, Export, Port
from training.daynight.constants import TRANSLATOR
from training.daynight.load import Translators, load_translators
from training.daynight.relit import BOXES, FLAT, USUAL_HOUR, Hours

LIMITS = (
    "Trained on streets and cities, half of them photographed from a car: other scenes only become darker or brighter. "
    "Bright rims remain in narrow gaps between walls and around bare branches. Night to day fills in dark areas by "
    "guesswork: skies get wavy clouds that were not there, and lamps stay lit."
)
SCENE_LIMITS = (
    "The network that finds sky, buildings, roads and trees learnt most of them on streets of one city, the sky on "
    "several hundred other photos and windows on about two hundred; it may take one thing for another. "
)
RELIT_LIMITS = {
    "day-to-night": "Dark openings that are no windows may be lit too, such as arches; facades far away get points of "
    "light where their windows cannot be told apart; street lamps are not lit.",
    "night-to-day": "The colours of what was nearly black are guesswork; lamps, their trails and their reflections are "
    "dimmed but not put out, and shadows stay those of lamps. Towers and masts before the sky may lose parts.",
}


def exports(run: Path) -> list[Export]:
    """Day to night and night to day of a run. Raises training.common.runs.NotARun."""
    return translators(load_translators(run), evaluation(run))


def evaluation(run: Path) -> dict[str, Any]:
    """What training.daynight.evaluate found, or nothing."""
    file = run / "evaluation" / "figures.json"
    return json.loads(file.read_text()) if file.is_file() else {}


def translators(both: Translators, found: dict[str, Any]) -> list[Export]:
    """Day to night and night to day of a day-night run; `found`: an evaluation's figures, for the cards."""
    manifest = {
        "config": both.saved,
        "training_data": both.saved.get("training_data", "not stated"),
        "initialisation": _initialisation(both.saved),
        "licence": LICENCE,
    }
    return [
        _translator(name, both.network.one_way(direction), task, {**manifest, **_measured(both, found, direction)})
        for name, direction, task in (
            ("day-to-night", "day_to_night", "Turns a day photo into night"),
            ("night-to-day", "night_to_day", "Turns a night photo into day"),
        )
    ]


def _translator(name: str, network: nn.Module, task: str, manifest: dict[str, Any]) -> Export:
    """One direction. One that knows the scene gives a picture for each hour, side by side in its channels."""
    photo, painted = Port("photo", PICTURE, (0.0, 1.0)), Port("painted", PICTURE, (0.0, 1.0))
    controls: dict[str, Any] = {"hours": [], "has_lights": False, "usual_hour": 0}
    limits = LIMITS
    if isinstance(network, Hours):
        limits = SCENE_LIMITS + RELIT_LIMITS[name]
        controls = {"hours": network.hours, "has_lights": network.has_lights, "usual_hour": USUAL_HOUR[name]}
        controls |= {"boxes": BOXES, "flat": FLAT}
        painted = replace(painted, shape=(1, 3 * (len(network.hours) + network.has_lights), None, None))
    constants = {**asdict(TRANSLATOR), **controls}
    return Export(name, task, network, (photo,), (painted,), {**manifest, "limits": limits, "constants": constants})


def _initialisation(saved: dict) -> str:
    before = f"; started from {saved['start']}" if saved.get("start") else ""
    pretrained = {"scene": "MobileNetV2's ImageNet weights", "daylight": saved.get("scene")}.get(saved["recipe"])
    return (f"{pretrained}, the rest random" if pretrained else "random") + before


def _measured(both: Translators, found: dict[str, Any], direction: str) -> dict[str, Any]:
    """A direction's figures and what they were measured on: an evaluation's, else the training's last validation."""
    if "pictures" not in found:  # none, or of the scene network alone
        return {"metrics": both.metrics, "measured": "Measured by the training on pictures held out from it."}
    count, size = sum(found["pictures"].values()), found["size"]
    measured = (
        f"Measured on {count} day and night pictures held out from training, at {size} px. A ratio is the distance of "
        "the translations to real pictures divided by that of the untouched photos; structure is 1 where every edge "
        "is kept."
    )
    names = ("kid_ratio", "fid_ratio", "ssim", "structure")
    figures = {name: round(found[direction][name], 4) for name in names}
    return {"metrics": {**figures, "step": both.metrics["step"]}, "measured": measured}
