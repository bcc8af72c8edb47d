"""The options of the style recipes: a teacher, its students, and the enlarger of style pictures."""

from dataclasses import dataclass
from typing import ClassVar

from training.common.options import BadConfig, Options, option, with_default
from training.style.networks import PREDICTORS, TRANSFORMERS

HELD_OUT = 32  # 1 in this many pictures is held out from training


@dataclass(frozen=True)
class PairConfig(Options):
    """The options of the trainings of a predictor and a transformer."""

    photos: list[str] = option(["data/content"], "photos: folders, tars, lists or addresses (docs/training.md)")
    styles: list[str] = option(["data/style"], "style pictures: folders, tars, lists or addresses (docs/training.md)")
    held_photos: list[str] = option([], "held-out photos, instead of 1 in 32 of --photos", may_change=True)
    held_styles: list[str] = option([], "held-out style pictures, instead of 1 in 32 of --styles", may_change=True)
    teacher: str = option("magenta", "the teacher: 'magenta', 'none', or a run directory")
    magenta: str = option("weights/magenta", "folder of Magenta's two TFLite files", may_change=True)
    enlarger: str = option(
        "training/style/published/enlarger",
        "run directory of training.style.train_enlarger, which sharpens style pictures",
    )
    predictor: str = option("mobilenet", "the style predictor", choices=list(PREDICTORS))
    transformer: str = option("small", "the style transformer", choices=list(TRANSFORMERS))
    boldness_alone: bool = option(False, "train only what boldness adds to a transformer, which --start names")
    steps: int = with_default(Options, "steps", 20000)
    batch: int = option(8, "photos painted in a step, split evenly between processes")
    views: int = option(16, "style pictures for the predictor in a step, at least --batch")
    size: int = option(256, "side of the painted squares, px")
    style_size: int = option(384, "side of the style pictures that painted ones are compared with, px")
    recolour: float = option(0.0, "share of style pictures whose colours are changed at random, for small collections")
    transformer_from_teacher: bool = option(False, "begin with the teacher's transformer, which is of the same kind")
    predictor_steps: int = option(0, "number of first steps that train the predictor alone, on the teacher's vectors")
    vector_steps: int = option(20000, "number of first steps in which the teacher's vectors are a target too")
    taught_steps: int = option(0, "number of first steps in which the teacher's pictures are a target too")
    joint_from: int = option(0, "step from which the transformer gets the vectors of the predictor in training")
    learning_rate: float = option(2e-3, "learning rate of the transformer (Muon and Adam)")
    predictor_learning_rate: float = option(3e-4, "learning rate of the predictor (Adam)")
    style_weight: float = option(2.5, "weight of the style loss (Gram matrices of VGG-16)")
    strokes_weight: float = option(2.0, "weight of the strokes loss (Gram matrices of Inception-v3)")
    content_weight: float = option(0.5, "weight of the content loss (VGG-16)")
    marks_weight: float = option(0.0, "weight of the loss on texture that depends on the pixel grid")
    taught_weight: float = option(4.0, "weight of the L1 distance to the teacher's picture")
    vector_weight: float = option(1.0, "weight of the mean squared error of the vectors")
    validate_every: int = with_default(Options, "validate_every", 250)
    save_every: int = with_default(Options, "save_every", 50)

    @property
    def perceptual(self) -> bool:
        """Whether the perceptual losses count, which need pretrained networks."""
        return bool(self.style_weight or self.strokes_weight or self.content_weight)

    def check(self) -> None:
        """Raises BadConfig for options that cannot work together."""
        if not self.perceptual and (self.teacher == "none" or self.taught_steps < self.steps):
            raise BadConfig(
                "without a perceptual loss the teacher's pictures are the target: set --taught-steps to --steps"
            )
        if self.batch > self.views:
            raise BadConfig(f"--batch {self.batch} is over --views {self.views}: every photo needs a style")
        if self.size % 8 or self.size < 96:
            raise BadConfig(f"--size {self.size}: name a multiple of 8, at least 96")
        if self.marks_weight and self.size < 128:
            raise BadConfig(f"--marks-weight needs squares of 128 px at least, and --size is {self.size}")
        if self.teacher == "none" and self.predictor_steps:
            raise BadConfig("--teacher none gives no vectors: leave --predictor-steps at 0")
        if self.boldness_alone and (self.transformer != "bold" or not self.start):
            raise BadConfig("--boldness-alone: choose --transformer bold, and name a trained run with --start")
        if self.teacher == "none" and self.joint_from:
            raise BadConfig("--teacher none gives no vectors: leave --joint-from at 0")


