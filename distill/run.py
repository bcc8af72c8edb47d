"""Distils a style teacher into the small pair of the page: MobileNetV2 predictor and quarter-size transformer.

    python distill/run.py                                  the published pair as the teacher, pictures from data/
    python distill/run.py --teacher magenta                Magenta's TFLite pair as the teacher
    python distill/run.py --teacher runs/style             another teacher of ours: its run directory
    python distill/run.py --resume runs/distill            go on after a stop of any kind
    python distill/run.py --smoke                          seconds, on pictures it makes itself
    torchrun --nproc-per-node 4 -- distill/run.py          several GPUs; `batch` and `views` are shared out

The student predictor learns the teacher's vectors by their mean squared error; the student transformer learns the
teacher's pictures for the first `taught_steps`, and the perceptual losses. From `joint_from` on it is fed with the
student's own vectors, so that both finish together.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.common.command import command_line
from training.common.config import option
from training.style import recipe
from training.style.smoke import make_pictures, make_teacher

RECIPE = "distill"


@dataclass(frozen=True)
class Config(recipe.Config):
    """Everything a distillation depends on."""

    teacher: str = option("training/style/published", "a folder of ours with a style run, 'magenta' or 'none'")
    taught_steps: int = option(500, "first steps, in which the teacher's pictures are aimed at too")
    joint_from: int = option(2000, "step from which the transformer is fed with the own predictor's vectors")


def distil(run: Path, config: Config, resume: bool = False, weights: recipe.Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the smoke test) everything starts at random."""
    recipe.train(run, RECIPE, config, resume, weights)


def smoke(folder: Path) -> Path:
    """A complete, tiny distillation from a random teacher on made pictures; returns its run directory."""
    photos, styles = make_pictures(folder / "photos", 1), make_pictures(folder / "styles", 2)
    config = Config(
        photos=[str(photos)], styles=[str(styles)], teacher=str(make_teacher(folder / "teacher")), steps=4, batch=2,
        views=4, size=96, style_size=96, taught_steps=2, joint_from=2, validate_every=2, save_every=2,
        precision="float32",
    )  # fmt: skip
    distil(folder / "run", config)
    return folder / "run"


def begin(run: Path, config: Config, resume: bool) -> None:
    """What the command line asks for."""
    recipe.begin(run, RECIPE, config, resume)


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line(RECIPE, Config, begin, lambda folder, _: smoke(folder), arguments, __doc__)


if __name__ == "__main__":
    main()
