"""Measures whether faces stay more recognisable where people are painted less strongly than what is around them.

    python bench/identity.py --portraits data/portrait-held --styles data/style-held
    python bench/identity.py --portraits … --styles … --pictures 40      also writes the pictures of forty portraits

Each portrait is painted plainly, at full strength all over, and portrait-aware: people at the strengths that --people
names, as the page's slider *Strength on people* does it (web/src/effects/people.ts), and the rest as in the plain
painting. The portraits take turns with STYLES of the styles. Of each painting the features of the photo's face
(bench/faces.py) are compared with the photo's own:

    similarity    cosine of the two, the median over the portraits
    higher        the share of portraits on which it is higher than the plain painting's
    recognised    the share of paintings whose features are more like their own photo's than like any other portrait's
    around        by how many levels of 255 what is around the people differs from the plain painting, the mean

Portraits in which no face is found are left out and counted. --portraits and --styles take folders or tars, as for the
training, and all of their pictures are measured, so name pictures that no training has seen. Writes figures.json and
figures.md to --out, and with --pictures photo/NN.png, plain/NN.png and people-STRENGTH/NN.png. These show other
people's pictures, so do not publish them.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn
from tqdm import tqdm

from bench.faces import SMALLEST, Faces
from training.common import runs
from training.common.command import Missing
from training.common.pictures import NoPictures, Pictures
from training.common.task import Painter, Request
from training.portrait import networks
from training.portrait.load import load_mask
from training.style.load import Pair, load_pair
from training.style.paint import stylist

SIDE = 512  # px: of the longer side to which larger portraits are reduced
STYLES = 8
PROMISED = 0.95  # of the portraits have a higher similarity

Mask = NDArray[np.float64]  # [H,W] in [0,1], 1 is a person
Features = Callable[[Sequence[Image.Image]], NDArray[np.float64] | None]  # as bench.faces.Faces
Style = dict[int, Painter]  # by strength in per cent, 100 among them


class NoFaces(ValueError):
    """No portrait shows a face that is found; the message says what to name instead."""


@dataclass(frozen=True)
class Paintings:
    """A portrait, its plain painting, the portrait-aware ones by their strength on people, and where people are."""

    photo: Image.Image
    plain: Image.Image
    aware: dict[int, Image.Image]
    mask: Mask

    @property
    def all(self) -> dict[str, Image.Image]:
        """The pictures by the names of their folders, the photo first."""
        aware = {f"people-{strength}": picture for strength, picture in self.aware.items()}
        return {"photo": self.photo, "plain": self.plain, **aware}


@dataclass(frozen=True)
class Face:
    """Features of a portrait's photo [D] and of its paintings by their strength on people [D], the plain one at 100."""

    photo: NDArray[np.float64]
    painted: dict[int, NDArray[np.float64]]
    around: dict[int, float]  # levels of 255, as in the table


@torch.inference_mode()
def mask_of(network: nn.Module, photo: Image.Image) -> Mask:
    """The mask as the page has it, fitted to the photo; nobody where too little is surely a person."""
    if not networks.shows_anybody(networks.found(network, networks.looked_at(photo)).numpy()):
        return np.zeros(photo.size[::-1])
    return networks.mask_of(network, photo)


def laid_over(upper: Image.Image, lower: Image.Image, mask: Mask) -> Image.Image:
    """Two paintings of one size, the upper one seen where the mask is, as web/src/effects/lay.ts does it."""
    below = np.asarray(lower, np.float64)
    mixed = below + mask[..., None] * (np.asarray(upper, np.float64) - below)
    return Image.fromarray(np.rint(mixed).astype(np.uint8))


def paintings_of(photo: Image.Image, style: Style, mask: Mask) -> Paintings:
    """The photo in a style, whose strengths other than 100 are those on people."""
    plain = style[100](photo)
    aware = {strength: laid_over(paint(photo), plain, mask) for strength, paint in style.items() if strength != 100}
    return Paintings(photo, plain, aware, mask)


def around_people(paintings: Paintings, strength: int) -> float:
    """Mean difference from the plain painting where the mask is below a half, in levels of 255."""
    aware, plain = (np.asarray(each, np.float64) for each in (paintings.aware[strength], paintings.plain))
    outside = np.abs(aware - plain)[paintings.mask < 0.5]
    return float(outside.mean()) if outside.size else 0.0


def face_of(paintings: Paintings, features: Features) -> Face | None:
    """The face's features in all pictures; None where the photo shows no face."""
    found = features(list(paintings.all.values()))
    if found is None:
        return None
    photo, *painted = found
    around = {strength: around_people(paintings, strength) for strength in paintings.aware}
    return Face(photo, dict(zip((100, *paintings.aware), painted, strict=True)), {100: 0.0, **around})


def cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Of two vectors."""
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def figures_of(faces: Sequence[Face], portraits: int) -> dict:
    """The figures by strength on people, of so many portraits. Raises NoFaces where no face was found."""
    if not faces:
        raise NoFaces(
            f"no face was found in any of the {portraits} portraits: name photos of faces that are over {SMALLEST} px "
            f"wide when the longer side is at most {SIDE} px"
        )
    strangers = [cosine(a.photo, b.photo) for i, a in enumerate(faces) for b in faces[:i]]
    return {
        "portraits": portraits,
        "faces": len(faces),
        "strangers": median(strangers) if strangers else None,
        "strengths": {strength: _row(faces, strength) for strength in sorted(faces[0].painted, reverse=True)},
    }


def _row(faces: Sequence[Face], strength: int) -> dict[str, float]:
    """One strength's figures."""
    similar = [cosine(face.photo, face.painted[strength]) for face in faces]
    plain = [cosine(face.photo, face.painted[100]) for face in faces]
    return {
        "similarity": median(similar),
        "higher": mean(mine > other for mine, other in zip(similar, plain, strict=True)),
        "recognised": mean(_recognised(faces, i, strength) for i in range(len(faces))),
        "around": mean(face.around[strength] for face in faces),
    }


