"""A self-organising map (Kohonen map) of style vectors: a grid of vectors whose neighbours are alike.

    python -m training.style.som RUN [--pictures SOURCE ...]    prints the errors of both forms on the styles' vectors

Each vector has a best cell, the nearest one. A step moves the cells around it towards the vector, by a Gaussian of
their distance on the grid whose width shrinks. Two forms:

    batch     all vectors at once: each cell becomes their mean, weighted by that Gaussian (Kohonen, Self-Organizing
              Maps, 3rd edition, 2001, section 3.6). It has no random order: the same vectors give the same map
    online    one vector after another, in random order (Kohonen 1982, Self-organized formation of topologically
              correct feature maps)

The errors are the usual two: the quantisation error (how far vectors are from their best cells) and the topographic
error (how often the second-best cell is not beside the best one). bench/maps.py compares them with MiniSom's.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training.common.pictures import NoPictures, Pictures
from training.common.runs import NotARun
from training.style import embedded
from training.style.load import Pair, load_pair
from training.style.predictors import view
from training.style.transformer import keeping

ROWS, COLUMNS = 8, 12
EPOCHS = 60  # steps of the batch form; of the online form, how often each vector comes
LAST = 0.6  # cells, the width of the neighbourhood at the end; it begins with half the longer side of the grid
RATES = 0.5, 0.17  # of the online form, at the beginning and at the end


class NoMap(ValueError):
    """Vectors or a grid that make no map; the message says what is wrong with them."""


def principal_cells(vectors: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Initial cells [R,C,D] on the plane of the first two principal components of vectors [N,D]; the first one lies
    along the longer side, and both reach two standard deviations to either side. Raises NoMap."""
    _check(vectors, rows, columns)
    centre = vectors.mean(0)
    _, deviations, axes = np.linalg.svd(vectors - centre, full_matrices=False)
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])[:, None]  # the sign is arbitrary
    first, second = (2 * deviations[:2] / len(vectors) ** 0.5)[:, None] * axes[:2]
    down, across = (first, second) if rows > columns else (second, first)
    y, x = (np.linspace(-1, 1, side)[:, None] if side > 1 else np.zeros((1, 1)) for side in (rows, columns))
    return centre + (y * down)[:, None] + (x * across)[None]


def random_cells(vectors: np.ndarray, rows: int, columns: int, seed: int) -> np.ndarray:
    """Initial cells [R,C,D] drawn from vectors [N,D]. Raises NoMap."""
    _check(vectors, rows, columns)
    return vectors[np.random.default_rng(seed).integers(len(vectors), size=(rows, columns))]


def trained_in_batch(
    cells: np.ndarray, vectors: np.ndarray, weights: np.ndarray | None = None, last: float = LAST
) -> np.ndarray:
    """Cells [R,C,D] after EPOCHS steps with all vectors [N,D], each of which counts by its weight ([N], else 1)."""
    apart, counts = _apart(cells), np.ones(len(vectors)) if weights is None else weights
    for width in _widths(cells, EPOCHS, last):
        near = apart[distances(cells, vectors).argmin(1)]
        near = near - near.min(0)  # the same means, and no cell is too far from all vectors for exp
        shares = counts[:, None] * np.exp(-near / (2 * width**2))
        cells = (shares.T @ vectors / shares.sum(0)[:, None]).reshape(cells.shape)
    return cells


def trained_online(cells: np.ndarray, vectors: np.ndarray, seed: int, last: float = LAST) -> np.ndarray:
    """Cells [R,C,D] after EPOCHS times all vectors [N,D], one by one in an order of this seed."""
    random, apart, steps = np.random.default_rng(seed), _apart(cells), EPOCHS * len(vectors)
    flat = cells.reshape(-1, cells.shape[-1]).copy()
    order = np.concatenate([random.permutation(len(vectors)) for _ in range(EPOCHS)])
    for i, rate, width in zip(order, np.geomspace(*RATES, steps), _widths(cells, steps, last), strict=True):
        best = np.square(flat - vectors[i]).sum(1).argmin()
        flat += rate * np.exp(-apart[best] / (2 * width**2))[:, None] * (vectors[i] - flat)
    return flat.reshape(cells.shape)


