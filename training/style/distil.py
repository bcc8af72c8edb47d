"""Distils a style teacher into the small pair of the page: MobileNetV2 predictor and quarter-size transformer.

    python distill/run.py                                  the published pair as the teacher; see below
    python distill/run.py --teacher magenta                Magenta's TFLite pair as the teacher
    python distill/run.py --teacher runs/style             another teacher, by its run directory
    python distill/run.py --resume runs/distill            continue a stopped run
    python distill/run.py --smoke                          a test in seconds, on generated pictures
    torchrun --nproc-per-node 4 -- distill/run.py          several GPUs, which share `batch` and `views`

Without options and without a folder data/ it trains on the embedded set, the project's own pictures, and needs no
pretrained networks (training/style/embedded.py): some ten minutes on two cores. With pictures in data/ and ImageNet
weights, or others that --photos, --styles and --weights name, it is a real run: its losses are perceptual too.

The student predictor is trained on the mean squared error to the teacher's vectors; the student transformer on the
teacher's pictures for the first `taught_steps`, and on the perceptual losses. From `joint_from` on it gets the
student predictor's vectors, so that both are trained together.
"""

import sys
from pathlib import Path

from training.common.command import command_line
from training.style import embedded, recipe
from training.style.config import DistilConfig
from training.style.smoke import make_pictures, make_teacher


def smoke(folder: Path) -> Path:
    """A complete, tiny distillation from a random teacher on made pictures; returns its run directory."""
    photos, styles = make_pictures(folder / "photos", 1), make_pictures(folder / "styles", 2)
    config = DistilConfig(
        photos=[str(photos)], styles=[str(styles)], teacher=str(make_teacher(folder / "teacher")), steps=4, batch=2,
        views=4, size=96, style_size=96, taught_steps=2, joint_from=2, validate_every=2, save_every=2,
        precision="float32",
    )  # fmt: skip
    recipe.train(folder / "run", config)
    return folder / "run"


def begin(run: Path, config: DistilConfig, resume: bool) -> None:
    """What the command line asks for; the embedded set is written first. Raises what it turns into one sentence."""
    if embedded.is_embedded(config):
        print(embedded.LINE.format(folder=embedded.FOLDER), file=sys.stderr)
        embedded.prepare()
    recipe.begin(run, config, resume)


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line(
        "distill", DistilConfig, begin, lambda folder, _: smoke(folder), arguments, __doc__, defaults=embedded.defaults
    )