@dataclass(frozen=True)
class TeacherConfig(PairConfig):
    """The options of a teacher's training: training/style/train.py."""

    recipe: ClassVar[str] = "style"

    predictor: str = option("inception", "the style predictor", choices=["inception"])
    transformer: str = option("affine", "the style transformer", choices=list(TRANSFORMERS))
    steps: int = with_default(PairConfig, "steps", 40000)
    views: int = with_default(PairConfig, "views", 8)
    vector_steps: int = with_default(PairConfig, "vector_steps", 2000)
    learning_rate: float = with_default(PairConfig, "learning_rate", 1e-3)
    predictor_learning_rate: float = with_default(PairConfig, "predictor_learning_rate", 1e-4)


@dataclass(frozen=True)
class DistilConfig(PairConfig):
    """The options of a distillation: training/style/distil.py."""

    recipe: ClassVar[str] = "distill"

    teacher: str = option("training/style/published", "the teacher: a run directory, 'magenta' or 'none'")
    taught_steps: int = with_default(PairConfig, "taught_steps", 500)
    joint_from: int = with_default(PairConfig, "joint_from", 2000)


@dataclass(frozen=True)
class ShiftedConfig(Options):
    """The options of a training against the marks of a pixel grid: training/style/train_shifted.py."""

    recipe: ClassVar[str] = "style-shifted"

    pair: str = option("training/style/published", "run directory of the pair that learns from itself")
    photos: list[str] = with_default(PairConfig, "photos", ["data/content"])
    styles: list[str] = with_default(PairConfig, "styles", ["data/style"])
    held_photos: list[str] = with_default(PairConfig, "held_photos", [])
    held_styles: list[str] = with_default(PairConfig, "held_styles", [])
    predictor: str = option("", "the kind of predictor: the pair's", choices=["", *PREDICTORS])
    transformer: str = option("", "the kind of transformer: the pair's", choices=["", *TRANSFORMERS])
    steps: int = with_default(Options, "steps", 3000)
    batch: int = option(3, "photos painted in a step, split evenly between processes")
    size: int = with_default(PairConfig, "size", 256)
    sharpening: float = option(0.6, "amount of the unsharp mask of 1 px on the mean, which is softer than its pictures")
    learning_rate: float = with_default(PairConfig, "learning_rate", 1.5e-3)
    validate_every: int = with_default(Options, "validate_every", 250)
    save_every: int = with_default(Options, "save_every", 50)

    def check(self) -> None:
        """Raises BadConfig for a size that the transformer does not take."""
        if self.size % 8 or self.size < 64:
            raise BadConfig(f"--size {self.size}: name a multiple of 8, at least 64")
        if not 0 <= self.sharpening <= 2:
            raise BadConfig(f"--sharpening {self.sharpening:g}: name a number from 0 to 2")


@dataclass(frozen=True)
class EnlargerConfig(Options):
    """The options of the enlarger's training: training/style/train_enlarger.py."""

    recipe: ClassVar[str] = "enlarger"

    styles: list[str] = option(["data/style"], "style pictures: folders, tars, lists or addresses (docs/training.md)")
    steps: int = with_default(Options, "steps", 800)
    batch: int = option(4, "squares in a step, split evenly between processes")
    side: int = option(224, "side of the squares, px; no larger than the pictures")
    learning_rate: float = option(2e-3, "learning rate of Adam")
    validate_every: int = with_default(Options, "validate_every", 150)
    save_every: int = with_default(Options, "save_every", 50)


RECIPES: dict[str, type[Options]] = {
    each.recipe: each for each in (TeacherConfig, DistilConfig, ShiftedConfig, EnlargerConfig)
}
