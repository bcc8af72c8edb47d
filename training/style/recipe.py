"""The recipe that teachers (train.py) and students (distil.py) share.

A predictor and a transformer are trained together on perceptual losses, and on what the options say of a teacher: its
vectors for the first `vector_steps` steps, its pictures for the first `taught_steps`.
"""

import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.common import runs, trainer, weights
from training.common.command import require
from training.common.devices import Process
from training.common.muon import Muon, matrices, others
from training.common.optimisers import one_cycle
from training.common.options import BadConfig
from training.common.recipe import Recipe
from training.common.weights import Weights
from training.networks.layers import begin_even
from training.style.batches import Batches, Teacher
from training.style.config import PairConfig
from training.style.load import load_pair
from training.style.losses import PerceptualLosses
from training.style.networks import PREDICTORS, TRANSFORMERS
from training.style.objective import Objective
from training.style.teachers import MAGENTA, MagentaTeacher, RunTeacher
from training.style.validation import Validation, split


class PairRecipe(Recipe):
    """Predictor and transformer as the trainer trains them; without `weights` (the smoke test) all is random."""

    averaged = ("predictor", "transformer")

    def __init__(self, config: PairConfig, weights: Weights, process: Process):
        self.config, self.process = config, process
        teacher = open_teacher(config)
        photos, held_photos = split(config.photos, config.held_photos)
        styles, held_styles = split(config.styles, config.held_styles)
        # a network that only begins with another's vectors ends in a space of its own
        self.space = teacher.name if teacher and config.vector_steps >= config.steps else None
        self.kept: dict[str, Any] = {}  # of what is published, where the vectors stay what they were
        self.batches = Batches(photos, styles, teacher, config, process.rank, process.world)
        objective = _objective(config, weights)
        if config.boldness_alone:
            objective.requires_grad_(False)
            objective.transformer.bolder.requires_grad_(True)
            self.kept = _vectors_of(config.start)
        if config.transformer_from_teacher:
            _take_transformer(objective, teacher)
        if not config.perceptual:
            begin_even(objective.predictor, self.batches[0]["views"])
        self.objective = process.move(objective)
        self.parallel = process.parallel(self.objective)
        self._optimisers = {"muon": self._muon(), "adam": self._adam()}
        self._schedules = {name: one_cycle(each, config.steps, 0.05) for name, each in self._optimisers.items()}
        self.validation = Validation(held_photos, held_styles, styles, teacher, config, process.device)

    def _muon(self) -> torch.optim.Optimizer:
        return Muon(matrices(self.objective.transformer), self.config.learning_rate)

    def _adam(self) -> torch.optim.Optimizer:
        """For the predictor, and for what Muon leaves of the transformer."""
        groups = [
            {"params": others(self.objective.transformer), "lr": self.config.learning_rate},
            {"params": _learning(self.objective.predictor), "lr": self.config.predictor_learning_rate},
        ]
        return torch.optim.Adam(groups, betas=(0.9, 0.99), eps=1e-6)

    def networks(self) -> dict[str, nn.Module]:
        return {"predictor": self.objective.predictor, "transformer": self.objective.transformer}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return self._optimisers

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return self._schedules

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        for name in {"photos", "views", "styles"} & batch.keys():
            batch[name] = batch[name].contiguous(memory_format=torch.channels_last)
        with self.process.autocast(self.config.precision):
            losses = self.parallel(batch, joint=step >= self.config.joint_from)
        self.objective.zero_grad(set_to_none=True)
        losses["total"].backward()
        for network in self.networks().values():
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for name, optimiser in self._optimisers.items():
            optimiser.step()
            self._schedules[name].step()
        return losses

    def validate(self, sample: Path) -> tuple[dict[str, float], float | None]:
        figures = self.validation.figures(self.objective, sample)
        if not self.config.perceptual:
            return figures, None  # the newest: the schedule ends with the smallest steps
        return figures, figures["style"] + figures["strokes"] + self.config.content_weight * figures["content"]

    def published(self) -> dict[str, Any]:
        return {
            **super().published(),
            "style_space": self.space or fingerprint(self.objective),
            "photo_mean_vector": self.validation.photo_mean_vector(self.objective),
            **self.kept,
        }


