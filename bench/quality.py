"""Paints pairs of photo and style, has them measured, and lays them beside other networks' pictures.

    python bench/quality.py --eval FOLDER --measure FOLDER --run RUN                a run directory's networks
    python bench/quality.py --eval FOLDER --measure FOLDER --models web/models      the published graphs

The evaluation folder holds content/NN.jpg and style/NN.jpg and, for the sheets, one folder of NN.jpg for each
network to stand beside. The measuring folder holds style_quality.py, which gets the folder of painted NN.png.
Writes NN.png and the sheets to --out; they may show other people's pictures, so they are for looking at only.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bench.chromium import launched
from bench.harness import Harness

SIDE, STYLE_SIDE = 384, 256  # pixels: of what is painted, and of what the predictor sees
CELL, ROWS = 320, 8  # pixels of a picture on a sheet; pairs on a sheet

Array = NDArray[np.float32]  # [1,H,W,3] in [0,1]
Painter = Callable[[Array, Array], Array]  # photo, style -> painted


def main() -> None:
    """Paints, measures, writes the sheets."""
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    pairs = sorted(path.stem for path in (options.eval / "content").glob("*.jpg"))
    if not pairs:
        sys.exit(f"No pairs in {options.eval}: it must hold content/NN.jpg and style/NN.jpg.")
    with run_painter(options.run) if options.run else graph_painter(options.models) as painter:
        for number in pairs:
            paint_pair(painter, options.eval, number).save(options.out / f"{number}.png")
    for sheet in sheets(options.eval, options.out, pairs):
        print(sheet)
    script = options.measure / "style_quality.py"
    sys.exit(subprocess.run([sys.executable, script, options.out]).returncode)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, required=True, metavar="FOLDER", help="the pairs")
    parser.add_argument("--measure", type=Path, required=True, metavar="FOLDER", help="has style_quality.py")
    parser.add_argument("--out", type=Path, default=Path("runs/quality"), metavar="FOLDER")
    networks = parser.add_mutually_exclusive_group(required=True)
    networks.add_argument("--run", type=Path, metavar="RUN", help="a run directory of distill/run.py")
    networks.add_argument("--models", type=Path, metavar="FOLDER", help="published graphs")
    return parser.parse_args()


@contextmanager
def run_painter(run: Path) -> Iterator[Painter]:
    """Paints with a run's networks in PyTorch."""
    import torch

    from training.common.runs import NotARun
    from training.export import exports

    try:
        networks = {export.name: export.network for export in exports(run)}
    except NotARun as error:
        sys.exit(str(error))

    def nchw(picture: Array) -> torch.Tensor:
        return torch.from_numpy(picture).permute(0, 3, 1, 2).contiguous()

    def paint(photo: Array, style: Array) -> Array:
        with torch.inference_mode():
            vector = networks["style-predictor"](nchw(style))
            painted = networks["style-transformer"](nchw(photo), vector)
        return painted.permute(0, 2, 3, 1).numpy()

    yield paint


@contextmanager
def graph_painter(models: Path) -> Iterator[Painter]:
    """Paints with published graphs in TensorFlow.js."""
    if not (models / "style-transformer" / "manifest.json").is_file():
        sys.exit(f"No published models in {models}: `python converter/run.py RUN` publishes them.")
    predictor, transformer = (
        json.loads((models / name / "manifest.json").read_text()) for name in ("style-predictor", "style-transformer")
    )
    [style_tensor] = [port["tensor"] for port in predictor["inputs"]]
    tensors = {port["name"]: port["tensor"] for port in transformer["inputs"]}
    with launched() as browser:
        harness = Harness(browser)
        for name in ("style-predictor", "style-transformer"):
            harness.load(name, models / name / "model.json")

        def paint(photo: Array, style: Array) -> Array:
            vector = harness.run("style-predictor", {style_tensor: style})
            inputs = {tensors["photo"]: photo, tensors["vector"]: vector}
            return harness.run("style-transformer", inputs)

        yield paint


def paint_pair(painter: Painter, pairs: Path, number: str) -> Image.Image:
    """Pair `number` of the folder, painted at SIDE x SIDE."""
    photo = array(square(pairs / "content" / f"{number}.jpg", SIDE))
    style = array(square(pairs / "style" / f"{number}.jpg", STYLE_SIDE))
    return Image.fromarray((painter(photo, style)[0].clip(0, 1) * 255).round().astype(np.uint8))


def square(path: Path, side: int) -> Image.Image:
    """The centre square of a picture file, RGB, side x side."""
    picture = Image.open(path).convert("RGB")
    length = min(picture.size)
    left, top = (picture.width - length) // 2, (picture.height - length) // 2
    return picture.crop((left, top, left + length, top + length)).resize((side, side), Image.Resampling.LANCZOS)


def array(picture: Image.Image) -> Array:
    """A picture as [1,H,W,3] in [0,1]."""
    return np.asarray(picture, np.float32)[None] / 255


def sheets(pairs: Path, out: Path, numbers: Sequence[str]) -> Iterator[Path]:
    """Writes sheets of ROWS pairs each: photo, style, ours, and every other network's picture."""
    others = sorted(p.name for p in pairs.iterdir() if p.is_dir() and p.name not in ("content", "style"))
    columns = {"photo": pairs / "content", "style": pairs / "style", "ours": out}
    columns |= {name: pairs / name for name in others}
    for start in range(0, len(numbers), ROWS):
        path = out / f"sheet-{start // ROWS + 1}.png"
        sheet(columns, numbers[start : start + ROWS]).save(path)
        yield path


def sheet(columns: dict[str, Path], numbers: Sequence[str]) -> Image.Image:
    """One row a pair, one column a folder, the columns' names on top."""
    head = 24
    picture = Image.new("RGB", (CELL * len(columns), head + CELL * len(numbers)), "white")
    draw = ImageDraw.Draw(picture)
    for x, (name, folder) in enumerate(columns.items()):
        draw.text((x * CELL + 6, 4), name, "black", font_size=14)
        for y, number in enumerate(numbers):
            suffix = "png" if name == "ours" else "jpg"
            cell = square(folder / f"{number}.{suffix}", CELL)
            picture.paste(cell, (x * CELL, head + y * CELL))
    return picture


if __name__ == "__main__":
    main()
