"""What the converter publishes of a run: the generator, with what its card says."""

import json
from pathlib import Path
from typing import Any

from training.common.task import LICENCE, Export, Port
from training.synthesis.layers import LATENT
from training.synthesis.load import Loaded, load_generator

FIGURES = ("fid", "kid", "kid_real", "precision", "recall", "lpips_ratio", "nearest")
LIMITS = (
    "Invents pictures that look like those it was trained on from afar; shapes dissolve on a closer look. It knows "
    "nothing but its training pictures, and repeats what is common among them."
)


def exports(run: Path) -> list[Export]:
    """The generator of a run. Raises training.common.runs.NotARun."""
    loaded = load_generator(run)
    noise, picture = (
        Port("noise", (1, LATENT), None),
        Port("picture", (1, 3, loaded.side, loaded.side), (0.0, 1.0)),
    )
    manifest = {
        "config": loaded.saved,
        "training_data": loaded.config.training_data,
        "initialisation": f"random; started from {loaded.config.start}" if loaded.config.start else "random",
        "licence": LICENCE,
        "limits": LIMITS,
        "constants": {"noise": LATENT, "side": loaded.side},
        **_measured(run, loaded),
    }
    return [Export("inventor", "Invents a picture from noise", loaded.generator, (noise,), (picture,), manifest)]


def _measured(run: Path, loaded: Loaded) -> dict[str, Any]:
    """The figures and what they were measured on: an evaluation's, else the training's last validation."""
    file = run / "evaluation" / "figures.json"
    if not file.is_file():
        return {"metrics": loaded.metrics, "measured": "Measured by the training on its own pictures."}
    found = json.loads(file.read_text(encoding="utf-8"))
    measured = (
        f"Measured on {found['samples']} invented and {found['pictures']} training pictures. kid_real is the distance "
        "of training pictures to other training pictures; lpips_ratio how different two invented pictures are, over "
        "that of two training pictures; nearest how far an invented picture is from the nearest training picture, over "
        "how far these are from one another."
    )
    figures = {name: round(found[name], 4) for name in FIGURES}
    return {"metrics": {**figures, "step": loaded.metrics["step"]}, "measured": measured}
