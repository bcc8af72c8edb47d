"""Trains the network that says what the land of a night is by day: training/daynight/daylight.py.

    python -m training.daynight.train_daylight                  pictures from data/day and data/night
    python -m training.daynight.train_daylight --scene RUN      beside the scene network of a run of train_scene.py
    python -m training.daynight.train_daylight --resume runs/daylight    continue a stopped run
    python -m training.daynight.train_daylight --smoke          a test in seconds, on made pictures
    torchrun --nproc-per-node 4 -m -- training.daynight.train_daylight   several GPUs, which share `batch`

Photos by day are turned into nights (made_nights.py), so their days are known. Real nights are seen as well: their days
should look like photos by day to a discriminator. samples/ shows held-out made nights, what the network makes of them
and their days, then real nights and what it makes of them.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.common import trainer
from training.common.command import command_line, require
from training.common.devices import Process
from training.common.grid import save_grid
from training.common.optimisers import one_cycle
from training.common.pictures import Pictures
from training.common.recipe import Recipe
from training.common.runs import NotARun
from training.daynight.config import DaylightConfig
from training.daynight.constants import DOMAINS
from training.daynight.daylight import Daylight, brightened
from training.daynight.daylight_batches import DaylightBatches
from training.daynight.discriminators import MultiscaleDiscriminator
from training.daynight.load import load_translators
from training.daynight.losses import discriminator_loss, generator_loss
from training.daynight.relit import Relit, seen
from training.daynight.scene import SceneNetwork
from training.daynight.smoke import make_streets

WIDTH = 0.25  # of the discriminator
PALE = (0.82, 0.86, 0.90)  # what stands for the sky where pictures are compared: skies are made, not learnt
SKY_SHARE = 0.25  # of the weight of the land, where the sky's pixels are compared
COARSE, COARSE_WEIGHT = (8, 32), 0.7  # px: means of squares are compared too
FEATURES, FEATURES_WEIGHT = (24, 32, 96), 0.25  # stages of the scene network's encoder
SKY_WEIGHT, REAL_SKY_WEIGHT, PIXELS_WEIGHT = 0.5, 0.25, 2.0
SURE = 0.4  # from 0.5 on: where the scene network is so sure of a real night's sky, it is learnt from
SHOWN = 8


class DaylightLosses(nn.Module):
    """The daylight network and its losses, as a step calls it."""

    def __init__(self, daylight: Daylight, scene: SceneNetwork, config: DaylightConfig):
        super().__init__()
        self.daylight, self.config = daylight, config
        self._scene = [scene]  # in a list, so that it is no part of what learns

    def forward(self, batch: dict[str, Tensor], discriminator: nn.Module) -> tuple[dict[str, Tensor], Tensor]:
        """Losses by name, [], the `total` among them; and the days it made, under a pale sky, detached."""
        made, day, sky, night = (batch[name] for name in ("made", "day", "sky", "night"))
        photos, scene = torch.cat([made, night]), self._scene[0]
        with torch.no_grad():
            layers = seen(scene, photos)
        maps = self.daylight(photos, layers)
        days, found = brightened(photos, maps)
        count = len(made)
        mine, real = pale(days[:count], sky), pale(days[count:], found[count:].detach())
        losses = {
            "pixels": pixels_distance(days[:count], day, sky),
            "features": features_distance(scene, mine, pale(day, sky)),
            "sky": F.binary_cross_entropy_with_logits(maps[:count, 7:], sky),
            "real_sky": sure_entropy(maps[count:, 7:], layers[count:, :1]),
            "adversarial": generator_loss(discriminator(torch.cat([mine[::2], real]))),
        }
        losses["total"] = (
            PIXELS_WEIGHT * losses["pixels"]
            + FEATURES_WEIGHT * losses["features"]
            + SKY_WEIGHT * losses["sky"]
            + REAL_SKY_WEIGHT * losses["real_sky"]
            + self.config.adversarial_weight * losses["adversarial"]
        )
        return losses, torch.cat([mine[::2], real]).detach()


def pale(pictures: Tensor, sky: Tensor) -> Tensor:
    """Pictures [N,3,H,W] with one colour in place of their skies."""
    colour = torch.tensor(PALE, device=pictures.device).view(1, 3, 1, 1)
    return pictures + sky * (colour - pictures)


def pixels_distance(found: Tensor, day: Tensor, sky: Tensor) -> Tensor:
    """Mean absolute differences of pictures [N,3,H,W] and of their coarse means, the land's above all, []."""
    apart = (found - day) * (1 - (1 - SKY_SHARE) * sky)
    coarse = torch.stack([F.avg_pool2d(apart, side).abs().mean() for side in COARSE])
    return apart.abs().mean() + COARSE_WEIGHT * coarse.sum()


def features_distance(scene: SceneNetwork, found: Tensor, day: Tensor) -> Tensor:
    """Mean absolute differences of what the scene network's encoder sees, relative to the day's, []."""
    with torch.no_grad():
        wanted = scene.encoder(day)
    features = scene.encoder(found)
    each = [(features[k] - wanted[k]).abs().mean() / (wanted[k].abs().mean() + 0.1) for k in FEATURES]
    return torch.stack(each).sum()


