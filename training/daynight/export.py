"""What the converter publishes of a day-night run: the translators, with what their cards say."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.common.task import LICENCE, PICTURE, Export, Port
from training.daynight.constants import TRANSLATOR
from training.daynight.load import Translators, load_translators

LIMITS = (
    "Trained on streets and cities, half of them photographed from a car: other scenes only become darker or brighter. "
    "Bright rims remain in narrow gaps between walls and around bare branches. Night to day fills in dark areas by "
    "guesswork: skies get wavy clouds that were not there, and lamps stay lit."
)


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
        "initialisation": "random" + (f"; started from {start}" if (start := both.saved.get("start")) else ""),
        "limits": LIMITS,
        "licence": LICENCE,
        "constants": asdict(TRANSLATOR),
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
    """A direction's figures and what they were measured on: an evaluation's, else the training's last validation."""
    if not found:
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