def _recognised(faces: Sequence[Face], i: int, strength: int) -> bool:
    """Whether portrait i's painting is more like its photo than like any other portrait's."""
    likeness = [cosine(face.photo, faces[i].painted[strength]) for face in faces]
    return int(np.argmax(likeness)) == i


def table(figures: dict) -> str:
    """The figures in Markdown."""
    lines = [
        f"{figures['portraits']} portraits, a face found in {figures['faces']}.",
        *([f"Median similarity of two portraits' photos: {figures['strangers']:.3f}."] if figures["strangers"] else []),
        "",
        "| strength on people | similarity | higher than plain | recognised | around people |",
        "| --- | --- | --- | --- | --- |",
    ]
    for strength, row in figures["strengths"].items():
        plain = strength == 100
        higher = (
            "" if plain else f"{row['higher']:.0%}{'' if row['higher'] >= PROMISED else f' (short of {PROMISED:.0%})'}"
        )
        name = f"{strength}{' (plain)' if plain else ''}"
        lines.append(f"| {name} | {row['similarity']:.3f} | {higher} | {row['recognised']:.0%} | {row['around']:.2f} |")
    return "\n".join(lines) + "\n"


def portraits_of(pictures: Pictures) -> Iterator[Image.Image]:
    """All portraits, the longer side at most SIDE, in one random order. Raises NoPictures at one that is broken."""
    for i in np.random.default_rng(0).permutation(len(pictures)):
        try:
            photo = pictures.read(int(i))
        except OSError as error:
            raise NoPictures(f"{error}: put the file right, or remove it") from error
        photo.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        yield photo


def styles_of(pair: Pair, pictures: Pictures, people: Iterable[int]) -> list[Style]:
    """STYLES of the pictures or fewer, evenly spread, each painted at 100 and at the strengths on people."""
    count = min(STYLES, len(pictures))
    chosen = (pictures.first_readable(i * len(pictures) // count) for i in range(count))
    return [
        {each: stylist(pair, style, Request(style, strength=each / 100)) for each in (100, *people)} for style in chosen
    ]


def measure(
    portraits: Iterable[Image.Image],
    styles: Sequence[Style],
    find: Callable[[Image.Image], Mask],
    features: Features,
    keep: Callable[[Paintings], None] = lambda _: None,
) -> dict:
    """The figures of the portraits in the styles, in turns; `keep` gets the paintings with a face. Raises NoFaces."""
    faces, count = list[Face](), 0
    for i, photo in enumerate(portraits):
        paintings = paintings_of(photo, styles[i % len(styles)], find(photo))
        count += 1
        if face := face_of(paintings, features):
            faces.append(face)
            keep(paintings)
    return figures_of(faces, count)


class Gallery:
    """Writes the pictures of the first `most` portraits that it is given: <folder>/<kind>/NN.png."""

    def __init__(self, folder: Path, most: int):
        self.folder, self.most, self.count = folder, most, 0

    def __call__(self, paintings: Paintings) -> None:
        if self.count == self.most:
            return
        for kind, picture in paintings.all.items():
            (self.folder / kind).mkdir(parents=True, exist_ok=True)
            picture.save(self.folder / kind / f"{self.count:02d}.png")
        self.count += 1


def weaker(text: str) -> int:
    """A strength on people below that of all else."""
    value = int(text)
    if not 0 <= value < 100:
        raise argparse.ArgumentTypeError("name a number from 0 to 99")
    return value


def arguments(given: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portraits", nargs="+", required=True, metavar="SOURCE", help="photos of people")
    parser.add_argument("--styles", nargs="+", required=True, metavar="SOURCE", help="style pictures")
    parser.add_argument(
        "--run", type=Path, default=Path("training/style/published"), help="a run of the style networks"
    )
    parser.add_argument(
        "--mask", type=Path, default=Path("training/portrait/published"), help="a run of the person mask"
    )
    parser.add_argument(
        "--people",
        nargs="+",
        type=weaker,
        default=[75, 50, 25],
        metavar="N",
        help="strengths on people, 0 to 99 (default: 75 50 25)",
    )
    parser.add_argument("--pictures", type=int, default=0, metavar="N", help="write the pictures of N portraits")
    parser.add_argument("--out", type=Path, default=Path("runs/identity"), metavar="FOLDER")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> None:
    """Paints, measures and writes; problems of input end in one sentence."""
    options = arguments(given)
    try:
        features, portraits = Faces(), Pictures(options.portraits)
        styles = styles_of(load_pair(options.run), Pictures(options.styles), options.people)
        find = partial(mask_of, load_mask(options.mask).network)
        shown = tqdm(portraits_of(portraits), total=len(portraits), unit="portrait", dynamic_ncols=True)
        figures = measure(shown, styles, find, features, Gallery(options.out, options.pictures))
    except (Missing, NoPictures, runs.NotARun, NoFaces) as error:
        sys.exit(str(error))
    options.out.mkdir(parents=True, exist_ok=True)
    runs.write_json(options.out / "figures.json", figures)
    (options.out / "figures.md").write_text(table(figures), encoding="utf-8")
    print(table(figures), end="")


if __name__ == "__main__":
    main()
