"""What the commands that measure a run have in common: their options, and the files that they write."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from training.common import runs


def add_options(parser: argparse.ArgumentParser, size: int, held_out: int, as_trained: str, measured: str) -> None:
    """Adds --held-out, --weights, --size and --limit; `size` and `held_out` are the defaults, 0 is as in training."""
    parser.add_argument(
        "--held-out",
        type=int,
        default=held_out,
        metavar="N",
        help=f"one in N pictures is measured (default: {as_trained}); 1 for pictures that it never saw",
    )
    parser.add_argument(
        "--weights",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help="folders or files of ImageNet weights, 'torchvision' or 'torch-fidelity' (default: the training's)",
    )
    parser.add_argument("--size", type=int, default=size, help=f"side of the squares, px (default: {size})")
    parser.add_argument("--limit", type=int, default=0, help=f"at most so many {measured} (default: all)")


def parsed(parser: argparse.ArgumentParser, arguments: Sequence[str] | None, smallest: int) -> argparse.Namespace:
    """The options, checked; ends with a sentence on what is wrong with them."""
    options = parser.parse_args(arguments)
    if options.size < smallest or options.size % 8:
        parser.error(f"--size is a multiple of 8, at least {smallest}")
    if options.held_out < min(1, parser.get_default("held_out")):
        parser.error("--held-out is 1 or more")
    return options


def write(run: Path, figures: dict, table: str) -> None:
    """RUN/evaluation/figures.json, and the same to read as figures.md."""
    out = run / "evaluation"
    out.mkdir(exist_ok=True)
    runs.write_json(out / "figures.json", figures)
    (out / "figures.md").write_text(table, encoding="utf-8")
