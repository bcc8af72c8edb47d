"""Compares our map of styles (training/style/som.py) with MiniSom's on the same vectors, grid, steps and seeds.

    python bench/maps.py RUN [--pictures SOURCE ...]     style pictures as for training/style/som.py

A wider neighbourhood at the end makes the quantisation error larger and the topographic error smaller, and MiniSom's
Gaussian ends at a third of its first width. So each of its rows stands beside ours of the same last width.
"""

import argparse
import statistics
import sys
from pathlib import Path

import numpy as np
from minisom import MiniSom

from training.common.pictures import NoPictures
from training.common.runs import NotARun
from training.style import som
from training.style.load import load_pair

SEEDS = range(3)
WIDTHS = (1 / 3, 0.6, 1.0)  # cells, at the end
FORMS = ("batch", "online")


def ours(vectors: np.ndarray, form: str, rows: int, columns: int, width: float, seed: int) -> np.ndarray:
    """Our cells [R,C,D], from random ones."""
    cells = som.random_cells(vectors, rows, columns, seed)
    if form == "batch":
        return som.trained_in_batch(cells, vectors, last=width)
    return som.trained_online(cells, vectors, seed, last=width)


def minisoms(vectors: np.ndarray, form: str, rows: int, columns: int, width: float, seed: int) -> np.ndarray:
    """MiniSom's cells [R,C,D], from random ones, with its usual learning rate."""
    theirs = MiniSom(rows, columns, vectors.shape[1], sigma=3 * width, learning_rate=0.5, random_seed=seed)
    theirs.random_weights_init(vectors)
    if form == "batch":
        theirs.train_batch_offline(vectors, som.EPOCHS)
    else:
        theirs.train_random(vectors, som.EPOCHS * len(vectors))
    return theirs.get_weights()


def table(vectors: np.ndarray) -> str:
    """Medians over SEEDS in Markdown."""
    lines = ["| last width | form | ours: quantisation | topographic | MiniSom: quantisation | topographic |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for width in WIDTHS:
        for form in FORMS:
            measured = []
            for train in (ours, minisoms):
                maps = [train(vectors, form, som.ROWS, som.COLUMNS, width, seed) for seed in SEEDS]
                for error in (som.quantisation_error, som.topographic_error):
                    measured.append(f"{statistics.median(error(each, vectors) for each in maps):.3f}")
            lines.append(f"| {width:.2g} | {form} | {' | '.join(measured)} |")
    return "\n".join(lines)


def main() -> None:
    """Prints the table; a folder that is no run, or without pictures, ends in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.style.train or distill/run.py")
    som.add_pictures(parser)
    options = parser.parse_args()
    try:
        vectors = som.vectors_of(load_pair(options.run), som.styles(options.pictures))
    except (NotARun, NoPictures) as error:
        sys.exit(str(error))
    print(f"{len(vectors)} vectors\n\n{table(vectors)}")


if __name__ == "__main__":
    main()
