"""The command line that every recipe has: begin, --resume or --smoke, and problems of input in one sentence."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from training.common import runs
from training.common.config import add_options, from_json, from_options
from training.common.log import NotFinite
from training.common.pictures import NoPictures

Config = TypeVar("Config")


class Missing(ValueError):
    """Pictures or weights that are not there; the message names all of them."""


class BadConfig(ValueError):
    """Options that cannot work, alone or together; the message says which and what to name instead."""


def require(wanted: dict[str, str]) -> None:
    """Raises Missing naming, in one message, each place of {place: what it holds} that is not there."""
    missing = [f"{place} ({what})" for place, what in wanted.items() if not Path(place).exists()]
    if missing:
        raise Missing(f"put {'; '.join(missing)} there as the README says, or name other places (--help)")


def command_line(
    name: str,
    config: type[Config],
    train: Callable[[Path, Config, bool], None],
    smoke: Callable[[Path, Config], Path],
    arguments: list[str] | None,
    about: str | None,
) -> None:
    """What a recipe's `main` does: `train(run, config, resume)` or `smoke(folder, config)`, else exit status 1."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path(f"runs/{name}"), help="run directory to write")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="run directory to go on with, as it was configured")
    parser.add_argument("--smoke", action="store_true", help="try everything in seconds, on made pictures")
    add_options(parser, config)
    options = parser.parse_args(arguments)
    try:
        if options.smoke:
            print(f"works: {smoke(Path(tempfile.mkdtemp(prefix=f'{name}-')), from_options(config, options))}")
        else:
            _train_from(options, config, train)
    except (BadConfig, Missing, NoPictures, runs.NotARun, NotFinite) as error:
        sys.exit(f"{name}: {error}")


def _train_from(options: argparse.Namespace, config: type[Config], train: Callable[[Path, Config, bool], None]) -> None:
    run = options.resume or options.run
    if options.resume:
        train(run, from_json(config, runs.read_config(run)), True)
    elif (run / "last.pt").exists():
        raise runs.NotARun(f"{run} holds a training already: go on with --resume {run}, or name another --run")
    else:
        train(run, from_options(config, options), False)
