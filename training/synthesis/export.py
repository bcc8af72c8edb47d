"""What the converter publishes of a run: the generator of pictures or of style vectors, with what its card says."""

import json
from pathlib import Path
from typing import Any

from training.common import runs
from training.common.task import LICENCE, Export, Port
from training.synthesis.config import VectorConfig
from training.synthesis.layers import LATENT
from training.synthesis.load import Loaded, LoadedVectors, load_generator, load_vectors

FIGURES = ("fid", "kid", "kid_real", "precision", "recall", "lpips_ratio", "nearest")
VECTOR_FIGURES = ("distance", "precision", "recall", "variety", "nearest")
LIMITS = (
    "Invents pictures that look like those it was trained on from afar; shapes dissolve on a closer look. It knows "
    "nothing but its training pictures, and repeats what is common among them."
)
VECTOR_LIMITS = (
    "Invents styles like those that it was trained on: colours and strokes, no motifs. Its vectors are of one style "
    "space only; a transformer of another one paints something else with them."
)


def exports(run: Path) -> list[Export]:
    """The generator of a run. Raises training.common.runs.NotARun."""
    if runs.read_config(run).get("recipe") == VectorConfig.recipe:
        return [_inventor_of_styles(run)]
    loaded = load_generator(run)
    noise, picture = (
        Port("noise", (1, LATENT), None),
        Port("picture", (1, 3, loaded.side, loaded.side), (0.0, 1.0)),
    )
    manifest = {
        **_trained(loaded),
        "initialisation": _begun("random", loaded),
        "limits": LIMITS,
        "constants": {"noise": LATENT, "side": loaded.side},
        **_measured(run, loaded),
    }
    return [Export("inventor", "Invents a picture from noise", loaded.generator, (noise,), (picture,), manifest)]


def _inventor_of_styles(run: Path) -> Export:
    """The generator of a run of style vectors. Raises NotARun."""
    loaded = load_vectors(run)
    figures, metrics = _evaluated(run), loaded.metrics
    measured = "Measured by the training on its own vectors."
    if figures:
        metrics = {**{name: round(figures[name], 4) for name in VECTOR_FIGURES}, "step": metrics["step"]}
        measured = (
            f"Measured on {figures['vectors']} invented and as many training vectors: distance is the Frechet "
            "distance; variety their mean distance to one another, and nearest the median distance to the nearest "
            "training vector, each over that of training vectors."
        )
    manifest = {
        "style_space": loaded.style_space,
        **_trained(loaded),
        "initialisation": _begun("a Gaussian of the training vectors", loaded),
        "limits": VECTOR_LIMITS,
        "constants": {"noise": LATENT},
        "metrics": metrics,
        "measured": measured,
    }
    ports = (Port("noise", (1, LATENT), None),), (Port("vector", (1, 100), None),)
    return Export("style-inventor", "Invents a style from noise", loaded.generator, *ports, manifest)


def _trained(loaded: Loaded | LoadedVectors) -> dict[str, Any]:
    return {"config": loaded.saved, "training_data": loaded.config.training_data, "licence": LICENCE}


def _begun(how: str, loaded: Loaded | LoadedVectors) -> str:
    return f"{how}; started from {loaded.config.start}" if loaded.config.start else how


def _evaluated(run: Path) -> dict[str, Any]:
    """The figures of the run's evaluation; none before there was one."""
    file = run / "evaluation" / "figures.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _measured(run: Path, loaded: Loaded) -> dict[str, Any]:
    """The figures and what they were measured on: an evaluation's, else the training's last validation."""
    found = _evaluated(run)
    if not found:
        return {"metrics": loaded.metrics, "measured": "Measured by the training on its own pictures."}
    measured = (
        f"Measured on {found['samples']} invented and {found['pictures']} training pictures. kid_real is the distance "
        "of training pictures to other training pictures; lpips_ratio how different two invented pictures are, over "
        "that of two training pictures; nearest how far an invented picture is from the nearest training picture, over "
        "how far these are from one another."
    )
    figures = {name: round(found[name], 4) for name in FIGURES}
    return {"metrics": {**figures, "step": loaded.metrics["step"]}, "measured": measured}
