"""Writes the gallery's vectors into web/styles/gallery.json, so that the page paints without a predictor:

    python converter/gallery.py RUN

RUN is the run directory whose networks are published; its predictor reads each picture's centre square.
"""

# ruff: noqa: E402

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from converter.files import write_json
from training.common.decoding import read_picture
from training.common.runs import NotARun
from training.export import Export, exports
from training.style.transformer import keeping

GALLERY = ROOT / "web" / "styles" / "gallery.json"
PREDICTOR = "style-predictor"
SIDE = 256  # px, as the page feeds its predictor


def fill_gallery(run: Path, gallery: Path = GALLERY) -> int:
    """Write the vectors and the style space of `run` into gallery.json; gives the number of styles.

    Raises NotARun, OSError (a picture is missing or unreadable); gallery.json is untouched then.
    """
    predictor = _predictor(run)
    content = json.loads(gallery.read_text())
    for style in content["styles"]:
        style["vector"] = vector(predictor, gallery.parent / style["picture"])
    content["style_space"] = predictor.manifest["style_space"]
    write_json(gallery, content)
    return len(content["styles"])


@torch.inference_mode()
def vector(predictor: Export, picture: Path) -> list[float]:
    """The picture's 100 numbers, to five digits."""
    square = torch.from_numpy(centre_square(read_picture(picture)))
    return [float(f"{number:.5g}") for number in keeping(predictor.network(square), 0)[0].tolist()]


def centre_square(picture: Image.Image) -> np.ndarray:
    """[1,3,256,256] in [0,1], reduced with a triangle filter as the page does it."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    square = picture.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return (np.asarray(square, np.float32) / 255).transpose(2, 0, 1)[None]


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
