"""Sweeps SANet's weights W1 and W2 on held-out portraits, and measures two passes: background and portrait.

    python -m training.portrait.evaluate_sanet RUN --weights SOURCE      where the ImageNet weights of VGG-16 and
                                                                         SqueezeNet are
    python -m training.portrait.evaluate_sanet RUN --portraits SOURCE ... --styles SOURCE ... --held-out 1
                                                                         on other photos and styles, all of them
    python -m training.portrait.evaluate_sanet RUN --background 1 1 --portrait 0.5 0    two passes with these weights
    python bench/sanet.py RUN                                            beside the page's style networks

Every pair of weights paints the whole portrait, and is measured inside the mask of its people and outside it
(training/evaluation/regions.py). So one table shows what the weights do to the background and what to the portrait.
Writes RUN/evaluation/: figures.json, figures.md (medians of the portraits) and sheet-1.jpg …, whose rows are the style
pictures and then those of the table. Photos in which no people are found are passed over.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import torch
from PIL import Image, ImageOps
from torch import Tensor
from tqdm import tqdm

from training.common import runs
from training.common.command import Missing
from training.common.grid import save_grid
from training.common.options import from_json
from training.common.pictures import NoPictures, Pictures
from training.common.squares import centre_square, to_tensor
from training.evaluation import command
from training.evaluation.regions import Regions
from training.portrait.config import SanetConfig
from training.portrait.load import load_mask, load_sanet
from training.portrait.networks import mask_of
from training.portrait.sanet import SaNet
from training.portrait.two_passes import BACKGROUND, MASK, PORTRAIT, Passes, laid_over

MEASURES = ("style_inside", "style_outside", "content_inside", "content_outside")
PLAIN = (1.0, 1.0)  # the weights that a network is trained with
FEWEST = 0.05  # of a square: a portrait's people cover more
COLUMNS = 6  # of a sheet


@dataclass(frozen=True)
class Pair:
    """A portrait with its people's mask [1,1,S,S], and a style picture, as squares [1,3,S,S]; all in [0,1]."""

    portrait: Tensor
    mask: Tensor
    style: Tensor
    style_picture: Image.Image


Painted = Callable[[Pair], Tensor]  # a pair -> its picture, [1,3,S,S] in [0,1]
Weights = tuple[float, float]  # W1 and W2


