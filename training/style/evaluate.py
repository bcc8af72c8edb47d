"""Measures a style run on held-out pairs of photo and style, beside other networks' pictures of the same photos.

    python -m training.style.evaluate RUN --weights SOURCE    where the ImageNet weights of VGG-16, Inception-v3 and
                                                              SqueezeNet are

Writes RUN/evaluation/: figures.json and figures.md. It measures, for the photos themselves, for what the run paints and
for each folder of `--beside` (pictures with the photos' names)

    LPIPS      to the photo: how different the picture looks (training/evaluation/perceptual.py)
    style      distance of Gram matrices to the style picture, VGG-16
    strokes    the same of Inception-v3 Mixed_5d and Mixed_6b
    content    distance of VGG-16 relu3_3 to the photo
    KID, FID   of all pictures to all style pictures, and of style pictures to other style pictures

The first four are medians of the pairs (training/style/losses.py, but strokes without conv_4).
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from training.common import runs, weights
from training.common.command import Missing
from training.common.decoding import printable, read_picture
from training.common.options import from_json
from training.common.pictures import NoPictures, Pictures
from training.common.squares import centre_square, to_picture
from training.evaluation import command
from training.evaluation.distances import FEWEST, set_distances
from training.evaluation.features import Features
from training.evaluation.perceptual import Lpips
from training.style.config import HELD_OUT, PairConfig
from training.style.load import load_pair
from training.style.losses import STYLE, Grams, PerceptualLosses, relative
from training.style.predictors import view
from training.style.transformer import towards_styles
from training.style.validation import split

STROKES = ("mixed_2", "mixed_4")
MEASURES = ("lpips", "style", "strokes", "content")

Painted = Callable[["Pair"], Tensor]  # a pair -> its picture, [1,3,S,S] in [0,1]


@dataclass(frozen=True)
class Pair:
    """A photo and a style picture, as squares [1,3,S,S] in [0,1], and what else is needed of them."""

    name: str  # of the photo
    photo: Tensor
    style: Tensor
    style_picture: Image.Image


class Eyes:
    """The networks that measure. Raises Missing for weights that no source has."""

    def __init__(self, sources: Sequence[str | Path], device: torch.device):
        self.device, self.features, self.lpips = device, Features(sources, device), Lpips(sources, device)
        self.losses = PerceptualLosses()
        found = weights.read(sources, ["vgg16", "inception"])
        self.losses.load_imagenet(found["vgg16"], found["inception"])
        self.losses.to(device)

    @torch.inference_mode()
    def targets(self, pair: Pair) -> tuple[Grams, Tensor]:
        """What a pair's pictures are compared with: the style's Gram matrices, the photo's features."""
        return self.losses.grams(pair.style), self.losses.vgg(pair.photo)["relu3_3"]

    @torch.inference_mode()
    def measures(self, painted: Tensor, pair: Pair, targets: tuple[Grams, Tensor]) -> tuple[float, ...]:
        """MEASURES of a picture [1,3,S,S] in [0,1]."""
        grams, photo = targets
        seen = self.losses.features(painted)
        distances = self.losses.distances(seen, grams)
        style, strokes = (statistics.fmean(float(distances[name]) for name in names) for names in (STYLE, STROKES))
        content = float(relative(seen["relu3_3"], photo))
        return float(self.lpips(painted, pair.photo)), style, strokes, content


class Row:
    """One network's figures, gathered pair by pair."""

    def __init__(self, painted: Painted, eyes: Eyes):
        self.painted, self.eyes = painted, eyes
        self.found: list[tuple[float, ...]] = []
        self.seen: list[Tensor] = []

    def add(self, pair: Pair, targets: tuple[Grams, Tensor]) -> None:
        """Measure its picture of a pair."""
        picture = self.painted(pair)
        self.found.append(self.eyes.measures(picture, pair, targets))
        self.seen.append(self.eyes.features(to_picture(picture[0])))

    def figures(self, styles: Tensor) -> dict[str, float]:
        """Medians of the pairs, and the distances to the features [N,D] of the style pictures."""
        medians = map(statistics.median, zip(*self.found, strict=True))
        return dict(zip(MEASURES, medians, strict=True)) | set_distances(torch.stack(self.seen), styles)


def painter(run: Path, device: torch.device) -> Painted:
    """What a run paints of a pair at full strength. Raises NotARun."""
    networks = load_pair(run)
    predictor, transformer = networks.predictor.to(device), networks.transformer.to(device)

    @torch.inference_mode()
    def painted(pair: Pair) -> Tensor:
        vector = predictor(view(pair.style_picture)[None].to(device))
        return transformer(pair.photo, towards_styles(transformer, vector)).float().clamp(0, 1)

    return painted


