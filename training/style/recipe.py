"""The recipe that teacher (`training/style/train.py`) and students (`distill/run.py`) share.

A predictor and a transformer learn together on perceptual losses, and from another teacher what the options say:
its vectors for the first `vector_steps` steps, its pictures for the first `taught_steps`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader

from training.common import runs
from training.common.command import BadConfig, Missing, require
from training.common.config import option
from training.common.devices import Place, fastest_precision, place
from training.common.log import Log
from training.common.muon import Muon, matrices
from training.common.pictures import Pictures
from training.style.batches import Batches, Teacher
from training.style.load import PREDICTORS, TRANSFORMERS
from training.style.losses import PerceptualLosses
from training.style.painter import Painter
from training.style.teachers import PREDICTOR, TRANSFORMER, MagentaTeacher, RunTeacher
from training.style.validation import Validation

WEIGHTS = {
    "vgg16": "vgg16_imagenet_to_conv3_3.safetensors",
    "inception": "inception_v3_imagenet_to_mixed_8.safetensors",
    "mobilenet": "mobilenet_v2_imagenet.safetensors",
}
Weights = dict[str, dict[str, Tensor]]


@dataclass(frozen=True)
class Config:
    """Everything a training depends on; its two recipes have their own defaults."""

    photos: list[str] = option(["data/content"], "folders or tars of photos")
    styles: list[str] = option(["data/style"], "folders or tars of style pictures")
    weights: str = option("weights", "folder of the ImageNet weights")
    teacher: str = option("magenta", "'magenta', 'none', or a folder of ours: a run directory or a published teacher")
    magenta: str = option("weights/magenta", "folder of Magenta's two TFLite files")
    enlarger: str = option(
        "training/style/published/enlarger", "run directory of training.style.train_enlarger, for the style pictures"
    )
    start: str = option("", "run directory whose networks to begin with")
    training_data: str = option(
        "see photos and styles in the configuration", "what the model card says of the pictures"
    )
    predictor: str = option("mobilenet", "the style predictor", choices=list(PREDICTORS))
    transformer: str = option("small", "the style transformer", choices=list(TRANSFORMERS))
    steps: int = option(20000, "steps of the optimisers")
    batch: int = option(8, "photos painted a step; an even share for each process")
    views: int = option(16, "style pictures the predictor sees a step, at least `batch`")
    size: int = option(256, "side of the painted squares, px")
    style_size: int = option(384, "side of the style pictures that painted ones are compared with, px")
    vector_steps: int = option(20000, "first steps, in which the teacher's vectors are aimed at too")
    taught_steps: int = option(0, "first steps, in which the teacher's pictures are aimed at too")
    joint_from: int = option(0, "step from which the transformer is fed with the own predictor's vectors")
    learning_rate: float = option(2e-3, "Muon's and Adam's, of the transformer")
    predictor_learning_rate: float = option(3e-4, "Adam's, of the predictor")
    style_weight: float = option(2.5, "Gram loss of VGG-16")
    strokes_weight: float = option(2.0, "Gram loss of Inception-v3")
    content_weight: float = option(0.5, "content loss of VGG-16")
    taught_weight: float = option(4.0, "L1 distance to the teacher's picture")
    vector_weight: float = option(1.0, "mean squared error of the vectors")
    validate_every: int = option(250, "steps between validations, samples and choices of the best")
    save_every: int = option(50, "steps between checkpoints")
    seed: int = option(0, "of pictures and initial weights")
    precision: str = option(fastest_precision(), "arithmetic of the networks", choices=["float32", "bfloat16"])


class Training:
    """A run in progress: networks, optimisers, step, and where they are saved."""

    def __init__(self, run: Path, config: Config, here: Place, space: str | None, weights: Weights):
        self.run, self.config, self.here, self.space = run, config, here, space
        torch.manual_seed(config.seed)
        losses = PerceptualLosses()
        predictor, transformer = PREDICTORS[config.predictor](), TRANSFORMERS[config.transformer]()
        if weights:
            losses.load_imagenet(weights["vgg16"], weights["inception"])
            predictor.load_imagenet(weights[config.predictor])
        self.painter = Painter(predictor, transformer, losses, config)
        if weights:
            self.painter.enlarger.load_state_dict(weights["enlarger"])
        self.painter.to(device=here.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimisers = self._optimisers()
        self.schedules = [
            torch.optim.lr_scheduler.OneCycleLR(
                optimiser,
                [group["lr"] for group in optimiser.param_groups],
                total_steps=config.steps + 1,
                pct_start=0.05,
                cycle_momentum=False,
            )
            for optimiser in self.optimisers
        ]
        self.step, self.best = 0, float("inf")

    def _optimisers(self) -> list[torch.optim.Optimizer]:
        """Muon for the transformer's matrices, Adam for the rest."""
        mixing = matrices(self.painter.transformer)
        rest = [p for p in self.painter.transformer.parameters() if all(p is not m for m in mixing)]
        groups = [
            {"params": rest, "lr": self.config.learning_rate},
            {"params": list(self.painter.predictor.parameters()), "lr": self.config.predictor_learning_rate},
        ]
        return [Muon(mixing, self.config.learning_rate), torch.optim.Adam(groups, betas=(0.9, 0.99), eps=1e-6)]

    def train(self, log: Log, batches: DataLoader, validation: Validation) -> None:
        """All steps that are left; `batches` begins at the present one."""
        several = self.here.world > 1  # all buffers are constants: nothing to broadcast
        painter = DistributedDataParallel(self.painter, broadcast_buffers=False) if several else self.painter
        for batch in batches:
            losses = self._update(painter, {k: v.to(self.here.device) for k, v in batch.items()})
            log.step(self.step, losses, skipped=int(batch["skipped"]))
            self.step += 1
            last = self.step == self.config.steps
            if self.here.rank == 0 and (last or self.step % self.config.validate_every == 0):
                self._validate(log, validation)
            if self.here.rank == 0 and (last or self.step % self.config.save_every == 0):
                log.write(self.step)
                runs.save(self.run / "last.pt", self.state())

    def _update(self, painter: nn.Module, batch: dict[str, Tensor]) -> dict[str, float]:
        batch["photos"], batch["views"], batch["styles"] = (
            batch[name].contiguous(memory_format=torch.channels_last) for name in ("photos", "views", "styles")
        )
        with self.here.autocast(self.config.precision):
            losses = painter(batch, joint=self.step >= self.config.joint_from)
        self.painter.zero_grad(set_to_none=True)
        losses["total"].backward()
        nn.utils.clip_grad_norm_(self.painter.transformer.parameters(), 1.0)
        nn.utils.clip_grad_norm_(self.painter.predictor.parameters(), 1.0)
        for optimiser, schedule in zip(self.optimisers, self.schedules, strict=True):
            optimiser.step()
            schedule.step()
        return {name: loss.item() for name, loss in losses.items()}

    def _validate(self, log: Log, validation: Validation) -> None:
        sample = self.run / "samples" / f"{self.step:06d}.jpg"
        with self.here.autocast(self.config.precision):
            figures = validation.figures(self.painter, sample)
        log.say(f"step {self.step}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        log.write(self.step, **{f"held_out_{name}": value for name, value in figures.items()})
        score = figures["style"] + figures["strokes"] + self.config.content_weight * figures["content"]
        if score < self.best:
            self.best = score
            published = {
                "style_space": self.space or _fingerprint(self.painter),
                "photo_mean_vector": validation.photo_mean_vector(self.painter),
            }
            metrics = {**{name: round(value, 4) for name, value in figures.items()}, "step": self.step}
            runs.save(self.run / "best.pt", {**self._networks(), **published, "metrics": metrics})

    def _networks(self) -> dict:
        return {
            "predictor": self.painter.predictor.state_dict(),
            "transformer": self.painter.transformer.state_dict(),
        }

    def state(self) -> dict:
        """Everything that a resumed run needs."""
        parts = {
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "schedules": [schedule.state_dict() for schedule in self.schedules],
        }
        return {**self._networks(), **parts, "step": self.step, "best": self.best}

    def restore(self, state: dict) -> None:
        """Go on from what `state` saved."""
        self.begin_with(state)
        for part, saved in zip(self.optimisers, state["optimisers"], strict=True):
            part.load_state_dict(saved)
        for schedule, saved in zip(self.schedules, state["schedules"], strict=True):
            schedule.load_state_dict(saved)
        self.step, self.best = state["step"], state["best"]

    def begin_with(self, state: dict) -> None:
        """Take over the networks alone. Raises NotARun when they are laid out otherwise."""
        try:
            self.painter.predictor.load_state_dict(state["predictor"])
            self.painter.transformer.load_state_dict(state["transformer"])
        except (KeyError, RuntimeError) as error:
            raise runs.NotARun("that run holds other networks than these: name a run of this recipe") from error


def _fingerprint(painter: Painter) -> str:
    """A name for the style space of these very networks: twelve hexadecimal digits of their weights."""
    weights = [*painter.predictor.parameters(), *painter.transformer.parameters()]
    return hashlib.sha256(b"".join(weight.detach().cpu().numpy().tobytes() for weight in weights)).hexdigest()[:12]


def check(config: Config) -> None:
    """Raises BadConfig for options that cannot work together."""
    if config.batch > config.views:
        raise BadConfig(f"--batch {config.batch} is over --views {config.views}: every photo needs a style")
    if config.size % 8 or config.size < 96:
        raise BadConfig(f"--size {config.size}: name a multiple of 8, at least 96")
    if config.teacher == "none" and config.joint_from:
        raise BadConfig("--teacher none gives no vectors: leave --joint-from at 0")


def open_teacher(config: Config) -> Teacher | None:
    """The teacher that the configuration names. Raises NoTeacher or NotARun."""
    if config.teacher == "none":
        return None
    return MagentaTeacher(Path(config.magenta)) if config.teacher == "magenta" else RunTeacher(Path(config.teacher))


def open_weights(config: Config) -> Weights:
    """All that a training begins with, by network. Raises Missing or NotARun."""
    enlarger = runs.load(Path(config.enlarger), "best.pt")
    if "enlarger" not in enlarger:
        raise runs.NotARun(f"{config.enlarger} holds no enlarger: name a run of training.style.train_enlarger")
    return {**imagenet(Path(config.weights), _networks(config)), "enlarger": enlarger["enlarger"]}


def imagenet(folder: Path, networks: Sequence[str]) -> Weights:
    """ImageNet weights of these networks, whose `places` are there. Raises Missing for a damaged file."""
    try:
        return {network: load_file(folder / WEIGHTS[network]) for network in networks}
    except SafetensorError as error:
        raise Missing(f"{folder}: a file of weights is damaged ({error}), fetch it again") from error


def _networks(config: Config) -> list[str]:
    return list(dict.fromkeys(("vgg16", "inception", config.predictor)))


def places(folder: Path, networks: Sequence[str]) -> dict[str, str]:
    """Where the ImageNet weights of these networks lie, and what they are."""
    return {f"{folder}/{WEIGHTS[network]}": "ImageNet weights" for network in networks}


def check_places(config: Config) -> None:
    """Raises Missing naming, in one message, all that is not where the configuration says."""
    wanted = dict.fromkeys(config.photos, "photos: a folder or tars of JPEGs")
    wanted |= dict.fromkeys(config.styles, "style pictures: a folder or tars of JPEGs")
    wanted |= places(Path(config.weights), _networks(config))
    if config.teacher == "magenta":
        wanted |= {f"{config.magenta}/{name}": "Magenta's teacher" for name in (PREDICTOR, TRANSFORMER)}
    require(wanted)


def train(run: Path, recipe: str, config: Config, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the smoke test) everything starts at random."""
    check(config)
    here = place()
    teacher = open_teacher(config)
    photos, held_photos = Pictures(config.photos).split(32)
    styles, held_styles = Pictures(config.styles).split(32)
    # a network that only begins with another's vectors ends in a space of its own
    space = teacher.name if teacher and config.vector_steps >= config.steps else None
    training = Training(run, config, here, space, weights or {})
    if resume:
        training.restore(runs.load(run))
    elif config.start:
        training.begin_with(runs.load(Path(config.start), "best.pt"))
    if here.rank == 0 and not resume:
        runs.create(run, recipe, config)
    batches = Batches(photos, styles, teacher, config, here.rank, here.world)
    loader = DataLoader(
        batches, batch_size=None, sampler=range(training.step, config.steps), num_workers=1, prefetch_factor=4
    )
    log = Log(run, training.step, config.steps, here.rank == 0)
    try:
        training.train(log, loader, Validation(held_photos, held_styles, styles, teacher, config, here.device))
    finally:
        log.close()


def begin(run: Path, recipe: str, config: Config, resume: bool) -> None:
    """What a recipe's command line asks for. Raises what it turns into one sentence."""
    check_places(config)
    train(run, recipe, config, resume, open_weights(config))
