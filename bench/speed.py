"""Speed of our graphs and the peers', in one page on one backend: medians of interleaved runs, and their ratios.

The peers are the graphs of github.com/reiinakano/arbitrary-image-stylization-tfjs; use a clone of it as their
folder. Graphs without weights are timed with random ones.
"""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.harness import Harness, Run

VECTOR = 100


@dataclass(frozen=True)
class Comparison:
    """One of our graphs compared with a peer's, on one size of picture."""

    task: str
    ours: str
    side: int
    peer: str
    paths: tuple[str, ...]  # where the peer's model.json may lie in the PEERS folder
    at_least: float  # the ratio this project promises
    peer_side: int = 0  # where the peer is given another size


SEPARABLE = ("saved_model_transformer_separable_js/model.json", "magenta-separable-tfjs/model.json")
INCEPTION = ("saved_model_style_inception_js/model.json", "magenta-style_inception.topology.json")
MOBILENET = ("saved_model_style_js/model.json", "magenta-style.topology.json")
COMPARISONS = (
    Comparison("painting", "style-transformer", 256, "separable transformer", SEPARABLE, 5),
    Comparison("painting", "style-transformer", 512, "separable transformer", SEPARABLE, 5),
    Comparison("predicting", "style-predictor", 256, "Inception-v3 predictor", INCEPTION, 4),
    Comparison("predicting", "style-predictor", 256, "MobileNetV2 predictor", MOBILENET, 0),
    Comparison("translating", "day-to-night", 256, "separable transformer", SEPARABLE, 1),
    Comparison("translating", "night-to-day", 256, "separable transformer", SEPARABLE, 1),
    Comparison("finding people", "person-mask", 256, "separable transformer", SEPARABLE, 8, peer_side=512),
)


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds; `peer` is None where the peer's graph is not at hand."""

    comparison: Comparison
    ours: float
    peer: float | None


def inputs_of(manifest: Mapping[str, Any], side: int) -> dict[str, list[int]]:
    """Shapes of a published graph's inputs, by tensor name, with `side` for what is dynamic."""
    return {
        port["tensor"]: [side if length is None else length for length in port["shape"]] for port in manifest["inputs"]
    }


def peer_inputs(comparison: Comparison) -> dict[str, list[int]]:
    """Shapes of the peer's inputs: a picture and, for a transformer, the vector as a 1 x 1 picture."""
    side = comparison.peer_side or comparison.side
    picture = {"Placeholder": [1, side, side, 3]}
    return picture | {"Placeholder_1": [1, 1, 1, VECTOR]} if comparison.paths == SEPARABLE else picture


def find_peer(peers: Path | None, comparison: Comparison) -> Path | None:
    """The peer's model.json in the folder, or None."""
    found = [peers / path for path in comparison.paths if (peers / path).is_file()] if peers else []
    return found[0] if found else None


def compare(harness: Harness, models: Path, peers: Path | None, repeats: int) -> list[Result]:
    """Times every comparison; `models` holds our published folders."""
    return [compare_one(harness, c, models, find_peer(peers, c), repeats) for c in COMPARISONS]


def compare_one(harness: Harness, comparison: Comparison, models: Path, peer: Path | None, repeats: int) -> Result:
    """Times one of our graphs, and the peer's if there is one."""
    folder = models / comparison.ours
    harness.load(comparison.ours, folder / "model.json")
    manifest = json.loads((folder / "manifest.json").read_text())
    runs = [Run(comparison.ours, inputs_of(manifest, comparison.side))]
    if peer:
        harness.load("peer", peer)
        runs.append(Run("peer", peer_inputs(comparison)))
    medians = [statistics.median(times) for times in harness.time(runs, repeats)]
    return Result(comparison, medians[0], medians[1] if peer else None)


def table(results: Sequence[Result]) -> str:
    """The figures as aligned text, one comparison a line."""
    return "\n".join(map(row, results))


def row(result: Result) -> str:
    """One line: what, ours, the peer's, the ratio and whether it is the promised one."""
    comparison = result.comparison
    line = f"  {comparison.task:<14} {comparison.side} px  ours {result.ours:7.1f} ms"
    if result.peer is None:
        return line
    ratio = result.peer / result.ours
    verdict = f"  ({'at least' if ratio >= comparison.at_least else 'SHORT OF'} {comparison.at_least:g}x)"
    promised = verdict if comparison.at_least else ""
    return f"{line}   {comparison.peer:<22} {result.peer:7.1f} ms   {ratio:5.1f}x faster{promised}"
