"""Distils a style teacher into the small pair of the page: MobileNetV2 predictor and quarter-size transformer.

    python distill/run.py                                  Magenta's pair as the teacher, pictures from data/
    python distill/run.py --teacher runs/teacher           a run directory of ours as the teacher
    python distill/run.py --resume runs/distilled          go on after a stop of any kind
    python distill/run.py --smoke                          seconds, on pictures it makes itself
    torchrun --nproc-per-node 4 distill/run.py             several GPUs; `batch` and `views` are shared out

The student predictor learns the teacher's vectors by their mean squared error; the student transformer learns the
teacher's pictures first, then the perceptual losses alone, and from `joint_from` on it is fed with the student's own
vectors, so that both finish together.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader

from distill.data import Batches, Teacher
from distill.teachers import PREDICTOR, TRANSFORMER, MagentaTeacher, NoTeacher, RunTeacher
from distill.validation import Validation
from training.common import runs
from training.common.config import add_options, from_json, from_options, option
from training.common.devices import Place, fastest_precision, place
from training.common.log import Log, NotFinite
from training.common.pictures import NoPictures, Pictures
from training.style.losses import PerceptualLosses
from training.style.mobilenet_v2 import MobileNetStylePredictor
from training.style.transformer import StyleTransformer

RECIPE = "distill"
WEIGHTS = {
    "vgg16": "vgg16_imagenet_to_conv3_3.safetensors",
    "inception_v3": "inception_v3_imagenet_to_mixed_8.safetensors",
    "mobilenet_v2": "mobilenet_v2_imagenet.safetensors",
}


@dataclass(frozen=True)
class Config:
    """Everything a distillation depends on."""

    photos: list[str] = option(["data/content"], "folders or tars of photos")
    styles: list[str] = option(["data/style"], "folders or tars of style pictures")
    weights: str = option("weights", "folder of the ImageNet weights")
    teacher: str = option("magenta", "'magenta', or a run directory of ours")
    magenta: str = option("weights/magenta", "folder of Magenta's two TFLite files")
    start: str = option("", "run directory whose networks to begin with")
    training_data: str = option(
        "see photos and styles in the configuration", "what the model card says of the pictures"
    )
    predictor: str = option("mobilenet", "the student predictor", choices=["mobilenet"])
    steps: int = option(20000, "steps of the optimiser")
    batch: int = option(8, "photos painted a step")
    views: int = option(16, "style pictures the predictor sees a step, at least `batch`")
    size: int = option(256, "side of the painted squares, px")
    teacher_steps: int = option(500, "first steps, in which the teacher's pictures are aimed at too")
    joint_from: int = option(2000, "step from which the transformer is fed with the student's vectors")
    learning_rate: float = option(1e-3, "Adam's, of the transformer")
    predictor_learning_rate: float = option(5e-4, "Adam's, of the predictor")
    style_weight: float = option(2.5, "Gram loss of VGG-16")
    strokes_weight: float = option(2.5, "Gram loss of Inception-v3")
    content_weight: float = option(0.3, "content loss of VGG-16")
    taught_weight: float = option(4.0, "L1 distance to the teacher's picture")
    vector_weight: float = option(1.0, "mean squared error of the vectors")
    validate_every: int = option(250, "steps between validations, samples and choices of the best")
    save_every: int = option(50, "steps between checkpoints")
    seed: int = option(0, "of pictures and initial weights")
    precision: str = option(fastest_precision(), "arithmetic of the networks", choices=["float32", "bfloat16"])


class Missing(ValueError):
    """Pictures or weights that are not there; the message names all of them."""


class BadConfig(ValueError):
    """Options that contradict one another; the message says which."""


class Students(nn.Module):
    """Both students and the losses on them: one step's forward pass, which several processes can share."""

    def __init__(self, config: Config, losses: PerceptualLosses):
        super().__init__()
        self.predictor, self.transformer = MobileNetStylePredictor(), StyleTransformer()
        self.losses, self.config = losses, config

    def forward(self, batch: dict[str, Tensor], joint: bool) -> dict[str, Tensor]:
        """Losses by name, the weighted `total` among them."""
        photos, c = batch["photos"], self.config
        own = self.predictor(batch["views"])
        vectors = (own if joint else batch["vectors"])[: len(photos)]
        painted = self.transformer(photos, vectors)
        styles = nn.functional.interpolate(
            batch["views"][: len(photos)], photos.shape[2:], mode="bilinear", antialias=True
        )
        top, left = batch["shift"]
        losses = self.losses(painted[..., top:, left:], photos[..., top:, left:], styles)
        # log1p: a near-empty style has a relative loss of hundreds and would drown the others
        total = c.style_weight * losses["style"].log1p() + c.strokes_weight * losses["strokes"].log1p()
        losses["vector"] = (own.float() - batch["vectors"]).square().mean()
        losses["total"] = (total + c.content_weight * losses["content"]).mean() + c.vector_weight * losses["vector"]
        if len(batch["taught"]):
            losses["taught"] = (painted - batch["taught"]).abs().mean()
            losses["total"] = losses["total"] + c.taught_weight * losses["taught"]
        return {name: loss.mean() for name, loss in losses.items()}


