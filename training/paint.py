"""Paints or translates a folder of pictures at their full size with the networks of a run directory.

    python -m training.paint RUN PICTURES --out FOLDER --style PICTURE               in a style
    python -m training.paint RUN PICTURES --out FOLDER --mode day-to-night           or night-to-day
    python -m training.paint … --strength 60                                         0 is the photo, 100 the full effect

PICTURES is one picture, or a folder that is searched with its subfolders. Results have the names, sizes and formats of
their pictures. They are upright, in sRGB and without metadata (no place, no camera). Existing files are kept, so the
same command continues after an interruption. At the end, broken pictures and results that do not fit on
the disk are listed.
"""

import argparse
import os
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from training.common.decoding import decode, on_white, printable
from training.common.finding import Found, search
from training.common.runs import NotARun
from training.common.task import BadRequest, Painter, Request
from training.tasks import TASKS, task_of

MODES = [mode for task in TASKS.values() for mode in task.modes]
LARGEST = 50_000_000  # pixels
LOSSY = ("WEBP", "AVIF")


class BadPicture(ValueError):
    """A picture that cannot be opened, is too large or has its result already; the message says which and why."""


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
    beside = path.with_name(f".painting-{os.getpid()}")
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


def painter_of(run: Path, style: Path | None, mode: str | None, strength: float) -> Painter:
    """The painter that a run directory and the options make. Raises NotARun, BadRequest, BadPicture."""
    if (style is None) == (mode is None):
        raise BadRequest("name either a style picture (--style) or a --mode")
    picture = on_white(open_picture(style)[0]) if style else None
    return task_of(run).painter(run, Request(picture, mode, strength))


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


def paint_all(pairs: list[tuple[Path, Path]], painter: Painter) -> tuple[int, list[OSError | ValueError]]:
    """Paint each (picture, result) whose result does not exist; how many, and what was wrong with the others."""
    count, wrong = 0, list[OSError | ValueError]()
    for source, target in tqdm(pairs, desc="painting", unit="picture", dynamic_ncols=True):
        try:
            if os.path.lexists(target):
                raise BadPicture(f"{printable(str(target))}: is there already and was left as it is")
            picture, kind = open_picture(source)
            save_picture(painted(picture, painter), target, kind)
            count += 1
        except (BadPicture, NotWritten) as error:
            wrong.append(error)
    return count, wrong


def strength_option(text: str) -> float:
    """0..100 as a share of 1."""
    value = float(text)
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError("a strength is a number from 0 to 100")
    return value / 100


def main(arguments: list[str] | None = None) -> None:
    """The command line; ends with status 1 when nothing was painted, or a result could not be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of a style or day-night training")
    parser.add_argument("pictures", type=Path, help="folder of pictures, or one picture")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--style", type=Path, help="the picture whose style is used")
    parser.add_argument("--mode", choices=MODES, help="translate between day and night instead")
    parser.add_argument(
        "--strength", type=strength_option, default=1.0, help="strength of the effect, 0 to 100 (default: 100)"
    )
    options = parser.parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # for names in any script
    try:
        check_folder(options.out)
        pairs = pictures_of(options.pictures, options.out)
        painter = painter_of(options.run, options.style, options.mode, options.strength)
    except (NotARun, BadRequest, BadPicture) as error:
        sys.exit(str(error))
    count, wrong = paint_all(pairs, painter)
    print("\n".join([*map(str, wrong), f"{count} of {len(pairs)} pictures are in {printable(str(options.out))}"]))
    sys.exit(count == 0 or any(isinstance(error, NotWritten) for error in wrong))


if __name__ == "__main__":
    main()
