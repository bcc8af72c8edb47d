"""Trains networks that invent styles: style vectors of noise (training/synthesis/style_vectors.py).

    python -m training.synthesis.train_vectors                          on the vectors of data/style's pictures, as the
                                                                        published predictor reads them
    python -m training.synthesis.train_vectors --pictures SOURCE ...    on other style pictures: docs/training.md
    python -m training.synthesis.train_vectors --resume runs/style-vectors      continue a stopped run
    python -m training.synthesis.train_vectors --smoke                  a test in seconds, on made pictures
    torchrun --nproc-per-node 4 -m -- training.synthesis.train_vectors  several GPUs, which share `batch`
    python -m training.synthesis.evaluate_vectors runs/style-vectors    how good and how varied its styles are

The pictures are read once, before the first step. samples/ shows a photo painted in what the same noise becomes.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset
from tqdm import tqdm

from training.common import trainer
from training.common.command import command_line, require
from training.common.decoding import read_picture
from training.common.devices import Process
from training.common.grid import save_grid
from training.common.options import BadConfig
from training.common.pictures import NoPictures, Pictures
from training.common.squares import centre_square, random_cut
from training.style.load import Pair, load_pair
from training.style.predictors import view
from training.style.transformer import keeping, towards_styles
from training.synthesis.config import VectorConfig
from training.synthesis.recipe import Adversarial
from training.synthesis.smoke import make_pictures
from training.synthesis.style_vectors import VectorDiscriminator, VectorGenerator
from training.synthesis.validation import SHOWN, distance, noise, variety

ROOT = Path(__file__).resolve().parents[2]
PHOTO = ROOT / "web" / "samples" / "house-at-dusk.jpg"
SIDE = 128  # px of a photo of a sheet
COMPARED = 1000  # real vectors whose distances to one another are the yardstick
LEAST_CUT = 0.5  # of a picture's shorter side, that a random cut has


class Vectors(Dataset):
    """step -> {'vectors': [B,100], 'skipped': []}, of real style vectors [N,100] with the number of broken pictures."""

    def __init__(self, vectors: Tensor, skipped: int, config: VectorConfig, part: int = 0, parts: int = 1):
        self.vectors, self.skipped, self.config = vectors, skipped, config
        self.share = slice(part * config.batch // parts, (part + 1) * config.batch // parts)

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        random = np.random.default_rng((self.config.seed, 1, step))
        numbers = random.choice(len(self.vectors), self.config.batch, replace=False)[self.share]
        return {"vectors": self.vectors[numbers], "skipped": torch.tensor(self.skipped)}


@torch.no_grad()
def real_vectors(pair: Pair, pictures: Pictures, views: int = 0) -> Tensor:
    """The style vectors [N * (1 + views),100] of all pictures: of each its centre, then so many random cuts."""
    found = []
    for i in tqdm(range(len(pictures)), desc="style vectors", unit="picture", dynamic_ncols=True, leave=False):
        picture, random = pictures.first_readable(i), np.random.default_rng((i, 5))
        seen = [picture, *(random_cut(picture, random, LEAST_CUT) for _ in range(views))]
        found.append(pair.predictor(torch.stack([view(each) for each in seen])))
    return keeping(torch.cat(found), 0)


class VectorRecipe(Adversarial):
    """The networks that invent styles, as the trainer trains them."""

    def __init__(self, config: VectorConfig, process: Process):
        if config.batch < 2 * process.world:
            raise BadConfig(f"--batch {config.batch}: each of {process.world} processes needs 2 vectors or more")
        self.config, self.process = config, process
        self.pair, pictures = load_pair(Path(config.pair)), Pictures(config.pictures)
        self.real = real_vectors(self.pair, pictures, config.views)
        named = ", ".join(config.pictures)
        if len(self.real) < config.batch:
            raise NoPictures(f"{named}: {len(pictures)} pictures are too few for --batch {config.batch}: name more")
        self.compared = self.real[:: max(1, len(self.real) // COMPARED)]
        if distance(self.compared) == 0:
            raise NoPictures(f"{named}: all pictures have one style: name other ones")
        self.batches = Vectors(self.real, len(pictures.skipped), config, process.rank, process.world)
        self.noise = noise(SHOWN, config.seed)
        generator, discriminator = VectorGenerator(), VectorDiscriminator()
        generator.begin(self.real)
        discriminator.scale.read(self.real)
        self.generator, self.discriminator = generator, discriminator
        self.begin()

    def update(self, batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
        self.step = step
        return self.learn(batch["vectors"])

    def validate(self, sample: Path) -> tuple[dict[str, float], float]:
        invented = self.generator(self.noise.to(self.process.device)).float().cpu()
        save_grid(sample, list(painted(self.pair, invented).split(8)))
        figures = {"variety": variety(invented, self.compared)}
        return figures, self.score(figures["variety"])

    def published(self) -> dict[str, Any]:
        return {"generator": self.generator.state_dict(), "style_space": self.pair.state["style_space"]}


@torch.no_grad()
def painted(pair: Pair, vectors: Tensor) -> Tensor:
    """A sample photo painted in styles [N,100], [N,3,128,128] in [0,1]."""
    photo = centre_square(read_picture(PHOTO), SIDE)[None]
    return torch.cat([pair.transformer(photo, towards_styles(pair.transformer, each[None])) for each in vectors])


def train(run: Path, config: VectorConfig, resume: bool = False) -> None:
    """Train into the folder `run`. Raises what training.common.trainer.train does, NotARun and NoPictures."""
    config.check()
    trainer.train(run, config, lambda process: VectorRecipe(config, process), resume)


def begin(run: Path, config: VectorConfig, resume: bool) -> None:
    """What the command line asks for. Raises what it turns into one sentence."""
    config.check()
    require({config.pair: "a run of distill/run.py", **dict.fromkeys(config.pictures, "pictures: a folder or tars")})
    train(run, config, resume)


def smoke(folder: Path, config: VectorConfig) -> Path:
    """A complete, tiny training on made pictures; returns its run directory."""
    pair, pictures = str(ROOT / "training" / "style" / "published"), [str(make_pictures(folder / "pictures"))]
    tiny: dict[str, Any] = {"steps": 4, "batch": 4, "validate_every": 2}
    train(folder / "run", replace(config, pair=pair, pictures=pictures, start="", **tiny))
    return folder / "run"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    command_line("style-vectors", VectorConfig, begin, smoke, arguments, __doc__)


if __name__ == "__main__":
    main()
