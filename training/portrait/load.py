"""Opens the network of a run directory: a person mask, or a SANet."""

from dataclasses import dataclass
from pathlib import Path

from training.common import runs
from training.common.options import from_json
from training.portrait.config import MaskConfig, SanetConfig
from training.portrait.mask import MaskNetwork
from training.portrait.networks import network_of
from training.portrait.sanet import SaNet
from training.portrait.segnet import SegNet


@dataclass(frozen=True)
class Loaded:
    """A run's network in eval mode; `config` its options and `saved` its config.json as it lies there.

    `metrics` are the figures of its last validation.
    """

    network: MaskNetwork | SegNet
    config: MaskConfig
    saved: dict
    metrics: dict


def load_mask(run: Path, name: str = "best.pt") -> Loaded:
    """The network of `run`. Raises NotARun."""
    saved, state = runs.read_config(run), runs.load(run, name)
    if saved.get("recipe") != MaskConfig.recipe or "mask" not in state:
        raise runs.NotARun(
            f"{run} holds no person mask (recipe {saved.get('recipe')}): name a run of training.portrait.train"
        )
    with runs.fitting(run):
        config = from_json(MaskConfig, saved)
        network = network_of(config.network, config.width)
        network.load_state_dict(state["mask"])
    return Loaded(network.eval(), config, saved, state["metrics"])


def load_sanet(run: Path, name: str = "best.pt") -> SaNet:
    """The SANet of `run`, in eval mode. Raises NotARun."""
    saved, state = runs.read_config(run), runs.load(run, name)
    if saved.get("recipe") != SanetConfig.recipe or "sanet" not in state:
        raise runs.NotARun(
            f"{run} holds no SANet (recipe {saved.get('recipe')}): name a run of training.portrait.train_sanet"
        )
    with runs.fitting(run):
        network = SaNet(from_json(SanetConfig, saved).levels)
        network.load_state_dict(state["sanet"])
    return network.eval()
