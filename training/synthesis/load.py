"""Opens the generator of a run directory: of pictures or of style vectors."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from training.common import runs
from training.common.options import from_json
from training.synthesis import pggan
from training.synthesis.config import SynthesisConfig, VectorConfig
from training.synthesis.layers import without_parametrizations
from training.synthesis.networks import networks_of
from training.synthesis.style_vectors import VectorGenerator
from training.synthesis.validation import noise

AT_ONCE = 64  # pictures


@dataclass(frozen=True)
class Loaded:
    """A run's generator in eval mode; `config` its options and `saved` its config.json as it lies there.

    The generator turns noise [N,128] into pictures [N,3,side,side] in [0,1]. `metrics` are the figures of its last
    validation.
    """

    generator: nn.Module
    side: int
    config: SynthesisConfig
    saved: dict
    metrics: dict

    @torch.no_grad()
    def invented(self, vectors: Tensor) -> Tensor:
        """Noise [N,128] -> pictures [N,3,side,side] in [0,1]."""
        return torch.cat([self.generator(part) for part in vectors.split(AT_ONCE)])

    def samples(self, count: int, seed: int = 0) -> Tensor:
        """So many pictures, the same for the same seed."""
        return self.invented(noise(count, seed))


def load_generator(run: Path, name: str = "best.pt") -> Loaded:
    """The generator of `run`, without parametrisations. Raises NotARun."""
    saved, state = runs.read_config(run), runs.load(run, name)
    if saved.get("recipe") != SynthesisConfig.recipe or "generator" not in state:
        raise runs.NotARun(
            f"{run} holds no generator (recipe {saved.get('recipe')}): name a run of training.synthesis.train"
        )
    with runs.fitting(run):
        config = from_json(SynthesisConfig, saved)
        generator, _ = networks_of(config)
        if isinstance(generator, pggan.Generator):
            generator.grow_to(state["side"], state["alpha"])
        generator.load_state_dict(state["generator"])
    return Loaded(without_parametrizations(generator), state["side"], config, saved, state["metrics"])


@dataclass(frozen=True)
class LoadedVectors:
    """A run's generator of style vectors, in eval mode, and the style space that they are of; the rest as Loaded's."""

    generator: VectorGenerator
    style_space: str
    config: VectorConfig
    saved: dict
    metrics: dict


def load_vectors(run: Path) -> LoadedVectors:
    """Raises NotARun."""
    saved, state = runs.read_config(run), runs.load(run, "best.pt")
    runs.check_recipe(run, saved, [VectorConfig.recipe])
    generator = VectorGenerator().eval()
    with runs.fitting(run):
        config = from_json(VectorConfig, saved)
        generator.load_state_dict(state["generator"])
        space = state["style_space"]
    return LoadedVectors(generator, space, config, saved, state["metrics"])
