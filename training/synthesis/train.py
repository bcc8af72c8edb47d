"""Trains networks that invent pictures: a generator makes them of noise, and a discriminator tells them from real ones.

    python -m training.synthesis.train                                  DCGAN, 32 px, on the pictures of data/style
    python -m training.synthesis.train --network sagan                  with self-attention and spectral normalisation
    python -m training.synthesis.train --network pggan --size 64        grows from 4 px to 64
    python -m training.synthesis.train --pictures SOURCE ...            on other pictures: docs/training.md
    python -m training.synthesis.train --resume runs/synthesis          continue a stopped run
    python -m training.synthesis.train --smoke --network pggan          a test in seconds, on made pictures
    torchrun --nproc-per-node 4 -m -- training.synthesis.train          several GPUs, which share `batch`
    python -m training.synthesis.evaluate runs/synthesis                how good and how varied its pictures are

The networks: dcgan.py, sagan.py, pggan.py; what each trains with, where no other options are given: config.py. samples/
shows what the same noise becomes, by the moving average of the generator's weights.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from training.common.command import command_line
from training.synthesis import recipe
from training.synthesis.config import SynthesisConfig, defaults
from training.synthesis.pggan import phases
from training.synthesis.smoke import make_pictures


def smoke(folder: Path, config: SynthesisConfig) -> Path:
    """A complete, tiny training of the configured network on made pictures; returns its run directory."""
    pictures, steps = [str(make_pictures(folder / "pictures"))], 4 * len(phases(config.size))
    tiny: dict[str, Any] = {"steps": steps, "batch": 4, "width": 0.015625, "validate_every": steps // 2}
    recipe.train(folder / "run", replace(config, pictures=pictures, **tiny, start="", precision="float32"))
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("synthesis", SynthesisConfig, recipe.begin, smoke, arguments, __doc__, defaults=defaults)


if __name__ == "__main__":
    main()
