"""Measures what generators of style vectors invent, beside a Gaussian of the same vectors, in one table.

    python -m training.synthesis.evaluate_vectors RUN

Writes RUN/evaluation/: figures.json, figures.md and two sheets of a photo painted in invented styles, samples.png and
walk.png (rows from one noise to another). The real vectors are those of the training; none is held out. Columns:

    distance             Frechet distance of the vectors, as FID is of the features of pictures
    precision, recall    training/evaluation/distances.py, of the vectors
    variety              their mean distance to one another, over that of real ones
    nearest              the median distance to the nearest real vector, over that of real ones to the nearest other one
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.common import runs
from training.common.command import Missing
from training.common.grid import save_grid
from training.common.pictures import NoPictures, Pictures
from training.evaluation import command
from training.evaluation.distances import fid, precision_recall
from training.style.load import load_pair
from training.synthesis.evaluate import COLUMNS, ROWS, walk
from training.synthesis.export import VECTOR_FIGURES
from training.synthesis.load import load_vectors
from training.synthesis.style_vectors import VectorGenerator
from training.synthesis.train_vectors import painted, real_vectors
from training.synthesis.validation import distance, noise


def figures_of(vectors: Tensor, real: Tensor) -> dict[str, float]:
    """The figures of vectors [N,100] beside real ones [M,100]. Raises Missing without torch-fidelity."""
    precision, recall = precision_recall(vectors.double(), real.double())
    apart = torch.cdist(real, real).fill_diagonal_(float("inf")).min(1).values.median()
    return {
        "distance": fid(vectors.double(), real.double()),
        "precision": precision,
        "recall": recall,
        "variety": (distance(vectors) / distance(real)).item(),
        "nearest": (torch.cdist(vectors, real).min(1).values.median() / apart).item(),
    }


@torch.no_grad()
def evaluate(run: Path) -> dict[str, dict[str, float]]:
    """The rows of the table by name; writes them and the sheets too. Raises NotARun, NoPictures, Missing."""
    loaded = load_vectors(run)
    pair = load_pair(Path(loaded.config.pair))
    real = real_vectors(pair, Pictures(loaded.config.pictures))
    gaussian = VectorGenerator()
    gaussian.begin(real)
    drawn = noise(len(real), 0)
    half = torch.randperm(len(real), generator=torch.Generator().manual_seed(0)).chunk(2)
    rows = {
        "invented": figures_of(loaded.generator(drawn), real),
        "a Gaussian": figures_of(gaussian(drawn), real),
        "half of the real ones to the other half": figures_of(real[half[0]], real[half[1]]),
    }
    out = run / "evaluation"
    out.mkdir(exist_ok=True)
    save_grid(out / "samples.png", list(painted(pair, loaded.generator(drawn[: ROWS * COLUMNS])).split(COLUMNS)))
    ends = noise(2 * ROWS, 1).split(2)
    save_grid(out / "walk.png", [painted(pair, loaded.generator(walk(a, b, COLUMNS))) for a, b in ends])
    command.write(run, {"vectors": len(real), **rows["invented"], "rows": rows}, table(rows, len(real)))
    return rows


def table(rows: dict[str, dict[str, Any]], count: int) -> str:
    """The rows in Markdown."""
    lines = [f"{count:,} real style vectors, and as many of each row.", "", "| | " + " | ".join(VECTOR_FIGURES) + " |"]
    lines.append("| --- " * (len(VECTOR_FIGURES) + 1) + "|")
    lines += [
        f"| {name} | " + " | ".join(f"{row[each]:.3f}" for each in VECTOR_FIGURES) + " |" for name, row in rows.items()
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, metavar="RUN", help="run directory of training.synthesis.train_vectors")
    options = parser.parse_args(arguments)
    try:
        evaluate(options.run)
    except (runs.NotARun, NoPictures, Missing) as error:
        sys.exit(str(error))
    print((options.run / "evaluation" / "figures.md").read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
