"""Trains the translators between day and night, from pictures of both that show no scene twice.

    python -m training.daynight.train                                     CycleGAN, small generators
    python -m training.daynight.train --guided yes --kernel-weight 8 …    as the published pair: docs/daynight.md
    python -m training.daynight.train --generator resnet --discriminator patch --cycle-weight 10   as in its paper
    python -m training.daynight.train --generator source --discriminator source --identity-weight 0
    python -m training.daynight.train --recipe unit --normalisation layer --vgg-weight 1
    python -m training.daynight.train --resume runs/daynight              go on after a stop of any kind
    python -m training.daynight.train --smoke                             seconds, on pictures it makes itself
    torchrun --nproc-per-node 4 -m -- training.daynight.train             several GPUs; `batch` is shared out

The networks and their losses: cyclegan.py, small.py, unit.py. The run directory's best.pt holds the running mean of the
weights at the last validation, samples/ a sheet of each (day, its night, and back; night, its day, and back),
curves.png and tensorboard/ the losses.
"""

import copy
import resource
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader
from tqdm import tqdm

from training.common import runs
from training.common.command import BadConfig, Missing, command_line, require
from training.common.config import option
from training.common.devices import Place, fastest_precision, place
from training.common.log import Log
from training.common.pictures import Pictures
from training.daynight.batches import Batches, Replay
from training.daynight.curves import draw_curves, open_tensorboard
from training.daynight.cyclegan import DISCRIMINATORS, GENERATORS
from training.daynight.kernel import REMEMBERED, KernelDistance
from training.daynight.load import RECIPES
from training.daynight.losses import PerceptualDistance, tells_apart
from training.daynight.unit import KINDS, NORMALISATIONS
from training.daynight.validation import Validation

Network = TypeVar("Network", bound=nn.Module)
VGG16 = "vgg16_imagenet_to_conv3_3.safetensors"
INCEPTION = "inception_v3_imagenet_to_mixed_8.safetensors"
NETWORKS = {"vgg": "VGG-16", "kernel": "Inception-v3"}
Weights = dict[str, dict[str, Tensor]]  # ImageNet's, by the loss that needs them
REAL_BATCH, REAL_STEPS = 8, 128  # squares of each kind that the kernel distance learns from


@dataclass(frozen=True)
class Config:
    """Everything a training depends on."""

    recipe: str = option("cyclegan", "what to train", choices=list(RECIPES))
    day: list[str] = option(["data/day"], "folders or tars of day pictures")
    night: list[str] = option(["data/night"], "folders or tars of night pictures")
    pictures: int = option(0, "use only so many of each kind; 0 is all")
    held_out: int = option(10, "one picture in so many is held out from training")
    weights: str = option("weights", "folder of VGG-16's and Inception-v3's ImageNet weights")
    start: str = option("", "run directory whose networks to begin with")
    training_data: str = option("see day and night in the configuration", "what the model card says of the pictures")
    generator: str = option("small", "CycleGAN: the generators", choices=list(GENERATORS))
    discriminator: str = option("multiscale", "the discriminators", choices=list(DISCRIMINATORS))
    width: float = option(1.0, "channels of the translators, relative to the tables")
    discriminator_width: float = option(1.0, "channels of the discriminators, relative to the tables")
    kernel_weight: float = option(0.0, "distance of the translated pictures' Inception features to real ones'")
    cycle_weight: float = option(10.0, "CycleGAN: L1 of a picture and its way back")
    identity_weight: float = option(5.0, "CycleGAN: L1 of what is night already, sent to night")
    unevenness_weight: float = option(0.0, "uneven exposure where the photo is even")
    guided: str = option("no", "CycleGAN: losses on what the guided step makes of translations", choices=["no", "yes"])
    normalisation: str = option("instance", "UNIT: after each convolution", choices=list(NORMALISATIONS))
    lambda_0: float = option(1.0, "UNIT: adversarial")
    lambda_1: float = option(0.01, "UNIT: KL of the codes")
    lambda_2: float = option(10.0, "UNIT: reconstruction")
    lambda_3: float = option(0.01, "UNIT: KL of the translated pictures' codes")
    lambda_4: float = option(10.0, "UNIT: reconstruction by way of the other kind")
    vgg_weight: float = option(0.0, "UNIT: VGG-16 features of the translated picture")
    augmentation: str = option("all", "resize, crop and mirror, or the centre square", choices=["all", "none"])
    steps: int = option(40000, "steps of the optimisers")
    batch: int = option(4, "pictures of each kind a step")
    size: int = option(128, "side of the squares, px")
    learning_rate: float = option(2e-4, "Adam's; falls to 0 over the second half")
    average: float = option(0.998, "of the former running mean that a step leaves in the published weights")
    validate_every: int = option(500, "steps between validations and samples")
    save_every: int = option(100, "steps between checkpoints")
    seed: int = option(0, "of pictures, noise and initial weights")
    precision: str = option(fastest_precision(), "arithmetic of the networks", choices=["float32", "bfloat16"])
    compiled: str = option("no", "networks through torch.compile: faster, needs a C compiler", choices=["no", "yes"])


