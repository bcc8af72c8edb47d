"""Trains the translators between day and night from unpaired pictures.

    python -m training.daynight.train                                     CycleGAN, small generators
    python -m training.daynight.train --guided --kernel-weight 8 …        as the published pair: docs/daynight.md
    python -m training.daynight.train --generator resnet --discriminator patch --cycle-weight 10   as in its paper
    python -m training.daynight.train --generator source --discriminator source --identity-weight 0
    python -m training.daynight.train --recipe unit --normalisation layer --vgg-weight 1
    python -m training.daynight.train --resume runs/daynight              continue a stopped run
    python -m training.daynight.train --smoke                             a test in seconds, on generated pictures
    torchrun --nproc-per-node 4 -m -- training.daynight.train             several GPUs, which share `batch`

The networks and their losses: cyclegan.py, generators.py, curve_generator.py, discriminators.py, unit.py. The run
directory's best.pt holds the exponential moving average of the weights at the last validation, samples/ a sheet of each
(day, its night, and back; night, its day, and back).
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from training.common.command import command_line
from training.daynight import recipe
from training.daynight.config import Config
from training.daynight.constants import DOMAINS
from training.daynight.networks import TRANSLATORS
from training.daynight.smoke import make_streets


def smoke(folder: Path, config: Config) -> Path:
    """A complete, tiny training of the configured recipe on made pictures; returns its run directory."""
    day, night = (str(make_streets(folder / domain, domain)) for domain in DOMAINS)
    tiny: dict[str, Any] = {"steps": 4, "batch": 2, "size": 64, "validate_every": 2, "save_every": 2, "start": ""}
    narrow: dict[str, Any] = {"width": 0.25, "discriminator_width": 0.125, "precision": "float32"}
    weightless: dict[str, Any] = {"vgg_weight": 0.0, "kernel_weight": 0.0}  # nothing is fetched
    recipe.train(folder / "run", replace(config, day=[day], night=[night], **tiny, **narrow, **weightless))
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("daynight", Config, recipe.begin, smoke, arguments, __doc__, TRANSLATORS)


if __name__ == "__main__":
    main()