def _vectors_of(run: str) -> dict[str, Any]:
    """What a run's vectors mean. Raises NotARun where it is none, for boldness is learnt by a trained transformer."""
    state = load_pair(Path(run)).state
    return {name: state[name] for name in ("style_space", "photo_mean_vector")}


def _learning(network: nn.Module) -> list[nn.Parameter]:
    return [p for p in network.parameters() if p.requires_grad]


def _objective(config: PairConfig, weights: Weights) -> Objective:
    losses = PerceptualLosses() if config.perceptual else None
    predictor, transformer = PREDICTORS[config.predictor](), TRANSFORMERS[config.transformer]()
    objective = Objective(predictor, transformer, losses, config)
    if weights and losses:
        losses.load_imagenet(weights["vgg16"], weights["inception"])
        predictor.load_imagenet(weights[config.predictor])
    if weights:
        objective.enlarger.load_state_dict(weights["enlarger"])
    return objective


def _take_transformer(objective: Objective, teacher: Teacher | None) -> None:
    """Begin with the teacher's transformer. Raises BadConfig where it is of another kind."""
    taken = teacher.pair.transformer.state_dict() if isinstance(teacher, RunTeacher) else {}
    wanted = {name: taken.get(name) for name in objective.transformer.state_dict()}  # boldness may stay behind
    try:
        objective.transformer.load_state_dict(wanted)
    except (AttributeError, RuntimeError) as error:
        message = "--transformer-from-teacher needs a run directory as --teacher, with the same --transformer"
        raise BadConfig(message) from error


def fingerprint(objective: Objective) -> str:
    """A name for the style space of these very networks: twelve hexadecimal digits of their weights."""
    weights = [*objective.predictor.parameters(), *objective.transformer.parameters()]
    return hashlib.sha256(b"".join(weight.detach().cpu().numpy().tobytes() for weight in weights)).hexdigest()[:12]


def open_teacher(config: PairConfig) -> Teacher | None:
    """The teacher that the configuration names. Raises NoTeacher or NotARun."""
    if config.teacher == "none":
        return None
    return MagentaTeacher(Path(config.magenta)) if config.teacher == "magenta" else RunTeacher(Path(config.teacher))


def open_weights(config: PairConfig) -> Weights:
    """All that a training begins with, by network. Raises Missing or NotARun."""
    enlarger = runs.load(Path(config.enlarger), "best.pt")
    if "enlarger" not in enlarger:
        raise runs.NotARun(f"{config.enlarger} holds no enlarger: name a run of training.style.train_enlarger")
    return {**weights.read(config.weights, _pretrained(config)), "enlarger": enlarger["enlarger"]}


def _pretrained(config: PairConfig) -> list[str]:
    if not config.perceptual:
        return []
    return list(dict.fromkeys(("vgg16", "inception", config.predictor)))


def check_folders(config: PairConfig) -> None:
    """Raises Missing naming, in one message, all folders and files of the configuration that are missing."""
    wanted = dict.fromkeys(config.photos, "photos: a folder or tars of JPEGs")
    wanted |= dict.fromkeys(config.styles, "style pictures: a folder or tars of JPEGs")
    wanted |= weights.needed(config.weights, _pretrained(config))
    if config.teacher == "magenta":
        wanted |= {f"{config.magenta}/{name}": "Magenta's teacher" for name in MAGENTA}
    require(wanted)


def train(run: Path, config: PairConfig, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the smoke test) everything starts at random."""
    config.check()
    trainer.train(run, config, lambda process: PairRecipe(config, weights or {}, process), resume)


def begin(run: Path, config: PairConfig, resume: bool) -> None:
    """What a command line asks for. Raises what it turns into one sentence."""
    check_folders(config)
    train(run, config, resume, open_weights(config))
