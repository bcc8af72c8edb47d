"""The options of the style recipes: a teacher, its students, and the enlarger of style pictures."""

from dataclasses import dataclass
from typing import ClassVar

from training.common.options import BadConfig, Options, option
from training.style.networks import PREDICTORS, TRANSFORMERS

HELD_OUT = 32  # one picture in so many is held out from training


@dataclass(frozen=True)
class PairConfig(Options):
    """What the trainings of a predictor and a transformer depend on."""

    photos: list[str] = option(["data/content"], "folders or tars of photos")
    styles: list[str] = option(["data/style"], "folders or tars of style pictures")
    teacher: str = option("magenta", "'magenta', 'none', or the run directory of a teacher of ours")
    magenta: str = option("weights/magenta", "folder of Magenta's two TFLite files", may_change=True)
    enlarger: str = option(
        "training/style/published/enlarger", "run directory of training.style.train_enlarger, for the style pictures"
    )
    predictor: str = option("mobilenet", "the style predictor", choices=list(PREDICTORS))
    transformer: str = option("small", "the style transformer", choices=list(TRANSFORMERS))
    steps: int = option(20000, "steps of the optimisers")
    batch: int = option(8, "photos painted in a step; an even share for each process")
    views: int = option(16, "style pictures that the predictor sees in a step, at least `batch`")
    size: int = option(256, "side of the painted squares, px")
    style_size: int = option(384, "side of the style pictures that painted ones are compared with, px")
    vector_steps: int = option(20000, "first steps, in which the teacher's vectors are a target too")
    taught_steps: int = option(0, "first steps, in which the teacher's pictures are a target too")
    joint_from: int = option(0, "step from which the transformer is fed with the trained predictor's vectors")
    learning_rate: float = option(2e-3, "of Muon and Adam, for the transformer")
    predictor_learning_rate: float = option(3e-4, "of Adam, for the predictor")
    style_weight: float = option(2.5, "weight of the Gram loss of VGG-16")
    strokes_weight: float = option(2.0, "weight of the Gram loss of Inception-v3")
    content_weight: float = option(0.5, "weight of the content loss of VGG-16")
    taught_weight: float = option(4.0, "weight of the L1 distance to the teacher's picture")
    vector_weight: float = option(1.0, "weight of the vectors' mean squared error")
    validate_every: int = option(250, "steps between validations, samples and choices of the best", may_change=True)
    save_every: int = option(50, "steps between checkpoints", may_change=True)

    def check(self) -> None:
        """Raises BadConfig for options that cannot work together."""
        if self.batch > self.views:
            raise BadConfig(f"--batch {self.batch} is over --views {self.views}: every photo needs a style")
        if self.size % 8 or self.size < 96:
            raise BadConfig(f"--size {self.size}: name a multiple of 8, at least 96")
        if self.teacher == "none" and self.joint_from:
            raise BadConfig("--teacher none gives no vectors: leave --joint-from at 0")


@dataclass(frozen=True)
class TeacherConfig(PairConfig):
    """What a teacher's training depends on: training/style/train.py."""

    recipe: ClassVar[str] = "style"

    predictor: str = option("inception", "the style predictor", choices=["inception"])
    transformer: str = option("full", "the style transformer", choices=["full"])
    steps: int = option(40000, "steps of the optimisers")
    views: int = option(8, "style pictures that the predictor sees in a step, at least `batch`")
    vector_steps: int = option(2000, "first steps, in which the teacher's vectors are a target too")
    learning_rate: float = option(1e-3, "of Muon and Adam, for the transformer")
    predictor_learning_rate: float = option(1e-4, "of Adam, for the predictor")


@dataclass(frozen=True)
class DistilConfig(PairConfig):
    """What a distillation depends on: training/style/distil.py."""

    recipe: ClassVar[str] = "distill"

    teacher: str = option("training/style/published", "the run directory of a teacher of ours, 'magenta' or 'none'")
    taught_steps: int = option(500, "first steps, in which the teacher's pictures are a target too")
    joint_from: int = option(2000, "step from which the transformer is fed with the trained predictor's vectors")


@dataclass(frozen=True)
class EnlargerConfig(Options):
    """What the enlarger's training depends on: training/style/train_enlarger.py."""

    recipe: ClassVar[str] = "enlarger"

    styles: list[str] = option(["data/style"], "folders or tars of style pictures")
    steps: int = option(800, "steps of the optimiser")
    batch: int = option(4, "squares in a step; an even share for each process")
    side: int = option(224, "side of the squares, px: at most the pictures'")
    learning_rate: float = option(2e-3, "of Adam")
    validate_every: int = option(150, "steps between validations, samples and choices of the best", may_change=True)
    save_every: int = option(50, "steps between checkpoints", may_change=True)


RECIPES: dict[str, type[Options]] = {each.recipe: each for each in (TeacherConfig, DistilConfig, EnlargerConfig)}
