"""A run directory: config.json, last.pt, best.pt, log.jsonl, samples/. The handshake of training and converter.

Files are written beside and renamed, so that a kill at any moment leaves the former one whole.
"""

import json
import os
import pickle
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch


class NotARun(ValueError):
    """A folder that is no run directory, or not of the expected recipe; the message says what to name instead."""


def create(run: Path, recipe: str, config: Any) -> None:
    """Make the folder and save the recipe's name and its configuration (a dataclass)."""
    create_folder(run, {"recipe": recipe, **asdict(config)})


def create_folder(run: Path, config: dict) -> None:
    """Make the folder and save its configuration."""
    (run / "samples").mkdir(parents=True, exist_ok=True)
    write_json(run / "config.json", config)


def read_config(run: Path) -> dict:
    """The saved configuration, `recipe` among it. Raises NotARun."""
    try:
        return json.loads((run / "config.json").read_text())
    except (OSError, ValueError) as error:
        raise NotARun(
            f"{run} is no run directory (no readable config.json): name a folder that a training wrote"
        ) from error


def write_json(path: Path, value: Any) -> None:
    """Write JSON beside `path` and rename."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(value, indent=1) + "\n")
    os.replace(beside, path)


def save(path: Path, state: dict) -> None:
    """Write a checkpoint beside `path` and rename."""
    beside = path.with_name(path.name + ".new")
    with open(beside, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def load(run: Path, name: str = "last.pt") -> dict:
    """A checkpoint on the CPU. Raises NotARun."""
    try:
        return torch.load(run / name, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise NotARun(f"{run} holds no readable {name}: train first, or name another run directory") from error
