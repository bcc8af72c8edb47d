"""Trains the style teacher: Inception-v3 predictor and full-width transformer, together, on perceptual losses.

    python -m training.style.train                          pictures from data/, ImageNet weights from weights/
    python -m training.style.train --teacher none           without the cheap start on Magenta's vectors
    python -m training.style.train --resume runs/style      go on after a stop of any kind
    python -m training.style.train --smoke                  seconds, on pictures it makes itself
    torchrun --nproc-per-node 4 -m -- training.style.train  several GPUs; `batch` and `views` are shared out
    python -m training.style.publish runs/style             the teacher as float16 safetensors, with a card

Ghiasi et al. 2017 (arXiv 1705.06830). The first `vector_steps` steps aim at Magenta's vectors too, so that the
predictor knows styles before the transformer does; from then on the space is its own.
"""

from dataclasses import dataclass
from pathlib import Path

from training.common.command import command_line
from training.common.config import option
from training.style import recipe
from training.style.smoke import make_pictures

RECIPE = "style"


@dataclass(frozen=True)
class Config(recipe.Config):
    """Everything a teacher's training depends on."""

    predictor: str = option("inception", "the style predictor", choices=["inception"])
    transformer: str = option("full", "the style transformer", choices=["full"])
    steps: int = option(40000, "steps of the optimisers")
    views: int = option(8, "style pictures the predictor sees a step, at least `batch`")
    vector_steps: int = option(2000, "first steps, in which the teacher's vectors are aimed at too")
    learning_rate: float = option(1e-3, "Muon's and Adam's, of the transformer")
    predictor_learning_rate: float = option(1e-4, "Adam's, of the predictor")


def smoke(folder: Path) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    photos, styles = make_pictures(folder / "photos", 1), make_pictures(folder / "styles", 2)
    config = Config(
        photos=[str(photos)], styles=[str(styles)], teacher="none", steps=4, batch=2, views=2, size=96, style_size=96,
        validate_every=2, save_every=2, precision="float32",
    )  # fmt: skip
    recipe.train(folder / "run", RECIPE, config)
    return folder / "run"


def begin(run: Path, config: Config, resume: bool) -> None:
    """What the command line asks for."""
    recipe.begin(run, RECIPE, config, resume)


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line(RECIPE, Config, begin, lambda folder, _: smoke(folder), arguments, __doc__)


if __name__ == "__main__":
    main()
