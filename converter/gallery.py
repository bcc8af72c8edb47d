"""Writes the style gallery with a run's vectors, so that its styles need no predictor:

    python converter/gallery.py RUN        after the gallery's pictures have changed

RUN is the run directory whose networks are published. Its predictor gets the centre square of each picture.
`converter/run.py` does the same for the networks that it publishes: for those of web/models in web/styles/gallery.json,
for those of another folder in a gallery.json of that folder, which the page reads with `?models=`. A map of styles
beside the gallery that is of another style space is removed: `converter/map.py` writes one of the new space.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from converter.files import write_json
from training.common.decoding import read_picture
from training.common.runs import NotARun
from training.export import Export, exports
from training.style.predictors import view
from training.style.transformer import keeping

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "web" / "styles" / "gallery.json"
MAP = "map.json"  # beside the gallery (map.py)
PREDICTOR = "style-predictor"


def fill_gallery(run: Path, gallery: Path = GALLERY, to: Path | None = None) -> int:
    """Write the gallery with the vectors and the style space of `run`, to `to` or in its place; gives their number.

    Raises NotARun, OSError (a picture is missing or unreadable); nothing is written then.
    """
    predictor = _predictor(run)
    content = json.loads(gallery.read_text())
    for style in content["styles"]:
        style["vector"] = vector(predictor, gallery.parent / style["picture"])
    content["style_space"] = predictor.manifest["style_space"]
    write_json(to or gallery, content)
    _remove_other_map((to or gallery).with_name(MAP), content["style_space"])
    return len(content["styles"])


@torch.inference_mode()
def vector(predictor: Export, picture: Path) -> list[float]:
    """The picture's 100 numbers, to five digits."""
    square = view(read_picture(picture))[None]
    return [float(f"{number:.5g}") for number in keeping(predictor.network(square), 0)[0].tolist()]


def _remove_other_map(place: Path, space: str) -> None:
    """Remove a map of styles whose vectors are of another space: the page would paint noise with them."""
    if place.exists() and json.loads(place.read_text())["style_space"] != space:
        place.unlink()
        print(f"removed {place}, a map of another style space: write it anew with converter/map.py")


def _predictor(run: Path) -> Export:
    for export in exports(run):
        if export.name == PREDICTOR:
            return export
    raise NotARun(f"{run} has no {PREDICTOR}: name the run whose networks are published")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; every failure is one sentence."""
    parser = argparse.ArgumentParser(description="Writes the style gallery's vectors.")
    parser.add_argument("run", type=Path, help="a run directory, as distill/run.py writes it")
    try:
        count = fill_gallery(parser.parse_args(arguments).run)
    except (NotARun, OSError) as error:
        sys.exit(f"{parser.prog}: {error}")
    print(f"wrote {count} vectors into {GALLERY}")


if __name__ == "__main__":
    main()