def distances(cells: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Euclidean distances [N,R*C] of vectors [N,D] to cells [R,C,D], row by row."""
    return np.stack([np.linalg.norm(cells.reshape(-1, cells.shape[-1]) - each, axis=1) for each in vectors])


def quantisation_error(cells: np.ndarray, vectors: np.ndarray) -> float:
    """The mean distance of vectors [N,D] to their best cells."""
    return float(distances(cells, vectors).min(1).mean())


def topographic_error(cells: np.ndarray, vectors: np.ndarray) -> float:
    """The share of vectors [N,D] whose best and second-best cells do not touch, not even at a corner."""
    best, second = distances(cells, vectors).argsort(1)[:, :2].T
    return float((_apart(cells)[best, second] > 2).mean())


def vectors_of(pair: Pair, pictures: Pictures) -> np.ndarray:
    """The style vectors [N,100] of all pictures that can be read. Raises NoPictures."""
    with torch.inference_mode():
        seen = (pictures.first_readable(i) for i in range(len(pictures)))
        return np.concatenate([keeping(pair.predictor(view(each)[None]), 0).numpy() for each in seen])


def styles(sources: Sequence[str]) -> Pictures:
    """The pictures of the sources, or of the embedded set, which is painted first. Raises NoPictures, NoRoom."""
    return Pictures(sources or embedded.all_styles())


def _check(vectors: np.ndarray, rows: int, columns: int) -> None:
    if rows < 1 or columns < 1 or rows * columns < 2:
        raise NoMap(f"a map of {rows} x {columns} cells is none: it needs two cells at least")
    if vectors.ndim != 2 or len(vectors) < 3:
        raise NoMap("a map needs three vectors at least, as rows of one length")
    if not np.isfinite(vectors).all():
        raise NoMap("a vector has numbers that are not finite")


def _apart(cells: np.ndarray) -> np.ndarray:
    """[R*C,R*C]: the squared distances of the cells to each other on the grid."""
    places = np.indices(cells.shape[:2]).reshape(2, -1).T
    return np.square(places[:, None] - places[None]).sum(2)


def _widths(cells: np.ndarray, steps: int, last: float) -> np.ndarray:
    """[steps]: the widths of the neighbourhood, from half the grid's longer side to the last one."""
    return np.geomspace(max(max(cells.shape[:2]) / 2, last), last, steps)


def add_pictures(parser: argparse.ArgumentParser) -> None:
    """The option that names style pictures."""
    parser.add_argument(
        "--pictures",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help=f"folders or tars of style pictures (default: the embedded set, painted to {embedded.FOLDER})",
    )


def errors(vectors: np.ndarray, rows: int, columns: int, seed: int) -> dict[str, tuple[float, float]]:
    """Quantisation and topographic error of both forms, each from both kinds of initial cells. Raises NoMap."""
    found = {}
    for name, cells in (
        ("principal components", principal_cells(vectors, rows, columns)),
        (f"random, seed {seed}", random_cells(vectors, rows, columns, seed)),
    ):
        for form, trained in (
            ("batch", trained_in_batch(cells, vectors)),
            ("online", trained_online(cells, vectors, seed)),
        ):
            found[f"{form}, {name}"] = quantisation_error(trained, vectors), topographic_error(trained, vectors)
    return found


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.style.train or distill/run.py")
    add_pictures(parser)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows of the grid (default: {ROWS})")
    parser.add_argument("--columns", type=int, default=COLUMNS, help=f"columns of the grid (default: {COLUMNS})")
    parser.add_argument("--seed", type=int, default=0, help="seed of random cells and of the order (default: 0)")
    options = parser.parse_args(arguments)
    try:
        vectors = vectors_of(load_pair(options.run), styles(options.pictures))
        rows = errors(vectors, options.rows, options.columns, options.seed)
    except (NotARun, NoPictures, NoMap) as error:
        sys.exit(str(error))
    print(f"{len(vectors)} vectors on {options.rows} x {options.columns} cells: quantisation and topographic error")
    for name, (quantisation, topographic) in rows.items():
        print(f"{name:32} {quantisation:.3f} {topographic:.3f}")


if __name__ == "__main__":
    main()
