"""Trains the style teacher: Inception-v3 predictor and a transformer, together, on perceptual losses.

    python -m training.style.train                          pictures from data/, ImageNet weights from weights/
    python -m training.style.train --teacher none           without Magenta's vectors as first targets
    python -m training.style.train --resume runs/style      continue a stopped run
    python -m training.style.train --smoke                  a test in seconds, on generated pictures
    torchrun --nproc-per-node 4 -m -- training.style.train  several GPUs; sharing `batch` and `views`

Ghiasi et al. 2017 (arXiv 1705.06830). In the first `vector_steps` steps Magenta's vectors are a target too, so that the
predictor distinguishes styles before the transformer does. After that the style space is its own.
"""

from pathlib import Path

from training.common.command import command_line
from training.style import recipe
from training.style.config import TeacherConfig
from training.style.smoke import make_pictures


def smoke(folder: Path) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    photos, styles = make_pictures(folder / "photos", 1), make_pictures(folder / "styles", 2)
    config = TeacherConfig(
        photos=[str(photos)], styles=[str(styles)], teacher="none", steps=4, batch=2, views=2, size=96, style_size=96,
        validate_every=2, save_every=2, precision="float32",
    )  # fmt: skip
    recipe.train(folder / "run", config)
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("style", TeacherConfig, recipe.begin, lambda folder, _: smoke(folder), arguments, __doc__)


if __name__ == "__main__":
    main()