def sure_entropy(logits: Tensor, likely: Tensor) -> Tensor:
    """Cross entropy of the sky's logits with what the scene network says, both [N,1,H,W], where it is sure, []."""
    sure = (likely - 0.5).abs() > SURE
    entropy = F.binary_cross_entropy_with_logits(logits, (likely > 0.5).to(logits), reduction="none")
    return (entropy * sure).mean()


class DaylightRecipe(Recipe):
    """The daylight network as the trainer trains it."""

    averaged = ("daylight",)

    def __init__(self, config: DaylightConfig, scene: SceneNetwork, process: Process):
        self.config, self.process = config, process
        (day, held_day), (night, held_night) = (
            Pictures(sources).split(config.held_out) for sources in (config.day, config.night)
        )
        self.batches = DaylightBatches(scene, day, night, config, process.rank, process.world)
        shown = replace(config, batch=2 * SHOWN, seed=config.seed + 1)
        self.held = DaylightBatches(scene, held_day, held_night, shown)[0]
        self.scene = process.move(scene)
        self.daylight, self.discriminator = process.move(Daylight()), process.move(MultiscaleDiscriminator(WIDTH))
        losses = DaylightLosses(self.daylight, self.scene, config)
        self.parallel = process.parallel(losses), process.parallel(self.discriminator)
        self._optimisers: dict[str, torch.optim.Optimizer] = {
            "daylight": torch.optim.Adam(self.daylight.parameters(), config.learning_rate, betas=(0.8, 0.99)),
            "discriminator": torch.optim.Adam(self.discriminator.parameters(), 2e-4, betas=(0.5, 0.99)),
        }
        self.schedule = one_cycle(self._optimisers["daylight"], config.steps)

    def networks(self) -> dict[str, nn.Module]:
        return {"daylight": self.daylight, "discriminator": self.discriminator}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return self._optimisers

    def schedules(self) -> dict[str, torch.optim.lr_scheduler.LRScheduler]:
        return {"daylight": self.schedule}

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        losses, days = self._learn(batch)
        self.schedule.step()
        self.discriminator.requires_grad_(True)
        with self.process.autocast(self.config.precision):
            real, made = (self.parallel[1](each) for each in (pale(batch["day"], batch["sky"]), days))
            losses["discriminator"] = discriminator_loss(real, made)
        self._descend("discriminator", losses["discriminator"])
        return losses

    def _learn(self, batch: dict[str, Tensor]) -> tuple[dict[str, Tensor], Tensor]:
        self.discriminator.requires_grad_(False)
        with self.process.autocast(self.config.precision):
            losses, days = self.parallel[0](batch, self.discriminator)
        self._descend("daylight", losses["total"])
        return losses, days

    def _descend(self, name: str, loss: Tensor) -> None:
        self._optimisers[name].zero_grad(set_to_none=True)
        loss.backward()
        self._optimisers[name].step()

    def validate(self, sample: Path) -> tuple[dict[str, float], float]:
        """How far held-out made nights are from their days, which counts; their skies' intersection over union."""
        held = {name: each.to(self.process.device) for name, each in self.held.items()}
        found, skies = self._day_of(held["made"])
        by_day, _ = self._day_of(held["night"])
        rows = [held["made"], found, held["day"], held["night"], by_day]
        save_grid(sample, [row[:SHOWN].cpu() for row in rows])
        there, drawn = skies > 0.5, held["sky"] > 0.5
        error = pixels_distance(found, held["day"], held["sky"]).item()
        union = max(1, int((there | drawn).sum()))
        return {"error": error, "sky": int((there & drawn).sum()) / union}, error

    def _day_of(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        return brightened(photos, self.daylight(photos, seen(self.scene, photos)))

    def published(self) -> dict[str, Any]:
        return {"scene": self.scene.state_dict(), "daylight": self.daylight.state_dict()}


def scene_of(run: str) -> SceneNetwork:
    """The scene network of a run, frozen. Raises NotARun."""
    network = load_translators(Path(run)).network
    if not isinstance(network, Relit):
        raise NotARun(f"{run} has no scene network: name a run of training.daynight.train_scene")
    return network.scene.requires_grad_(False)


def train(run: Path, config: DaylightConfig, resume: bool = False, scene: SceneNetwork | None = None) -> None:
    """Train into the folder `run`; `scene`: the smoke test's, in place of the configured run's."""
    config.check()
    known = scene or scene_of(config.scene)
    trainer.train(run, config, lambda process: DaylightRecipe(config, known, process), resume)


def begin(run: Path, config: DaylightConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    wanted = {config.scene: "a run of training.daynight.train_scene"}
    for name in DOMAINS:
        wanted |= dict.fromkeys(getattr(config, name), f"{name} pictures: a folder or tars of JPEGs")
    require(wanted)
    train(run, config, resume)


def smoke(folder: Path, config: DaylightConfig) -> Path:
    """A complete, tiny training on made pictures, beside an untrained scene network; returns its run directory."""
    day, night = (str(make_streets(folder / domain, domain)) for domain in DOMAINS)
    tiny: dict[str, Any] = {"steps": 4, "batch": 2, "size": 64, "validate_every": 2, "save_every": 2, "start": ""}
    scene = SceneNetwork().eval().requires_grad_(False)
    train(folder / "run", replace(config, day=[day], night=[night], precision="float32", **tiny), scene=scene)
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("daylight", DaylightConfig, begin, smoke, arguments, __doc__)


if __name__ == "__main__":
    main()
