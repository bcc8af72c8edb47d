"""What the distillation saves: bytes and mean time of the teacher's networks and of the published ones.

The teacher comes as a run directory (training/style/train.py) and is converted here, in float16; both run in turn in
one page.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from bench.harness import Harness, Run
from bench.speed import inputs_of
from converter.run import convert_run

SIDES = {"style-predictor": (256,), "style-transformer": (256, 512)}  # px


@dataclass(frozen=True)
class Network:
    """A published graph: its bytes, model.json included, and its mean milliseconds by side of the picture."""

    bytes: int
    times: dict[int, float]


@dataclass(frozen=True)
class Saving:
    """One network before and after."""

    name: str
    teacher: Network
    student: Network


def converted(teacher: Path, out: Path) -> Path:
    """The teacher's graphs, as folders in `out`. Raises what converter.run.convert_run does."""
    convert_run(teacher, "float16", out)
    return out


def compare(harness: Harness, teacher: Path, student: Path, repeats: int) -> list[Saving]:
    """Both networks of two folders of published graphs."""
    return [
        Saving(name, *networks(harness, [teacher / name, student / name], sides, repeats))
        for name, sides in SIDES.items()
    ]


def networks(harness: Harness, folders: Sequence[Path], sides: Sequence[int], repeats: int) -> list[Network]:
    """Graphs of one task, timed in turn."""
    manifests = [json.loads((folder / "manifest.json").read_text()) for folder in folders]
    names = ["teacher", "student"]
    for name, folder in zip(names, folders, strict=True):
        harness.load(name, folder / "model.json")
    times: list[dict[int, float]] = [{}, {}]
    for side in sides:
        runs = [Run(name, inputs_of(manifest, side)) for name, manifest in zip(names, manifests, strict=True)]
        for by_side, measured in zip(times, harness.time(runs, repeats), strict=True):
            by_side[side] = mean(measured)
    sizes = [sum(file["bytes"] for file in manifest["files"]) for manifest in manifests]
    return [Network(size, by_side) for size, by_side in zip(sizes, times, strict=True)]


def table(savings: Sequence[Saving]) -> str:
    """Before, after and their ratio, a line for the bytes and one for each time, as aligned text."""
    head = f"  {'':<17} {'':<14} {'teacher':>10} {'student':>10} {'ratio':>7}"
    return "\n".join([head, *(line for saving in savings for line in lines(saving))])


def lines(saving: Saving) -> list[str]:
    """The lines of one network."""
    before, after = saving.teacher, saving.student
    figures = [("bytes, MB", before.bytes / 1e6, after.bytes / 1e6, 2)]
    figures += [(f"{side} px, ms", time, after.times[side], 1) for side, time in before.times.items()]
    form = "  {:<17} {:<14} {:10.{digits}f} {:10.{digits}f} {:6.1f}x"
    return [form.format(saving.name, what, a, b, a / b, digits=digits) for what, a, b, digits in figures]