class Training:
    """A run in progress: students, optimiser, step, and where they are saved."""

    def __init__(self, run: Path, config: Config, here: Place, teacher: Teacher, weights: dict[str, dict[str, Tensor]]):
        self.run, self.config, self.here, self.teacher = run, config, here, teacher
        torch.manual_seed(config.seed)
        losses = PerceptualLosses()
        if weights:
            losses.load_imagenet(weights["vgg16"], weights["inception_v3"])
        self.students = Students(config, losses)
        if weights:
            self.students.predictor.load_imagenet(weights["mobilenet_v2"])
        self.students.to(device=here.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        groups = [
            {"params": list(self.students.transformer.parameters())},
            {"params": list(self.students.predictor.parameters())},
        ]
        self.optimiser = torch.optim.Adam(groups, betas=(0.9, 0.99))
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            [config.learning_rate, config.predictor_learning_rate],
            total_steps=config.steps + 1,
            pct_start=0.05,
            cycle_momentum=False,
        )
        self.step, self.best = 0, float("inf")

    def train(self, log: Log, batches: DataLoader, validation: Validation) -> None:
        """All steps that are left; `batches` begins at the present one."""
        students = DistributedDataParallel(self.students) if self.here.world > 1 else self.students
        for batch in batches:
            losses = self._update(students, {k: v.to(self.here.device) for k, v in batch.items()})
            log.step(self.step, losses, skipped=int(batch["skipped"]))
            self.step += 1
            last = self.step == self.config.steps
            if self.here.rank == 0 and (last or self.step % self.config.validate_every == 0):
                self._validate(log, validation)
            if self.here.rank == 0 and (last or self.step % self.config.save_every == 0):
                log.write(self.step)
                runs.save(self.run / "last.pt", self.state())

    def _update(self, students: nn.Module, batch: dict[str, Tensor]) -> dict[str, float]:
        with self.here.autocast(self.config.precision):
            losses = students(batch, joint=self.step >= self.config.joint_from)
        self.optimiser.zero_grad(set_to_none=True)
        losses["total"].backward()
        for group in self.optimiser.param_groups:
            nn.utils.clip_grad_norm_(group["params"], 1.0)
        self.optimiser.step()
        self.schedule.step()
        return {name: loss.item() for name, loss in losses.items()}

    def _validate(self, log: Log, validation: Validation) -> None:
        sample = self.run / "samples" / f"{self.step:06d}.jpg"
        with self.here.autocast(self.config.precision):
            figures = validation.figures(self.students, sample)
        log.say(f"step {self.step}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        log.write(self.step, **{f"held_out_{name}": value for name, value in figures.items()})
        score = figures["style"] + figures["strokes"] + self.config.content_weight * figures["content"]
        if score < self.best:
            self.best = score
            published = {
                "style_space": self.teacher.name,
                "photo_mean_vector": validation.photo_mean_vector(self.students),
            }
            metrics = {**{name: round(value, 4) for name, value in figures.items()}, "step": self.step}
            runs.save(self.run / "best.pt", {**self._networks(), **published, "metrics": metrics})

    def _networks(self) -> dict:
        return {
            "predictor": self.students.predictor.state_dict(),
            "transformer": self.students.transformer.state_dict(),
        }

    def state(self) -> dict:
        """Everything that a resumed run needs."""
        parts = {"optimiser": self.optimiser.state_dict(), "schedule": self.schedule.state_dict()}
        return {**self._networks(), **parts, "step": self.step, "best": self.best}

    def restore(self, state: dict) -> None:
        """Go on from what `state` saved."""
        self.begin_with(state)
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.step, self.best = state["step"], state["best"]

    def begin_with(self, state: dict) -> None:
        """Take over the networks alone. Raises NotARun when they are laid out otherwise."""
        try:
            self.students.predictor.load_state_dict(state["predictor"])
            self.students.transformer.load_state_dict(state["transformer"])
        except (KeyError, RuntimeError) as error:
            raise runs.NotARun("that run holds other networks than these: name a run of this recipe") from error


def check(config: Config) -> None:
    """Raises BadConfig for sizes that cannot work together."""
    if config.batch > config.views:
        raise BadConfig(f"--batch {config.batch} is over --views {config.views}: every photo needs a style")
    if config.size % 8 or config.size < 96:
        raise BadConfig(f"--size {config.size}: name a multiple of 8, at least 96")


def open_teacher(config: Config) -> Teacher:
    """The teacher that the configuration names. Raises NoTeacher or NotARun."""
    return MagentaTeacher(Path(config.magenta)) if config.teacher == "magenta" else RunTeacher(Path(config.teacher))


def open_weights(folder: Path) -> dict[str, dict[str, Tensor]]:
    """ImageNet weights by network. Raises Missing."""
    try:
        return {network: load_file(folder / name) for network, name in WEIGHTS.items()}
    except SafetensorError as error:
        raise Missing(f"{folder}: a file of weights is damaged ({error}), fetch it again") from error


def check_places(config: Config) -> None:
    """Raises Missing naming, in one message, all that is not where the configuration says."""
    wanted = dict.fromkeys(config.photos, "photos: a folder or tars of JPEGs")
    wanted |= dict.fromkeys(config.styles, "style pictures: a folder or tars of JPEGs")
    wanted |= {f"{config.weights}/{name}": "ImageNet weights" for name in WEIGHTS.values()}
    if config.teacher == "magenta":
        wanted |= {f"{config.magenta}/{name}": "Magenta's teacher" for name in (PREDICTOR, TRANSFORMER)}
    missing = [f"{place} ({what})" for place, what in wanted.items() if not Path(place).exists()]
    if missing:
        raise Missing(f"put {'; '.join(missing)} there as the README says, or name other places (--help)")


def distil(
    run: Path, config: Config, resume: bool = False, weights: dict[str, dict[str, Tensor]] | None = None
) -> None:
    """Train into the folder `run`; without `weights` (the smoke test) everything starts at random."""
    check(config)
    here = place()
    teacher = open_teacher(config)
    photos, held_photos = Pictures(config.photos).split(32)
    styles, held_styles = Pictures(config.styles).split(32)
    training = Training(run, config, here, teacher, weights or {})
    if resume:
        training.restore(runs.load(run))
    elif config.start:
        training.begin_with(runs.load(Path(config.start), "best.pt"))
    if here.rank == 0 and not resume:
        runs.create(run, RECIPE, config)
    batches = Batches(photos, styles, teacher, config, here.rank, here.world)
    loader = DataLoader(
        batches, batch_size=None, sampler=range(training.step, config.steps), num_workers=1, prefetch_factor=4
    )
    log = Log(run, training.step, config.steps, here.rank == 0)
    try:
        training.train(log, loader, Validation(held_photos, held_styles, styles, teacher, here.device))
    finally:
        log.close()


def smoke(folder: Path) -> Path:
    """A complete, tiny distillation from a random teacher on made pictures; returns its run directory."""
    from distill.smoke import make_pictures, make_teacher

    photos, styles = make_pictures(folder / "photos", 1), make_pictures(folder / "styles", 2)
    config = Config(
        photos=[str(photos)], styles=[str(styles)], teacher=str(make_teacher(folder / "teacher")), steps=4, batch=2,
        views=4, size=96, teacher_steps=2, joint_from=2, validate_every=2, save_every=2, precision="float32",
    )  # fmt: skip
    distil(folder / "run", config)
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("runs/distilled"), help="run directory to write")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="run directory to go on with, as it was configured")
    parser.add_argument("--smoke", action="store_true", help="try everything in seconds, on made pictures")
    add_options(parser, Config)
    options = parser.parse_args(arguments)
    try:
        if options.smoke:
            print(f"works: {smoke(Path(tempfile.mkdtemp(prefix='distill-')))}")
        else:
            train_from(options)
    except (BadConfig, Missing, NoPictures, NoTeacher, runs.NotARun, NotFinite) as error:
        sys.exit(f"distill: {error}")


def train_from(options: argparse.Namespace) -> None:
    """Begin or resume the training that the command line asks for. Raises what `main` turns into one sentence."""
    run = options.resume or options.run
    if not options.resume and (run / "last.pt").exists():
        raise runs.NotARun(f"{run} holds a training already: go on with --resume {run}, or name another --run")
    config = from_json(Config, runs.read_config(run)) if options.resume else from_options(Config, options)
    check_places(config)
    distil(run, config, bool(options.resume), open_weights(Path(config.weights)))


if __name__ == "__main__":
    main()