class Discriminators(nn.Module):
    """One discriminator a kind, and their losses."""

    def __init__(self, config: Config):
        super().__init__()
        network = DISCRIMINATORS[config.discriminator]
        self.networks = nn.ModuleDict({kind: network(config.discriminator_width) for kind in KINDS})

    def forward(self, real: dict[str, Tensor], fake: dict[str, Tensor]) -> dict[str, Tensor]:
        """Losses by name, the `total` among them."""
        losses = {
            f"discriminator_{kind}": tells_apart(network(real[kind]), network(fake[kind]))
            for kind, network in self.networks.items()
        }
        return {**losses, "total": torch.stack(list(losses.values())).sum()}


class Training:
    """A run in progress: networks, optimisers, replayed pictures, step, and where they are saved."""

    def __init__(self, run: Path, config: Config, here: Place, weights: Weights):
        self.run, self.config, self.here, self.step = run, config, here, 0
        torch.manual_seed(config.seed)
        self.translators = self._place(RECIPES[config.recipe](config))
        self.discriminators = self._place(Discriminators(config))
        self.average = copy.deepcopy(self.translators).eval().requires_grad_(False)
        self.judges: dict[str, Any] = {name: self._place(judge) for name, judge in judges(config, weights).items()}
        self.replay = {kind: Replay() for kind in KINDS}
        self.optimisers = [
            torch.optim.Adam(networks.parameters(), config.learning_rate, betas=(0.5, 0.999))
            for networks in (self.translators, self.discriminators)
        ]

    def _place(self, network: Network) -> Network:
        return network.to(device=self.here.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def train(self, log: Log, batches: DataLoader, validation: Validation) -> None:
        """All steps that are left; `batches` begins at the present one."""
        translators, discriminators = self._for_training()
        board = open_tensorboard(self.run, self.step) if self.here.rank == 0 else None
        for batch in batches:
            losses = self._update(translators, discriminators, batch)
            log.step(self.step, losses, skipped=int(batch["skipped"]))
            self.step += 1
            if self.here.rank == 0:
                self._record(log, board, validation)

    def _record(self, log: Log, board: Any | None, validation: Validation) -> None:
        """Validate, write curves and save, where the step is due for it."""
        c, figures = self.config, {}
        last = self.step == c.steps
        if last or self.step % c.validate_every == 0:
            figures = self._validate(log, validation)
        if last or figures or self.step % c.save_every == 0:
            log.write(self.step, **figures, memory_mb=peak_memory(self.here.device))
            runs.save(self.run / "last.pt", self.state())
            if board:
                for name, value in {**log.means, **figures}.items():
                    board.add_scalar(name, value, self.step)
                board.flush()
        if figures:
            draw_curves(self.run)

    def _for_training(self) -> tuple[nn.Module, nn.Module]:
        if self.config.compiled == "yes":
            for network in [*self.translators.children(), *self.discriminators.networks.values()]:
                for part in network.values() if isinstance(network, nn.ModuleDict) else [network]:
                    part.compile()
        if self.here.world == 1:
            return self.translators, self.discriminators
        return DistributedDataParallel(self.translators), DistributedDataParallel(self.discriminators)

    def _update(self, translators: nn.Module, discriminators: nn.Module, batch: dict[str, Tensor]) -> dict[str, float]:
        """One step of the translators, then one of the discriminators."""
        random = np.random.default_rng((self.config.seed, 3, self.step, self.here.rank))
        torch.manual_seed(int(random.integers(2**62)))  # UNIT's noise, of this step alone
        real = {kind: self.place_pictures(batch[kind]) for kind in KINDS}
        self.discriminators.requires_grad_(False)
        with self.here.autocast(self.config.precision):
            losses, fake = translators(real["day"], real["night"], self.discriminators.networks, **self.judges)
        self._descend(self.optimisers[0], losses["total"])
        self.discriminators.requires_grad_(True)
        fake = {kind: self.replay[kind].swap(fake[kind], random) for kind in KINDS}
        with self.here.autocast(self.config.precision):
            judged = discriminators(real, {kind: self.place_pictures(fake[kind]) for kind in KINDS})
        self._descend(self.optimisers[1], judged.pop("total"))
        self._average()
        return {name: loss.item() for name, loss in {**losses, **judged}.items()}

    def place_pictures(self, pictures: Tensor) -> Tensor:
        return pictures.to(self.here.device).contiguous(memory_format=torch.channels_last)

    def _descend(self, optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
        for group in optimiser.param_groups:
            group["lr"] = self.config.learning_rate * min(1, 2 * (1 - self.step / self.config.steps))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    @torch.no_grad()
    def _average(self) -> None:
        """Move the running mean toward the weights: faster at first, when they change most."""
        part = 1 - min(self.config.average, (1 + self.step) / (10 + self.step))
        for mean, value in zip(self.average.state_dict().values(), self.translators.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, part)
            else:
                mean.copy_(value)

    def _validate(self, log: Log, validation: Validation) -> dict[str, float]:
        sample = self.run / "samples" / f"{self.step:06d}.jpg"
        with self.here.autocast(self.config.precision):
            figures = validation.figures(self.average, sample)
        memory = peak_memory(self.here.device)
        told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        log.say(f"step {self.step}: {told}; memory {memory:.0f} MB at {self.config.size} px")
        metrics = {**{name: round(value, 4) for name, value in figures.items()}, "step": self.step}
        runs.save(self.run / "best.pt", {"translators": self.average.state_dict(), "metrics": metrics})
        return figures

    def _networks(self) -> dict[str, nn.Module]:
        return {"translators": self.translators, "discriminators": self.discriminators, "average": self.average}

    def remembered(self) -> dict[str, Tensor]:
        """The kernel distance's features of former translations, by buffer name; none without it."""
        return dict(self.judges["kernel"].named_buffers()) if "kernel" in self.judges else {}

    def state(self) -> dict:
        """Everything that a resumed run needs. The first process's replayed pictures stand for those of all."""
        return {
            **{name: network.state_dict() for name, network in self._networks().items()},
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "replay": {kind: replay.pictures for kind, replay in self.replay.items()},
            "remembered": self.remembered(),
            "step": self.step,
        }

    def restore(self, state: dict) -> None:
        """Go on from what `state` saved."""
        self.begin_with(state)
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        for kind in KINDS:
            self.replay[kind].pictures = state["replay"][kind]
        for name, features in self.remembered().items():
            features.copy_(state["remembered"][name])
        self.step = state["step"]

    def begin_with(self, state: dict) -> None:
        """Take over the networks alone. Raises NotARun when they are laid out otherwise."""
        try:
            for name, network in self._networks().items():
                network.load_state_dict(state[name])
        except (KeyError, RuntimeError) as error:
            raise runs.NotARun("that run holds other networks than these: name one with the same options") from error


def peak_memory(device: torch.device) -> float:
    """The most memory that was taken so far, MB: of the GPU, or of the whole process on a CPU."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e6
    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, else KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def check(config: Config) -> None:
    """Raises BadConfig for sizes that no network here takes."""
    if config.size % 8 or config.size < 64:
        raise BadConfig(f"--size {config.size}: name a multiple of 8, at least 64")
    if config.held_out < 2:
        raise BadConfig(f"--held-out {config.held_out}: name 2 (half of the pictures) or more")


def check_places(config: Config) -> None:
    """Raises Missing naming, in one message, all that is not where the configuration says."""
    wanted = dict.fromkeys(config.day, "day pictures: a folder or tars of JPEGs")
    wanted |= dict.fromkeys(config.night, "night pictures: a folder or tars of JPEGs")
    for name, file in weight_files(config).items():
        wanted[f"{config.weights}/{file}"] = f"{NETWORKS[name]}'s ImageNet weights, or train with --{name}-weight 0"
    require(wanted)


def weight_files(config: Config) -> dict[str, str]:
    """Files of ImageNet weights by the loss that needs them."""
    vgg = {"vgg": VGG16} if config.recipe == "unit" and config.vgg_weight else {}
    return vgg | ({"kernel": INCEPTION} if config.kernel_weight else {})


def open_weights(config: Config) -> Weights:
    """The weights of `weight_files`. Raises Missing."""
    opened = {}
    for name, file in weight_files(config).items():
        try:
            opened[name] = load_file(Path(config.weights) / file)
        except SafetensorError as error:
            raise Missing(f"{config.weights}/{file} is damaged ({error}): fetch it again") from error
    return opened


def judges(config: Config, weights: Weights) -> dict[str, Any]:
    """The frozen networks that the configured losses look through, by the name the translators know them by."""
    found: dict[str, Any] = {}
    needed = weight_files(config)
    if "vgg" in needed:
        found["perceptual"] = PerceptualDistance()
        if weights:
            found["perceptual"].vgg.load_imagenet(weights["vgg"])
    if "kernel" in needed:
        found["kernel"] = KernelDistance(KINDS)
        if weights:
            found["kernel"].inception.load_imagenet(weights["kernel"])
    return found


@torch.no_grad()
def learn_real(distance: KernelDistance, batches: Batches, training: "Training") -> None:
    """Tell the kernel distance what real pictures of both kinds look like, cut as in training."""
    features: dict[str, list[Tensor]] = {kind: [] for kind in KINDS}
    for number in tqdm(range(len(batches)), desc="real pictures", dynamic_ncols=True, leave=False):
        batch = batches[number]
        with training.here.autocast(training.config.precision):
            for kind in KINDS:
                features[kind].append(distance.features(training.place_pictures(batch[kind])))
    distance.learn({kind: torch.cat(parts) for kind, parts in features.items()})


@torch.no_grad()
def remember_translations(distance: KernelDistance, batches: Batches, training: "Training") -> None:
    """Let the kernel distance remember what the translators make now, as if they had been trained before."""
    for number in range(REMEMBERED // REAL_BATCH):
        batch = batches[number]
        with training.here.autocast(training.config.precision):
            distance(training.translators.day_to_night(training.place_pictures(batch["day"])), "night")
            distance(training.translators.night_to_day(training.place_pictures(batch["night"])), "day")


def open_pictures(sources: list[str], config: Config) -> tuple[Pictures, Pictures]:
    """(training, held out). Raises NoPictures."""
    training, held_out = Pictures(sources).split(config.held_out)
    if config.pictures:
        training.entries = training.entries[:: max(1, len(training) // config.pictures)][: config.pictures]
    return training, held_out


def train(run: Path, config: Config, resume: bool = False, weights: Weights | None = None) -> None:
    """Train into the folder `run`; without `weights` (the tests) the networks that judge have random ones."""
    check(config)
    here = place()
    (day, held_day), (night, held_night) = open_pictures(config.day, config), open_pictures(config.night, config)
    training = Training(run, config, here, weights or {})
    if resume:
        training.restore(runs.load(run))
    elif config.start:
        training.begin_with(runs.load(Path(config.start)))
    if "kernel" in training.judges:
        squares = Batches(day, night, replace(config, seed=config.seed + 1, batch=REAL_BATCH, steps=REAL_STEPS))
        learn_real(training.judges["kernel"], squares, training)
        if not resume:
            remember_translations(training.judges["kernel"], squares, training)
    if here.rank == 0 and not resume:
        runs.create(run, config.recipe, config)
    batches = Batches(day, night, config, here.rank, here.world)
    loader = DataLoader(
        batches, batch_size=None, sampler=range(training.step, config.steps), num_workers=1, prefetch_factor=4
    )
    log = Log(run, training.step, config.steps, here.rank == 0)
    try:
        training.train(log, loader, Validation(held_day, held_night, config.size, here.device))
    finally:
        log.close()


def smoke(folder: Path, config: Config) -> Path:
    """A complete, tiny training of the configured recipe on made pictures; returns its run directory."""
    from training.daynight.smoke import make_streets

    day, night = (str(make_streets(folder / kind, kind)) for kind in KINDS)
    tiny: dict[str, Any] = {"steps": 4, "batch": 2, "size": 64, "validate_every": 2, "save_every": 2, "start": ""}
    narrow: dict[str, Any] = {"width": 0.25, "discriminator_width": 0.125, "precision": "float32"}
    weightless: dict[str, Any] = {"vgg_weight": 0.0, "kernel_weight": 0.0}  # nothing is fetched
    train(folder / "run", replace(config, day=[day], night=[night], **tiny, **narrow, **weightless))
    return folder / "run"


def begin(run: Path, config: Config, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    check_places(config)
    train(run, config, resume, open_weights(config))


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("daynight", Config, begin, smoke, arguments, __doc__)


if __name__ == "__main__":
    main()
