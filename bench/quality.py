"""Paints pairs of photo and style, measures them, and shows them next to other networks' pictures.

    python bench/quality.py --eval FOLDER --measure FOLDER --run RUN                a run directory's networks
    python bench/quality.py --eval FOLDER --measure FOLDER --models web/models      the published graphs

The evaluation folder holds content/NN.jpg and style/NN.jpg and, for the sheets, one folder of NN.jpg for each other
network. The measuring folder holds style_quality.py, which is run on the folder of painted NN.png. bench/strength.py
measures how evenly the strength works. NN.png and sheets are written to --out: the pairs next to the other networks'
pictures, and each photo at every strength. They may show other people's pictures, so do not publish them.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bench import strength
from bench.painters import SIDE, Array, Painter, array, image, painter_of, square, style_view
from bench.sheets import save_sheets
from training.common import weights
from training.common.command import Missing, require
from training.common.decoding import read_picture


@dataclass(frozen=True)
class Pair:
    """A photo and a style of the evaluation folder, by their number."""

    number: str
    photo: Array  # [1,SIDE,SIDE,3]
    style: Array  # as the predictor is shown it


def main() -> None:
    """Paints, measures, writes the sheets."""
    options = arguments()
    numbers = sorted(path.stem for path in (options.eval / "content").glob("*.jpg"))
    if not numbers:
        sys.exit(f"No pairs in {options.eval}: it must hold content/NN.jpg and style/NN.jpg.")
    try:
        require(weights.needed(options.weights, ["vgg16"]))
    except Missing as error:
        sys.exit(str(error))
    options.out.mkdir(parents=True, exist_ok=True)
    with painter_of(options.run, options.models) as painter:
        paths = [paint_path(painter, pair(options.eval, number), options.out) for number in numbers]
    write_sheets(options.eval, options.out, numbers, paths)
    print(f"Distance to the photo by strength, medians of {len(numbers)} pairs")
    print(strength.table(measured(paths, options.weights)), flush=True)
    script = options.measure / "style_quality.py"
    sys.exit(subprocess.run([sys.executable, script, options.out]).returncode)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, required=True, metavar="FOLDER", help="folder with the pairs")
    parser.add_argument("--measure", type=Path, required=True, metavar="FOLDER", help="folder with style_quality.py")
    parser.add_argument(
        "--weights", nargs="+", default=["weights"], metavar="SOURCE", help="where VGG-16's ImageNet weights are"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/quality"), metavar="FOLDER")
    networks = parser.add_mutually_exclusive_group(required=True)
    networks.add_argument("--run", type=Path, metavar="RUN", help="a run directory of distill/run.py")
    networks.add_argument("--models", type=Path, metavar="FOLDER", help="published graphs")
    return parser.parse_args()


def pair(folder: Path, number: str) -> Pair:
    """Centre squares of content/<number>.jpg and style/<number>.jpg."""
    photo, style = (read_picture(folder / kind / f"{number}.jpg") for kind in ("content", "style"))
    return Pair(number, array(square(photo, SIDE)), style_view(style))


def paint_path(painter: Painter, pair: Pair, out: Path) -> list[Array]:
    """The photo at each of the strengths; the picture at full strength is written as <number>.png."""
    pictures = list(strength.path(painter, pair.photo, painter.predict(pair.style)))
    image(pictures[-1]).save(out / f"{pair.number}.png")
    return pictures


def measured(paths: list[list[Array]], weights: list[str]) -> dict[str, strength.Distances]:
    """Distances of the pictures to the photo they begin with."""
    measures = {"colour": strength.colour_distances, "features": strength.feature_distances(weights)}
    return {name: np.array([measure(path) for path in paths]) for name, measure in measures.items()}


def write_sheets(pairs: Path, out: Path, numbers: list[str], paths: list[list[Array]]) -> None:
    """Sheets of the pairs beside the others, and of the strengths; prints their names."""
    others = sorted(p.name for p in pairs.iterdir() if p.is_dir() and p.name not in ("content", "style"))
    beside = [list(beside_others(pairs, out, others, number)) for number in numbers]
    strengths = [[image(picture) for picture in path] for path in paths]
    for path in (
        *save_sheets(out, "pairs", ["photo", "style", "ours", *others], beside),
        *save_sheets(out, "strengths", [f"{each} %" for each in strength.STRENGTHS], strengths),
    ):
        print(path)


def beside_others(pairs: Path, out: Path, others: list[str], number: str) -> Iterator[Image.Image]:
    """Photo, style, ours, and every other network's picture of a pair."""
    for kind in ("content", "style"):
        yield Image.open(pairs / kind / f"{number}.jpg")
    yield Image.open(out / f"{number}.png")
    for other in others:
        yield Image.open(pairs / other / f"{number}.jpg")


if __name__ == "__main__":
    main()
