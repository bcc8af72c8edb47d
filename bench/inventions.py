"""Paints photos in styles that no one painted, to look at: styles of a generator of vectors beside those of pictures.

    python bench/inventions.py OUT --vectors RUN --pictures RUN PHOTO ...

`--vectors` is a run of training.synthesis.train_vectors, whose vectors are styles; `--pictures` one of
training.synthesis.train, whose pictures are seen by the predictor of the published pair. OUT/vectors/NN.jpg and
OUT/pictures/NN.jpg show the photos in draw NN, side by side; OUT/seen.jpg shows the pictures.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from training.common import runs
from training.common.decoding import read_picture
from training.common.squares import to_picture
from training.style import tiles
from training.style.load import Pair, load_pair
from training.style.predictors import view
from training.style.transformer import towards_styles
from training.synthesis.load import load_generator, load_vectors
from training.synthesis.validation import noise

PUBLISHED = Path(__file__).resolve().parents[1] / "training" / "style" / "published"
DRAWS, SEED = 30, 777
HEIGHT = 384  # px


@torch.inference_mode()
def styles_of_pictures(run: Path, pair: Pair) -> tuple[Tensor, list[Image.Image]]:
    """The styles [30,100] that the predictor sees in invented pictures, and these. Raises NotARun."""
    pictures = [to_picture(each) for each in load_generator(run).samples(DRAWS, SEED)]
    return pair.predictor(torch.stack([view(each) for each in pictures])), pictures


@torch.inference_mode()
def in_style(pair: Pair, photos: list[Image.Image], style: Tensor) -> Image.Image:
    """The photos painted in a style [100], side by side."""
    vector = towards_styles(pair.transformer, style[None])
    painted = [np.asarray(tiles.paint(pair.transformer, photo, vector)) for photo in photos]
    return Image.fromarray(np.concatenate(painted, 1))


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    parser.add_argument("--vectors", type=Path, required=True, metavar="RUN", help="run of train_vectors")
    parser.add_argument("--pictures", type=Path, required=True, metavar="RUN", help="run of train")
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="photos to paint")
    options = parser.parse_args(arguments)
    try:
        pair = load_pair(PUBLISHED)
        with torch.inference_mode():
            vectors = load_vectors(options.vectors).generator(noise(DRAWS, SEED))
        seen, pictures = styles_of_pictures(options.pictures, pair)
    except runs.NotARun as error:
        sys.exit(str(error))
    photos = [
        photo.resize((round(photo.width * HEIGHT / photo.height), HEIGHT))
        for photo in map(read_picture, options.photos)
    ]
    for name, styles in (("vectors", vectors), ("pictures", seen)):
        (options.out / name).mkdir(parents=True, exist_ok=True)
        for i, style in enumerate(tqdm(styles, desc=name, unit="draw", dynamic_ncols=True)):
            in_style(pair, photos, style).save(options.out / name / f"{i:02}.jpg", quality=92)
    Image.fromarray(np.concatenate([np.asarray(each) for each in pictures], 1)).save(options.out / "seen.jpg")


if __name__ == "__main__":
    main()