def pairs(photos: Pictures, styles: Pictures, size: int, limit: int, device: torch.device) -> list[Pair]:
    """Portraits among the photos, up to `limit` (0: all) from all over the list, each with a style picture.

    A tall photo is cut at its top, where the face is. Raises NoPictures where no photo shows people.
    """
    people = load_mask(MASK).network.to(device)
    found = []
    for i in tqdm(range(len(photos)), desc="looking for people", unit="photo", dynamic_ncols=True, leave=False):
        square = ImageOps.fit(photos.first_readable(i), (size, size), Image.Resampling.LANCZOS, centering=(0.5, 0))
        mask = torch.from_numpy(mask_of(people, square, device))
        if mask.mean() > FEWEST:
            found.append((to_tensor(square)[None].to(device), mask[None, None].to(device)))
    if not found:
        raise NoPictures("no people are found in the held-out photos: name portraits with --portraits")
    count = min(limit or len(found), len(found))
    chosen = [found[i * len(found) // count] for i in range(count)]
    pictures = [styles.first_readable(i * len(styles) // count) for i in range(count)]
    squares = [centre_square(picture, size)[None].to(device) for picture in pictures]
    return [Pair(*each, square, style) for each, square, style in zip(chosen, squares, pictures, strict=True)]


def painted(
    network: SaNet, pair: Pair, sweep: list[Weights], background: Weights, portrait: Weights
) -> Iterator[tuple[str, Tensor]]:
    """Each row's name and its picture of a pair: all weights of the sweep, then the two passes."""
    passes = Passes(network, pair.portrait, pair.style)
    for w1, w2 in sweep:
        yield f"W1 {w1:g}, W2 {w2:g}", passes(w1, w2)
    name = "background {:g}, {:g}; portrait {:g}, {:g}".format(*background, *portrait)
    yield name, laid_over(passes(*portrait), passes(*background), pair.mask)


def measure(rows: Callable[[Pair], dict[str, Tensor]], held: list[Pair], regions: Regions, out: Path) -> dict:
    """Medians of the pairs by the rows' names; writes sheets into the folder `out`."""
    found: dict[str, list[dict[str, float]]] = {}
    columns: list[list[Tensor]] = []
    for i, pair in enumerate(tqdm(held, desc="portraits", dynamic_ncols=True)):
        grams, pictures = regions.grams(pair.style), rows(pair)
        for name, picture in pictures.items():
            found.setdefault(name, []).append(regions.distances(picture, pair.portrait, grams, pair.mask))
        columns.append([pair.style[0], *(picture[0] for picture in pictures.values())])
        if len(columns) == COLUMNS or pair is held[-1]:
            shown = [torch.stack(row) for row in zip(*columns, strict=True)]
            save_grid(out / f"sheet-{i // COLUMNS + 1}.jpg", shown)
            columns.clear()
    return {
        name: {each: statistics.median(of_pair[each] for of_pair in of_row) for each in MEASURES}
        for name, of_row in found.items()
    }


def table(figures: dict) -> str:
    """The figures in Markdown."""
    lines = [
        f"{figures['portraits']} portraits, {figures['size']} px. Style to the style picture, content to the photo.",
        "",
        "| | style, people | style, around them | content, people | content, around them |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, row in figures["rows"].items():
        lines.append(f"| {name} | {' | '.join(f'{row[each]:.3f}' for each in MEASURES)} |")
    return "\n".join([*lines, "", f"LPIPS {figures['lpips']}."]) + "\n"


def evaluate(options: argparse.Namespace, beside: dict[str, Painted]) -> dict:
    """What the command line asks for. Raises NotARun, NoPictures, Missing."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = load_sanet(options.run).to(device)
    config = from_json(SanetConfig, runs.read_config(options.run))
    regions = Regions(options.weights or config.weights, device)
    photos, styles = (
        Pictures(sources).split(options.held_out or config.held_out)[1]
        for sources in (options.portraits or config.photos, options.styles or config.styles)
    )
    held = pairs(photos, styles, options.size, options.limit, device)
    sweep = list(dict.fromkeys([PLAIN, *product(options.sweep, options.sweep)]))

    def rows(pair: Pair) -> dict[str, Tensor]:
        ours = dict(painted(network, pair, sweep, tuple(options.background), tuple(options.portrait)))
        return {"the untouched photo": pair.portrait, **ours, **{name: paint(pair) for name, paint in beside.items()}}

    out = options.run / "evaluation"
    out.mkdir(exist_ok=True)
    figures = {
        "size": options.size,
        "portraits": len(held),
        "lpips": regions.lpips.source,
        "rows": measure(rows, held, regions, out),
    }
    command.write(options.run, figures, table(figures))
    return figures


def main(arguments: list[str] | None = None, beside: dict[str, Painted] | None = None) -> None:
    """The command line; problems of input end in one sentence. `beside`: other networks' pictures, by name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.portrait.train_sanet")
    parser.add_argument("--portraits", nargs="+", default=[], help="folders or tars (default: photos of the training)")
    parser.add_argument("--styles", nargs="+", default=[], help="likewise; each is painted on one portrait")
    parser.add_argument("--sweep", nargs="+", type=float, default=[0, 0.5, 1], metavar="W", help="weights to combine")
    for name, weights in (("background", BACKGROUND), ("portrait", PORTRAIT)):
        help = f"the weights of the {name} pass (default: {weights[0]:g} {weights[1]:g})"
        parser.add_argument(f"--{name}", nargs=2, type=float, default=weights, metavar=("W1", "W2"), help=help)
    command.add_options(parser, size=256, held_out=0, as_trained="as in the training", measured="portraits")
    options = command.parsed(parser, arguments, smallest=64)
    try:
        print(table(evaluate(options, beside or {})), end="")
    except (runs.NotARun, NoPictures, Missing) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
