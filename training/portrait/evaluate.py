"""Measures person masks on portraits and photos without people that they never saw, in one table of networks.

    python -m training.portrait.evaluate RUN [RUN ...]
    python -m training.portrait.evaluate RUN ... --teacher selfie_segmentation.tflite    beside MediaPipe's
    python -m training.portrait.evaluate RUN --portraits SOURCE ... --held-out 1         on other photos, all of them

Writes RUN/evaluation/figures.json and figures.md of each run. Masks are found at 256 px and compared at the photos' own
size; above 0.5 is a person. A frame is a picture of 256 x 256 px, of ours also its mirror image, and the networks take
turns, so that what else the machine does slows all of them alike.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from training.common import runs
from training.common.command import Missing
from training.common.pictures import NoPictures, Pictures
from training.evaluation import command
from training.portrait.load import Loaded, load_mask
from training.portrait.masked import Masked
from training.portrait.networks import SIDE, found, mask_of, shows_anybody
from training.portrait.teacher import Teacher
from training.portrait.validation import FIGURES, false_alarms, is_person, measured

ROUNDS = 15  # of frames that are timed


@dataclass(frozen=True)
class Candidate:
    """A network in the table; `parameters` is None where they are not known."""

    mask: Callable[[Image.Image], np.ndarray]
    frame: Callable[[], Any]
    bytes: int
    parameters: int | None


def of_run(loaded: Loaded) -> Candidate:
    """A run's network, its bytes as it is stored in float16."""
    network, picture = loaded.network, torch.rand(1, 3, SIDE, SIDE)
    frame = torch.no_grad()(partial(found, network, picture))
    count = sum(each.numel() for each in network.parameters())
    stored = sum(each.numel() for each in network.state_dict().values() if each.is_floating_point())
    return Candidate(partial(mask_of, network), frame, 2 * stored, count)


def of_teacher(path: Path) -> Candidate:
    """MediaPipe's network, as large as its file. Raises Missing."""
    teacher = Teacher(path)
    picture = np.random.default_rng(0).random(teacher.picture["shape"], np.float32)
    return Candidate(teacher, partial(teacher.run, picture), path.stat().st_size, None)


def milliseconds(candidates: dict[str, Candidate]) -> dict[str, float]:
    """The median time of a frame by each, run in turns after one to warm up."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS + 1):
        for name, candidate in candidates.items():
            start = time.perf_counter()
            candidate.frame()
            times[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(each[1:]) for name, each in times.items()}


def figures_of(candidate: Candidate, portraits: Masked, empty: Pictures) -> dict[str, float]:
    """As in validation.py, on all of these; and the shares of photos in which the page would find nobody, or anybody.

    The latter two: `missed` of the portraits and `taken_for_people` of the photos without people.
    """
    shown = partial(tqdm, unit="photo", dynamic_ncols=True, leave=False)
    anybody: dict[str, list[bool]] = {"portraits": [], "without people": []}  # noted on the way: masks are large

    def masked(photo: Image.Image, where: str) -> np.ndarray:
        mask = candidate.mask(photo)
        anybody[where].append(shows_anybody(mask))
        return mask

    pairs = (portraits[i] for i in shown(range(len(portraits)), desc="portraits"))
    figures = measured((masked(photo, "portraits"), is_person(mask)) for photo, mask in pairs)
    others = (empty.first_readable(i) for i in shown(range(len(empty)), desc="without people"))
    alarms = false_alarms(masked(photo, "without people") for photo in others)
    shares = {where: float(np.mean(each)) for where, each in anybody.items()}
    return {
        **figures,
        "false_alarms": alarms,
        "missed": 1 - shares["portraits"],
        "taken_for_people": shares["without people"],
    }


def evaluate(
    paths: list[Path], portraits: list[str], empty: list[str], held_out: int, teacher: Path | None
) -> dict[str, dict[str, Any]]:
    """The rows of the table by name; writes them too. What is empty or 0 is as in training.

    Raises NotARun, NoPictures, Missing.
    """
    loaded = {str(path): load_mask(path) for path in paths}
    first = next(iter(loaded.values())).config
    others = [name for name, each in loaded.items() if not _held_alike(each.config, first, portraits, empty, held_out)]
    if others:
        raise runs.NotARun(f"{others[0]} held out other photos than {paths[0]}: measure them one at a time")
    candidates = {name: of_run(each) for name, each in loaded.items()}
    if teacher:
        candidates["MediaPipe"] = of_teacher(teacher)
    held = Masked(portraits or first.portraits).split(held_out or first.held_out)[1]
    without = Pictures(empty or first.backgrounds).split(held_out or first.held_out)[1]
    rows: dict[str, dict[str, Any]] = {
        name: {"parameters": each.parameters, "bytes": each.bytes, **figures_of(each, held, without)}
        for name, each in candidates.items()
    }
    for name, value in milliseconds(candidates).items():
        rows[name]["milliseconds"] = value
    text = table(rows, len(held), len(without))
    for path in paths:
        counts = {"portraits": len(held), "empty": len(without), "threads": torch.get_num_threads()}
        command.write(path, {**counts, **rows[str(path)], "teacher": rows.get("MediaPipe")}, text)
    return rows


def _held_alike(one: Any, other: Any, portraits: list[str], empty: list[str], held_out: int) -> bool:
    """Whether two runs' held-out photos are the same, apart from what the options name."""
    return (
        (bool(held_out) or one.held_out == other.held_out)
        and (bool(portraits) or one.portraits == other.portraits)
        and (bool(empty) or one.backgrounds == other.backgrounds)
    )


def table(rows: dict[str, dict[str, Any]], portraits: int, empty: int) -> str:
    """The rows in Markdown."""
    lines = [
        f"{portraits} portraits and {empty} photos without people, held out; {torch.get_num_threads()} threads",
        "",
        "| network | parameters | bytes | IoU of people | mean IoU | wrong at outline | false alarms | missed | "
        "taken for people | ms a frame |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    yardstick = rows.get("MediaPipe", {}).get("milliseconds")
    for name, row in rows.items():
        count = f"{row['parameters']:,}" if row["parameters"] else "not stated"
        shares = " | ".join(f"{row[each]:.3f}" for each in FIGURES)
        ratio = f" ({row['milliseconds'] / yardstick:.1f} x)" if yardstick else ""
        lines.append(f"| {name} | {count} | {row['bytes']:,} | {shares} | {row['milliseconds']:.1f}{ratio} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="run directories of training.portrait.train")
    parser.add_argument("--portraits", nargs="+", default=[], help="folders or tars (default: those of the training)")
    parser.add_argument("--empty", nargs="+", default=[], help="photos without people (default: the backgrounds)")
    parser.add_argument(
        "--held-out",
        type=int,
        default=0,
        metavar="N",
        help="one in N photos is measured (default: as in the training); 1 for photos that it never saw",
    )
    parser.add_argument("--teacher", type=Path, metavar="FILE", help="MediaPipe's selfie_segmentation.tflite")
    options = parser.parse_args(arguments)
    if options.held_out < 0:
        parser.error("--held-out is 1 or more")
    try:
        evaluate(options.runs, options.portraits, options.empty, options.held_out, options.teacher)
    except (runs.NotARun, NoPictures, Missing) as error:
        sys.exit(str(error))
    print((options.runs[0] / "evaluation" / "figures.md").read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