def pictures_of(folder: Path) -> Painted:
    """Another network's pictures in a folder, named as the photos are. Raises NoPictures for one that is not there."""

    def painted(pair: Pair) -> Tensor:
        file = next(iter(sorted(folder.glob(f"{Path(pair.name).stem}.*"))), None)
        if not file:
            raise NoPictures(f"{folder} has no picture of {printable(pair.name)}: name another folder with --beside")
        return centre_square(read_picture(file), pair.photo.shape[-1])[None].to(pair.photo.device)

    return painted


def pairs(photos: Pictures, styles: Pictures, size: int, limit: int, device: torch.device) -> list[Pair]:
    """Photo i and style i of both lists, up to `limit` (0: all); the next picture takes a broken one's place."""
    count = min(len(photos), len(styles), limit or len(photos))
    found = []
    for i in range(count):
        of_photos, of_styles = i * len(photos) // count, i * len(styles) // count
        photo, style = photos.first_readable(of_photos), styles.first_readable(of_styles)
        squares = [centre_square(picture, size)[None].to(device) for picture in (photo, style)]
        found.append(Pair(photos.entries[of_photos].name, squares[0], squares[1], style))
    if len(found) < FEWEST:
        raise NoPictures(f"fewer than {FEWEST} held-out pairs: name more with --photos and --styles")
    return found


def measure(rows: dict[str, Painted], held: list[Pair], eyes: Eyes) -> dict:
    """All figures by the rows' names."""
    measured = {name: Row(painted, eyes) for name, painted in rows.items()}
    for pair in tqdm(held, desc="pairs", dynamic_ncols=True):
        targets = eyes.targets(pair)
        for row in measured.values():
            row.add(pair, targets)
    styles = torch.stack([eyes.features(pair.style_picture) for pair in held])
    return {
        "size": held[0].photo.shape[-1],
        "pairs": len(held),
        "features": eyes.features.source,
        "lpips": eyes.lpips.source,
        "rows": {name: row.figures(styles) for name, row in measured.items()},
    }


def table(figures: dict) -> str:
    """The figures in Markdown."""
    rows = figures["rows"]
    real = next(iter(rows.values()))
    few = real["count"]
    lines = [
        f"{figures['pairs']} pairs of photo and style, {figures['size']} px.",
        "",
        f"| | LPIPS to the photo | style | strokes | content | KID to the styles | FID | FID of {few} |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, f in rows.items():
        medians = " | ".join(f"{f[each]:.3f}" for each in MEASURES)
        kid = f"{f['kid']:.5f} ± {f['kid_deviation']:.5f}"
        lines.append(f"| {name} | {medians} | {kid} | {f['fid']:.3f} | {f['fid_at_count']:.3f} |")
    kid = f"{real['kid_real']:.5f} ± {real['kid_real_deviation']:.5f}"
    lines += [
        f"| style pictures to other style pictures | | | | | {kid} | | {real['fid_real']:.3f} |",
        "",
        f"KID (subsets of {few}) and FID: {figures['features']}. LPIPS {figures['lpips']}.",
    ]
    return "\n".join(lines) + "\n"


def evaluate(options: argparse.Namespace) -> dict:
    """What the command line asks for. Raises NotARun, NoPictures, Missing."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    painted = painter(options.run, device)
    config = from_json(PairConfig, runs.read_config(options.run))
    eyes = Eyes(options.weights or config.weights, device)
    photos, styles = (
        split(given or trained, [] if given else held, options.held_out)[1]
        for given, trained, held in (
            (options.photos, config.photos, config.held_photos),
            (options.styles, config.styles, config.held_styles),
        )
    )
    held = pairs(photos, styles, options.size, options.limit, device)
    rows = {"the untouched photo": lambda pair: pair.photo, options.run.name: painted}
    figures = measure(rows | {folder.name: pictures_of(folder) for folder in options.beside}, held, eyes)
    command.write(options.run, figures, table(figures))
    return figures


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.style.train or distill/run.py")
    parser.add_argument("--photos", nargs="+", default=[], help="folders or tars (default: those of the training)")
    parser.add_argument("--styles", nargs="+", default=[], help="likewise; the n-th style is painted on the n-th photo")
    parser.add_argument(
        "--beside", nargs="+", type=Path, default=[], metavar="FOLDER", help="other networks' pictures of the photos"
    )
    trained = f"{HELD_OUT}, as in training"
    command.add_options(parser, size=384, held_out=HELD_OUT, as_trained=trained, measured="pairs")
    options = command.parsed(parser, arguments, smallest=96)
    try:
        print(table(evaluate(options)))
    except (runs.NotARun, NoPictures, Missing) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
