"""What lets a graph be painted in tiles: its norms' statistics by name, and how far a pixel's influence reaches.

An instance norm reads the whole picture, so a tile alone would be painted otherwise than its place in the whole. Its
mean and the reciprocal of its deviation become named nodes, `norm00.mean` and `norm00.reciprocal_deviation`.
TensorFlow.js gives any node that is asked for and takes any node that is fed: one pass over the whole picture returns
them, a pass over a tile accepts them, and all that is left is as local as a convolution.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from converter.compact import Graph, rename
from converter.execute_tfjs import run_tfjs
from converter.layout import Arrays, is_picture
from training.export import Export, Port

STATISTIC = re.compile(r"norm\d\d\.(mean|reciprocal_deviation)")
TOWARDS_DEVIATION = ("AvgPool", "Mean", "AddV2", "Sqrt", "Rsqrt", "Reciprocal")  # from the squares on
SIDES = (320, 384)  # px, height and width of the picture whose halves are changed


def name_statistics(graph: Graph) -> None:
    """Rename the statistics of every instance norm in a compact graph, in place; a graph without any stays."""
    nodes = graph["modelTopology"]["node"]
    names = {node["name"]: node["name"] for node in nodes}
    for number, (mean, deviation) in enumerate(_norms(nodes)):
        names[mean] = f"norm{number:02}.mean"
        names[deviation] = f"norm{number:02}.reciprocal_deviation"
    rename(graph, names)


def _norms(nodes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Names of (mean, reciprocal deviation): x - mean, squared, averaged, its root's reciprocal, then multiplied."""
    by_name = {node["name"]: node for node in nodes}
    readers: dict[str, list[dict[str, Any]]] = {name: [] for name in by_name}
    for node in nodes:
        for reference in node.get("input", []):
            readers[reference.partition(":")[0]].append(node)
    for node in nodes:
        if node["op"] != "Square" or (centred := by_name[node["input"][0]])["op"] != "Sub":
            continue
        while [reader["op"] in TOWARDS_DEVIATION for reader in readers[node["name"]]] == [True]:
            [node] = readers[node["name"]]
        if node["op"] in ("Rsqrt", "Reciprocal") and all(each["op"] == "Mul" for each in readers[node["name"]]):
            yield centred["input"][1], node["name"]


def tiling(graph: Path, export: Export, work: Path) -> dict[str, Any]:
    """For the manifest: "statistics", the tensors to ask for and feed, and "reach", px; nothing where tiles cannot be.

    Measured on the graph itself: a random picture is painted with its own statistics fed, then again with one half
    changed. `reach` is how far from the change a pixel differs.
    """
    nodes = json.loads((graph / "model.json").read_text())["modelTopology"]["node"]
    names = sorted(node["name"] for node in nodes if STATISTIC.fullmatch(node["name"]))
    if not names:
        return {}
    random = np.random.default_rng(0)
    inputs = {port.name: random.random(_shape(port), np.float32) for port in export.inputs}
    ports = tuple(Port(name, (1, None, 1, 1), None) for name in names)
    [whole] = run_tfjs(graph, replace(export, outputs=(*export.outputs, *ports)), [inputs], work / "statistics")
    fed = inputs | {name: whole[name] for name in names}
    changed = [_half_replaced(fed, export, axis, half) for axis in (2, 3) for half in (0, 1)]
    same, *others = run_tfjs(graph, export, [fed, *changed], work / "reach")
    [painted] = (port.name for port in export.outputs)
    assert np.array_equal(same[painted], whole[painted]), "the graph does not take the statistics that it gave"
    reach = max(
        _reach(same[painted] != other[painted], axis, half)
        for other, (axis, half) in zip(others, ((axis, half) for axis in (2, 3) for half in (0, 1)), strict=True)
    )
    return {"statistics": [f"{name}:0" for name in names], "reach": reach} if reach < min(SIDES) // 2 else {}


def _shape(port: Port) -> list[int]:
    sides = iter(SIDES)
    return [next(sides) if side is None else side for side in port.shape]


def _half_replaced(inputs: Arrays, export: Export, axis: int, half: int) -> Arrays:
    """The inputs with the picture's first or second half along an axis turned to its negative."""
    [name] = (port.name for port in export.inputs if is_picture(port))
    picture = inputs[name].copy()
    middle = picture.shape[axis] // 2
    changed = np.moveaxis(picture, axis, 0)[middle:] if half else np.moveaxis(picture, axis, 0)[:middle]
    changed[:] = 1 - changed
    return inputs | {name: picture}


def _reach(differs: np.ndarray, axis: int, half: int) -> int:
    """Pixels from the middle to the farthest difference in the half that was left as it was."""
    lines = np.flatnonzero(differs.any(axis=tuple(each for each in range(4) if each != axis)))
    middle = differs.shape[axis] // 2
    return max(0, middle - int(lines[0]) if half else int(lines[-1]) + 1 - middle)
