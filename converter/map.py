"""Writes the map of styles: a grid of style vectors between which visitors can walk, with a painted swatch for each:

    python converter/map.py RUN [--pictures SOURCE ...]      after the gallery's vectors or its pictures have changed

RUN is the run directory whose networks are published. The map (training/style/som.py) is trained on the gallery's
vectors and on those of further style pictures, of which nothing else is published: the sources', or the embedded set
(training/style/embedded.py), which the gallery's painters paint. The gallery's styles count more, so that each lies
close to a cell. Two files are written to web/styles:

    map.json    {style_space, rows, columns, vectors, places, swatches}. Cells are listed row by row. `vectors` holds
                100 numbers for each, to three decimals, so four digits at most: 17 kB over brotli, where float16 in
                base64 takes 19 and four significant digits 23. `places` holds for each cell one or two of the
                gallery's styles as {id, name}, the nearest first. `swatches` names the sprite
    map.webp    a sample photo painted with each cell's vector, SIDE px a swatch, rows and columns as in the map

`converter/run.py` does the same for the networks that it publishes to web/models. Another folder gets no map.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from converter.files import write_json
from converter.gallery import GALLERY, MAP
from training.common.decoding import read_picture
from training.common.pictures import NoPictures
from training.common.runs import NotARun
from training.common.squares import centre_cut
from training.style import som, tiles
from training.style.load import Pair, load_pair
from training.style.transformer import towards_styles

ROOT = Path(__file__).resolve().parents[1]
PHOTO = ROOT / "web" / "samples" / "house-at-dusk.jpg"
PAINTED, SIDE = 128, 48  # px of a swatch as it is painted, and as it is published
MOST_BYTES = 70_000  # of the sprite
GALLERYS_SHARE = 0.65  # of all weights, whatever the number of further pictures
BETWEEN = 1.5  # times as far as the nearest style: up to there the second one is named too


def fill_map(run: Path, sources: Sequence[str] = (), gallery: Path = GALLERY) -> int:
    """Write map.json and map.webp beside the gallery; gives the number of cells.

    Raises NotARun (also where the gallery's vectors are of another space), NoPictures, NoRoom, OSError; nothing is
    written then.
    """
    pair, content = load_pair(run), json.loads(gallery.read_text())
    space = pair.state["style_space"]
    styles = content["styles"]
    if content["style_space"] != space or not all("vector" in style for style in styles):
        raise NotARun(f"{gallery} has no vectors of {run} (style space {space}): run converter/gallery.py {run} first")
    gallerys = np.array([style["vector"] for style in styles])
    cells = trained(gallerys, som.vectors_of(pair, som.styles(sources))).round(3)
    write_sprite(sprite(pair, cells, read_picture(PHOTO)), gallery.with_name(MAP).with_suffix(".webp"))
    write_json(gallery.with_name(MAP), described(cells, styles, gallerys, space))
    return cells.shape[0] * cells.shape[1]


def trained(gallerys: np.ndarray, further: np.ndarray) -> np.ndarray:
    """The map's cells [R,C,100], of the gallery's vectors [N,100] and further ones [M,100]."""
    vectors = np.concatenate([gallerys, further])
    weights = np.ones(len(vectors))
    weights[: len(gallerys)] = GALLERYS_SHARE / (1 - GALLERYS_SHARE) * len(further) / len(gallerys)
    return som.trained_in_batch(som.principal_cells(vectors, som.ROWS, som.COLUMNS), vectors, weights)


def described(cells: np.ndarray, styles: list[dict], gallerys: np.ndarray, space: str) -> dict[str, Any]:
    """What map.json says of cells [R,C,100], beside the gallery's entries and their vectors [N,100]."""
    rows, columns = cells.shape[:2]
    return {
        "style_space": space,
        "rows": rows,
        "columns": columns,
        "vectors": cells.reshape(rows * columns, -1).tolist(),
        "places": [_place(styles, far) for far in som.distances(cells, gallerys).T],
        "swatches": Path(MAP).with_suffix(".webp").name,
    }


def _place(styles: list[dict], far: np.ndarray) -> list[dict]:
    """One or two of the gallery's styles, the nearest first, by their distances [N]."""
    near = [i for i in far.argsort()[:2] if far[i] <= BETWEEN * far.min()]
    return [{key: styles[i][key] for key in ("id", "name")} for i in near]


@torch.inference_mode()
def sprite(pair: Pair, cells: np.ndarray, photo: Image.Image) -> Image.Image:
    """The photo's centre square painted with each of the cells [R,C,100], as one picture of R x C swatches."""
    rows, columns = cells.shape[:2]
    small = np.asarray(centre_cut(photo).resize((PAINTED, PAINTED), Image.Resampling.LANCZOS))
    vectors = towards_styles(pair.transformer, torch.from_numpy(cells.reshape(rows * columns, -1)).float())
    picture = Image.new("RGB", (columns * SIDE, rows * SIDE))
    for i, vector in enumerate(vectors):
        swatch = Image.fromarray(tiles.whole(pair.transformer, small, vector[None]))
        place = (i % columns * SIDE, i // columns * SIDE)
        picture.paste(swatch.resize((SIDE, SIDE), Image.Resampling.LANCZOS), place)
    return picture


def write_sprite(picture: Image.Image, path: Path) -> None:
    """Write a WebP at the best quality that takes at most MOST_BYTES, under a temporary name first."""
    beside = path.with_name(path.name + ".new")
    for quality in range(88, 10, -2):
        picture.save(beside, "WEBP", quality=quality, method=6)
        if beside.stat().st_size <= MOST_BYTES:
            break
    os.replace(beside, path)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; every failure is one sentence."""
    parser = argparse.ArgumentParser(description="Writes the map of styles.")
    parser.add_argument("run", type=Path, help="a run directory, as distill/run.py writes it")
    som.add_pictures(parser)
    options = parser.parse_args(arguments)
    try:
        count = fill_map(options.run, options.pictures)
    except (NotARun, NoPictures, OSError) as error:
        sys.exit(f"{parser.prog}: {error}")
    print(f"wrote {count} cells into {GALLERY.with_name(MAP)}")


if __name__ == "__main__":
    main()
