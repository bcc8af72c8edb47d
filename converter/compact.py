"""Makes a TensorFlow.js graph small: nothing in model.json but what TensorFlow.js reads, and every constant once."""

import base64
import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from training.export import Export

Graph = dict[str, Any]  # the content of a model.json
Weights = list[dict[str, Any]]  # name and data (a NumPy array) of each constant

FORMS: dict[str, Callable[[Any], Any]] = {  # of values in attributes, by the kind that names them
    "i": int,
    "f": float,
    "b": bool,
    "s": lambda text: base64.b64decode(text).decode(),
}


def compact(graph: Graph, weights: Weights, export: Export) -> None:
    """Drop unread attributes, merge equal constants and shorten names, in place; ports get their own names."""
    nodes = graph["modelTopology"]["node"]
    names = _merged_constants(weights)
    weights[:] = [weight for weight in weights if names[weight["name"]] == weight["name"]]
    nodes[:] = [_compact_node(node) for node in nodes if names.get(node["name"], node["name"]) == node["name"]]
    short = _short_names(graph, export)
    names = short | {name: short[kept] for name, kept in names.items()}
    rename(graph, names)
    for weight in weights:
        weight["name"] = names[weight["name"]]


def _merged_constants(weights: Weights) -> dict[str, str]:
    """For each constant the name of the first that equals it."""
    first: dict[tuple, str] = {}
    keys = {each["name"]: (each["data"].dtype, each["data"].shape, each["data"].tobytes()) for each in weights}
    return {name: first.setdefault(key, name) for name, key in keys.items()}


def _compact_node(node: dict[str, Any]) -> dict[str, Any]:
    """The node with its inputs and those attributes that TensorFlow.js reads and would not assume by itself."""
    read = _attributes(node["op"])
    attributes = {
        name: value
        for name, value in node.get("attr", {}).items()
        if name in read and (read[name] is None or read[name] != _plain(value))
    }
    small = {"name": node["name"], "op": node["op"], "input": node.get("input"), "attr": attributes}
    return {key: value for key, value in small.items() if value}


def _attributes(op: str) -> dict[str, Any]:
    """Attributes of the operation that TensorFlow.js reads, each with its default value or None."""
    declared = _operations().get(op, {}).get("attrs", [])
    return {each["tfName"]: each.get("defaultValue") for each in declared if not each.get("notSupported")}


@cache
def _operations() -> dict[str, Any]:
    """The list by which TensorFlow.js itself reads graphs, by operation."""
    folder = Path(str(distribution("tensorflowjs").locate_file("tensorflowjs/op_list")))
    return {each["tfOpName"]: each for file in folder.glob("*.json") for each in json.loads(file.read_text())}


def _plain(attribute: dict[str, Any]) -> Any:
    """An attribute's value as the list writes defaults; what has no such form stays as it is."""
    [(kind, value)] = attribute.items()
    if kind == "list":
        return [_plain({kind: each}) for kind, values in value.items() for each in values]
    return FORMS[kind](value) if kind in FORMS else attribute


def _short_names(graph: Graph, export: Export) -> dict[str, str]:
    """A short name for every node, the ports' own for inputs and outputs. Full names are bulky."""
    nodes = [node["name"] for node in graph["modelTopology"]["node"]]
    names = {name: f"n{number}" for number, name in enumerate(nodes)}
    for ports, side in ((export.inputs, "inputs"), (export.outputs, "outputs")):
        for port in ports:
            names[graph["signature"][side][port.name]["name"].removesuffix(":0")] = port.name
    return names


def rename(graph: Graph, names: dict[str, str]) -> None:
    """Put the new names into the nodes, their inputs (`node` or `node:output`) and the signature."""

    def renamed(reference: str) -> str:
        node, colon, output = reference.partition(":")
        return names[node] + colon + output

    for node in graph["modelTopology"]["node"]:
        node["name"] = names[node["name"]]
        if "input" in node:
            node["input"] = [renamed(reference) for reference in node["input"]]
    for side in ("inputs", "outputs"):
        for tensor in graph["signature"][side].values():
            tensor["name"] = renamed(tensor["name"])
