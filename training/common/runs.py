"""A run directory: config.json, last.pt, best.pt, log.jsonl, samples/. The handshake of training and converter.

Each file is written under a temporary name and then renamed, so a kill or a full disk leaves the previous one intact.
"""

import json
import os
import pickle
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from training.common.options import BadConfig

ADVICE = "what was saved is good: begin anew with --start and a lower --learning-rate"


class NotARun(ValueError):
    """A folder that is no run directory, or not of the expected recipe; the message says what to name instead."""


class NoRoom(NotARun):
    """A run directory that takes no more files, because the disk is full or read-only; the message says so."""


class NotFinite(RuntimeError):
    """A loss or a weight became NaN or infinite; the message names it, the step and its batch."""


def create(run: Path, config: Any) -> None:
    """Make the folder and save the recipe's name and its configuration (a training.common.options.Options)."""
    create_folder(run, {"recipe": config.recipe, **asdict(config)})


def create_folder(run: Path, config: dict, samples: bool = True) -> None:
    """Make the folder, with one for samples, and save its configuration. Raises NoRoom."""
    with writing(run):
        (run / "samples" if samples else run).mkdir(parents=True, exist_ok=True)
    write_json(run / "config.json", config)


def read_config(run: Path) -> dict:
    """The saved configuration, `recipe` among it. Raises NotARun."""
    try:
        return json.loads((run / "config.json").read_text())
    except (OSError, ValueError) as error:
        raise NotARun(
            f"{run} is no run directory (no readable config.json): name a folder that a training wrote"
        ) from error


def without_folders(value: Any) -> Any:
    """A configuration with paths cut to their last part: where things lay is of no use to others.

    Addresses lose what may be secret: a user's name, a password, a signature.
    """
    if isinstance(value, dict):
        return {key: without_folders(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_folders(each) for each in value]
    if isinstance(value, str) and "://" in value:
        return re.sub(r"(://)[^/@]*@|[?#].*", r"\1", value)
    return Path(value).name if isinstance(value, str) and value.startswith(("/", ".", "~")) else value


def check_recipe(run: Path, config: dict, recipes: Collection[str]) -> None:
    """Raises NotARun where the saved configuration is not of one of these recipes."""
    if config.get("recipe") not in recipes:
        raise NotARun(
            f"{run} is a run of the recipe {config.get('recipe')}, not of {' or '.join(recipes)}: "
            "continue it with the command that started it"
        )


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Says in one sentence what keeps files from being written. Raises NoRoom."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # PyTorch's writer hides the one behind the other
        causes = [e for e in (error, error.__context__) if isinstance(e, OSError)]
        if not causes:
            raise
        raise NoRoom(
            f"{path} cannot be written ({causes[0].strerror}): what was saved before is whole; "
            "make room, then go on with --resume"
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to; it becomes `path` once all is written, and vanishes otherwise. Raises NoRoom."""
    beside = path.with_name(path.name + ".new")
    try:
        with writing(path):
            yield beside
            os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: Any) -> None:
    """Write JSON in place of `path`. Raises NoRoom."""
    with replacing(path) as beside:
        beside.write_text(json.dumps(value, indent=1) + "\n")


def save(path: Path, state: dict) -> None:
    """Write a checkpoint in place of `path`. Raises NoRoom, and NotFinite for a weight that is NaN or infinite."""
    check_finite(state, path.name)
    with replacing(path) as beside, open(beside, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())


def check_finite(value: Any, name: str) -> None:
    """Raises NotFinite naming the first tensor within dicts and lists that holds a NaN or an infinity."""
    if isinstance(value, torch.Tensor):
        if value.is_floating_point() and not value.isfinite().all():
            raise NotFinite(f"{name} is no longer finite, so it is not saved: {ADVICE}")
    elif isinstance(value, dict):
        for key, part in value.items():
            check_finite(part, f"{name}: {key}" if name.endswith(".pt") else f"{name}.{key}")
    elif isinstance(value, list | tuple):
        for part in value:
            check_finite(part, name)


def load(run: Path, name: str = "last.pt") -> dict:
    """A checkpoint on the CPU. Raises NotARun."""
    try:
        return torch.load(run / name, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise NotARun(f"{run} holds no readable {name}: train first, or name another run directory") from error


@contextmanager
def fitting(run: Path) -> Iterator[None]:
    """Around what builds a run's networks and gives them its weights. Raises NotARun where they do not fit."""
    try:
        yield
    except BadConfig as error:
        raise NotARun(f"{run}: {error}") from error
    except (KeyError, RuntimeError) as error:
        raise NotARun(f"{run} was trained with another network layout: train it again") from error
