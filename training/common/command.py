"""The command line of every recipe: a new training, --resume or --smoke; input problems end in one sentence."""

import argparse
import dataclasses
import sys
import tempfile
from collections.abc import Callable, Collection
from contextlib import chdir
from pathlib import Path
from typing import Any, TypeVar

from training.common import runs
from training.common.devices import Lost, this_process
from training.common.log import NotFinite
from training.common.options import BadConfig, Options, add_options, from_json, given
from training.common.pictures import NoPictures
from training.common.shards import expanded, is_address
from training.common.trainer import check_resumable

Config = TypeVar("Config", bound=Options)


class Missing(ValueError):
    """Pictures or weights are missing; the message names all of them."""


def require(wanted: dict[str, str]) -> None:
    """Raises Missing naming, in one message, each path of {path: what it holds} that is not there.

    Addresses are left to whoever downloads them.
    """
    missing = [f"{path} ({what})" for path, what in wanted.items() if not is_address(path) and not _there(path)]
    if missing:
        raise Missing(f"{'; '.join(missing)} not found: add it as the README describes, or name other folders (--help)")


def _there(path: str) -> bool:
    return Path(path).exists() or all(Path(each).exists() for each in expanded(path))


def command_line(
    name: str,
    config: type[Config],
    train: Callable[[Path, Config, bool], None],
    smoke: Callable[[Path, Config], Path],
    arguments: list[str] | None,
    about: str | None,
    recipes: Collection[str] = (),
    defaults: Callable[[dict[str, Any]], dict[str, Any]] = lambda given: {},
) -> None:
    """What a recipe's `main` does: `train(run, config, resume)` or `smoke(folder, config)`, else exit status 1.

    `recipes` are those that the command trains, its `name` alone if none is named. `defaults` gives values of options
    that depend on the options that were given.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path(f"runs/{name}"), help="run directory to write")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="run directory to continue, with its saved options")
    parser.add_argument(
        "--smoke", action="store_true", help="test the whole training in seconds, on generated pictures"
    )
    add_options(parser, config)
    options = parser.parse_args(arguments)
    try:
        this_process()  # first of all, so that the others notice when this one ends
        named = given(config, options)
        if options.smoke:
            print(f"works: {_smoked(name, smoke, config(**{**defaults(named), **named}))}")
        elif options.resume:
            train(options.resume, _resumed(options, config, recipes or (name,)), True)
        elif (options.run / "last.pt").exists():
            message = f"already holds a training: continue it with --resume {options.run}, or name another --run"
            raise runs.NotARun(f"{options.run} {message}")
        else:
            train(options.run, config(**{**defaults(named), **named}), False)
    except (BadConfig, Missing, NoPictures, runs.NotARun, NotFinite, Lost) as error:
        sys.exit(f"{name}: {error}")


def _smoked(name: str, smoke: Callable[[Path, Config], Path], config: Config) -> Path:
    """The run directory of a smoke test, in a new folder; its paths are relative, the same for several processes."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    with chdir(folder):
        return folder / smoke(Path(), config)


def _resumed(options: argparse.Namespace, config: type[Config], recipes: Collection[str]) -> Config:
    """The saved configuration with the options that are given, which are refused where they cannot change."""
    saved = runs.read_config(options.resume)
    runs.check_recipe(options.resume, saved, recipes)
    wanted = dataclasses.replace(from_json(config, saved), **given(config, options))
    check_resumable(options.resume, wanted)
    return wanted
