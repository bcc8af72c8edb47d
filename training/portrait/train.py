"""Trains the network that finds the people in a photo.

    python -m training.portrait.train                       people from data/portrait, other places from data/content
    python -m training.portrait.train --network segnet      SegNet, for comparison
    python -m training.portrait.train --labelled FOLDER     and photos that training.portrait.label gave masks
    python -m training.portrait.train --resume runs/mask    continue a stopped run
    python -m training.portrait.train --smoke               a test in seconds, on made pictures
    torchrun --nproc-per-node 4 -m -- training.portrait.train    several GPUs, which share `batch`
    python -m training.portrait.evaluate runs/mask          how good the masks of held-out photos are

The networks: mask.py, segnet.py; what they learn from: batches.py. samples/ shows held-out photos, their masks and the
network's.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from training.common.command import command_line
from training.portrait import recipe
from training.portrait.config import MaskConfig
from training.portrait.smoke import make_backgrounds, make_portraits


def smoke(folder: Path, config: MaskConfig) -> Path:
    """A complete, tiny training of the configured network on made pictures; returns its run directory."""
    made: dict[str, Any] = {
        "portraits": [str(make_portraits(folder / "portraits"))],
        "labelled": [],
        "backgrounds": [str(make_backgrounds(folder / "backgrounds"))],
    }
    tiny: dict[str, Any] = {"steps": 4, "batch": 2, "size": 64, "validate_every": 2, "save_every": 2, "start": ""}
    recipe.train(folder / "run", replace(config, **made, **tiny, width=0.125, precision="float32"))
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("mask", MaskConfig, recipe.begin, smoke, arguments, __doc__)


if __name__ == "__main__":
    main()
