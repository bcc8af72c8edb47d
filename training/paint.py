"""Paints or translates a folder of pictures at their full size with the networks of a run directory.

    python -m training.paint RUN PICTURES --out FOLDER --style PICTURE               in a style
    python -m training.paint RUN PICTURES --out FOLDER --mode day-to-night           or night-to-day
    python -m training.paint RUN PICTURES --out FOLDER --mode person-mask            white where people are
    python -m training.paint … --strength 60                                         0 is the photo, 100 the full effect
    python -m training.paint … --style PICTURE --stroke-size 2 --keep-colours        larger strokes, the photo's colours
    python -m training.paint … --style PICTURE --boldness 80                         50 is usual
    torchrun --nproc-per-node 4 -m -- training.paint RUN PICTURES --out FOLDER …     shared out among processes

PICTURES is one picture, or a folder that is searched with its subfolders. Results have the names, sizes and formats of
their pictures. They are upright, in sRGB and without metadata (no place, no camera). Existing files are kept, so the
same command continues after an interruption. At the end, broken pictures and results that do not fit on
the disk are listed. Several processes, on one machine or on many that share the folders, end with one list.
"""

import argparse
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from training.common.decoding import decode, on_white, printable
from training.common.devices import Lost, Process, this_process
from training.common.finding import Found, search
from training.common.runs import NotARun
from training.common.task import BadRequest, Painter, Request
from training.tasks import TASKS, task_of

MODES = [mode for task in TASKS.values() for mode in task.modes]
LARGEST = 50_000_000  # pixels
LOSSY = ("WEBP", "AVIF")
SMALLEST_STROKES, LARGEST_STROKES = 1, 3
LONGEST = timedelta(days=30)  # that a process waits for the one with the slowest pictures


class BadPicture(ValueError):
    """A picture that cannot be opened or is too large; the message says which and why."""


class NotWritten(OSError):
    """A result that cannot be written; the message says which and why."""


def open_picture(path: Path) -> tuple[Image.Image, str]:
    """The picture upright and in sRGB, RGB or RGBA, and its format. Raises BadPicture."""
    try:
        return decode(path.read_bytes(), LARGEST)
    except OSError as error:
        raise BadPicture(f"{printable(str(path))}: {error.strerror or error}") from error


def save_picture(picture: Image.Image, path: Path, kind: str) -> None:
    """Write in the given format, without metadata, and rename. Raises NotWritten and leaves no file."""
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {"quality": 95} if kind in LOSSY else {}
    beside = path.with_name(f".painting-{os.environ.get('RANK', 0)}-{os.getpid()}")
    try:
        encoded = BytesIO()
        Image.fromarray(np.asarray(picture)).save(encoded, kind, **options)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(encoded.getbuffer())
        os.replace(beside, path)
    except Exception as error:  # encoders have limits of their own, each with another exception
        reason = getattr(error, "strerror", None) or printable(str(error))
        raise NotWritten(f"{printable(str(path))}: cannot be written ({reason})") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def painted(picture: Image.Image, painter: Painter) -> Image.Image:
    """The painter's result; what is transparent lies on white for it, and stays transparent."""
    if picture.mode != "RGBA":
        return painter(picture)
    result = painter(on_white(picture))
    result.putalpha(picture.getchannel("A"))
    return result


def painter_of(options: argparse.Namespace) -> Painter:
    """The painter that a run directory and the options make. Raises NotARun, BadRequest, BadPicture."""
    if (options.style is None) == (options.mode is None):
        raise BadRequest("name either a style picture (--style) or a --mode")
    if options.mode and (options.keep_colours or options.stroke_size != 1 or options.boldness is not None):
        raise BadRequest("--stroke-size, --keep-colours and --boldness are for --style: leave them out")
    picture = on_white(open_picture(options.style)[0]) if options.style else None
    if options.style and (options.hour is not None or options.lights != 1):
        raise BadRequest("--hour and --lights are for --mode: leave them out")
    strokes, hour = (options.stroke_size, options.keep_colours, options.boldness), (options.hour, options.lights)
    request = Request(picture, options.mode, options.strength, *strokes, *hour)
    return task_of(options.run).painter(options.run, request)


def pictures_of(source: Path, out: Path) -> list[tuple[Path, Path]]:
    """Each picture and where its result goes; what lies in `out` itself is no source. Raises BadRequest."""
    if not source.exists():
        raise BadRequest(f"{printable(str(source))}: no such folder or picture")
    root = source if source.is_dir() else source.parent
    if root.resolve() == out.resolve():
        raise BadRequest(f"{printable(str(out))} holds the pictures themselves: name another folder with --out")
    found = search(source) if source.is_dir() else Found([source.name])
    results = None if root.resolve().is_relative_to(out.resolve()) else out.resolve()
    names = [n for n in sorted(found.pictures) if not (results and (root / n).resolve().is_relative_to(results))]
    if not names:
        raise BadRequest("; ".join([f"{printable(str(source))} holds no picture that can be read", *found.left_out()]))
    if found.left_out():
        print(f"skipped in {printable(str(source))}: {'; '.join(found.left_out())}", file=sys.stderr)
    return [(root / name, out / name) for name in names]


