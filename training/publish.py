"""Publishes a run of any recipe: its networks in float16 (half the size), its configuration and a model card.

    python -m training.publish RUN FOLDER
    python -m training.publish RUN RUN ... FOLDER    of runs that went different ways from one start: their mean

FOLDER becomes a run directory: paint with it, convert it, distil from it (`--teacher`) or start from it (`--start`).

The mean of the weights of such runs is often better than each (model soups, Wortsman et al. 2022, arXiv 2203.05482). It
has the first run's configuration and no figures: measure it.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import torch

from training.common import runs
from training.common.log import NotFinite
from training.common.task import LICENCE
from training.tasks import task_of

CARD = """# A run of the recipe {recipe}

{parameters} in float16, {megabytes:.1f} MB. Everything the training depends on is in `config.json`.

- **Training pictures**: {training_data}
- **Initialisation**: {start}
- **Held-out figures**: {metrics}
- **Licence**: {licence}
"""


def publish(paths: list[Path], folder: Path) -> None:
    """Write best.pt in float16, config.json without folders, the evaluation of one run, and CARD.md. Raises NotARun."""
    run = paths[0]
    task_of(run)
    states, config = [runs.load(path, "best.pt") for path in paths], runs.without_folders(runs.read_config(run))
    state = mean_of(paths, states) if len(paths) > 1 else states[0]
    runs.create_folder(folder, config, samples=False)
    runs.save(folder / "best.pt", {name: _halved(part) for name, part in state.items()})
    figures = run / "evaluation" / "figures.json"
    if len(paths) == 1 and figures.is_file():
        (folder / "evaluation").mkdir(exist_ok=True)
        (folder / "evaluation" / "figures.json").write_bytes(figures.read_bytes())
    (folder / "CARD.md").write_text(_card(state, config, (folder / "best.pt").stat().st_size), encoding="utf-8")


def mean_of(paths: list[Path], states: list[dict]) -> dict:
    """The first run's state with the mean of all runs' floating point weights. Raises NotARun for other networks."""
    first = states[0]
    for path, other in zip(paths, states, strict=True):
        if _shapes(other) != _shapes(first):
            raise runs.NotARun(f"{path} holds other networks than {paths[0]}: name runs of the same ones")
    mean = {name: part for name, part in first.items() if not _is_network(name, part)}
    for name in first.keys() - mean.keys():
        mean[name] = {key: _mean([state[name][key] for state in states]) for key in first[name]}
    return {**mean, "metrics": {"step": max(state["metrics"].get("step", 0) for state in states)}}


def _mean(weights: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack([each.float() for each in weights]).mean(0) if _is_float(weights[0]) else weights[0]


def _shapes(state: dict) -> dict[str, dict[str, torch.Size]]:
    networks = {name: part for name, part in state.items() if _is_network(name, part)}
    return {name: {key: weight.shape for key, weight in part.items()} for name, part in networks.items()}


def _is_network(name: str, part: Any) -> bool:
    return isinstance(part, dict) and name != "metrics"


def _halved(part: Any) -> Any:
    """A network's floating point weights in float16; what else is published stays as it is."""
    if not isinstance(part, dict):
        return part
    return {name: value.half() if _is_float(value) else value for name, value in part.items()}


def _is_float(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _card(state: dict, config: dict, size: int) -> str:
    networks = {name: part for name, part in state.items() if _is_network(name, part)}
    counts = {name: sum(weight.numel() for weight in part.values()) for name, part in networks.items()}
    return CARD.format(
        recipe=config["recipe"],
        parameters=", ".join(f"{name}: {count:,} parameters" for name, count in counts.items()),
        megabytes=size / 1e6,
        training_data=config.get("training_data", "not stated"),
        start=f"started from {config['start']}" if config.get("start") else "from scratch, pretrained networks aside",
        metrics=", ".join(f"{name} {value}" for name, value in state.get("metrics", {}).items()) or "none",
        licence=LICENCE,
    )


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence and exit status 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="a run directory")
    parser.add_argument("folder", type=Path, help="new folder to write, which becomes a run directory")
    options = parser.parse_args(arguments)
    try:
        if options.folder.exists() and any(options.folder.iterdir()):
            raise runs.NotARun(f"{options.folder} is not empty: name a new folder")
        publish(options.runs, options.folder)
    except (runs.NotARun, NotFinite) as error:
        sys.exit(f"publish: {error}")
    print(options.folder)


if __name__ == "__main__":
    main()