def check_folder(out: Path) -> None:
    """Raises BadRequest where no folder `out` can be made or written to."""
    there = next(path for path in (out, *out.absolute().parents) if os.path.lexists(path))
    if not there.is_dir():
        raise BadRequest(f"{printable(str(there))} is no folder: name another one with --out")
    if not os.access(there, os.W_OK | os.X_OK):
        raise BadRequest(f"{printable(str(there))} cannot be written to: name another folder with --out")


@dataclass
class Done:
    """What became of the pictures: how many were painted, whose results were there already, and what was wrong."""

    painted: int = 0
    there: list[Path] = field(default_factory=list)
    wrong: list[BadPicture | NotWritten] = field(default_factory=list)

    def add(self, other: "Done") -> None:
        """Take over what became of further pictures."""
        self.painted += other.painted
        self.there += other.there
        self.wrong += other.wrong

    def lines(self, count: int, out: Path) -> list[str]:
        """The list to end with, for `count` pictures."""
        kept = f"{len(self.there)} were there already and were left as they are, such as "
        return [
            *sorted(map(str, self.wrong)),
            *([kept + printable(str(min(self.there)))] if self.there else []),
            f"{self.painted + len(self.there)} of {count} pictures are in {printable(str(out))}",
        ]

    @property
    def status(self) -> int:
        """1 where there is no result at all, or one could not be written."""
        nothing = not self.painted and not self.there
        return int(nothing or any(isinstance(error, NotWritten) for error in self.wrong))


def paint_all(pairs: list[tuple[Path, Path]], painter: Painter, shows: bool = True) -> Done:
    """Paint each (picture, result) whose result does not exist; `shows` a progress bar."""
    done = Done()
    for source, target in tqdm(pairs, desc="painting", unit="picture", dynamic_ncols=True, disable=not shows):
        if os.path.lexists(target):
            done.there.append(target)
            continue
        try:
            picture, kind = open_picture(source)
            save_picture(painted(picture, painter), target, kind)
            done.painted += 1
        except (BadPicture, NotWritten) as error:
            done.wrong.append(error)
    return done


def paint_together(process: Process, options: argparse.Namespace) -> int:
    """Paint this process's share; the first one prints the list. The exit status, the same in all processes.

    Raises NotARun, BadRequest, BadPicture, Lost.
    """
    with process.together("what is painted stays: run the same command again"):
        asked = [str(value) for _, value in sorted(vars(options).items())]
        if process.gathered(asked) != [asked] * process.world:
            raise BadRequest("the processes were started with different options: give all of them the same")
        check_folder(options.out)
        pairs = process.from_first(lambda: pictures_of(options.pictures, options.out))
        painter = painter_of(options)
        done = Done()
        for part in process.gathered(paint_all(pairs[process.rank :: process.world], painter, process.rank == 0)):
            done.add(part)
        if process.rank == 0:
            print("\n".join(done.lines(len(pairs), options.out)), flush=True)
    return done.status


def strength_option(text: str) -> float:
    """0..100 as a share of 1."""
    value = float(text)
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError("name a number from 0 to 100")
    return value / 100


def stroke_size_option(text: str) -> float:
    """1..3."""
    value = float(text)
    if not SMALLEST_STROKES <= value <= LARGEST_STROKES:
        raise argparse.ArgumentTypeError("a stroke size is a number from 1 to 3")
    return value


def main(arguments: list[str] | None = None) -> None:
    """The command line; ends with status 1 where there is no result, or one could not be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of a training")
    parser.add_argument("pictures", type=Path, help="folder of pictures, or one picture")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--style", type=Path, help="the picture whose style is used")
    parser.add_argument("--mode", choices=MODES, help="translate between day and night, or find people, instead")
    parser.add_argument(
        "--strength", type=strength_option, default=1.0, help="strength of the effect, 0 to 100 (default: 100)"
    )
    parser.add_argument(
        "--stroke-size",
        type=stroke_size_option,
        default=1.0,
        help="how much larger the strokes are, 1 to 3 (default: 1)",
    )
    parser.add_argument("--keep-colours", action="store_true", help="take the colours from the photo, not the style")
    parser.add_argument(
        "--boldness",
        type=strength_option,
        help="0 is careful with the subject, 100 gives way to the style (default: 50; of networks that have learnt it)",
    )
    parser.add_argument(
        "--hour",
        type=strength_option,
        help="which hour a --mode turns to: 0 is golden hour or dawn, 100 night or noon (default: 70, by day 10)",
    )
    parser.add_argument(
        "--lights", type=strength_option, default=1.0, help="how many lights are on by night, 0 to 100 (default: 100)"
    )
    options = parser.parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # for names in any script
    try:
        sys.exit(paint_together(this_process(LONGEST, on_cpu=True), options))
    except (NotARun, BadRequest, BadPicture, Lost) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
