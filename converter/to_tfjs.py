"""SavedModel -> a TensorFlow.js graph model (model.json and *.bin), compact, with the ports' names."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from training.export import Export

# Attributes that TensorFlow.js does not read: types it infers, hints to other devices.
NOISE = ("T", "Tshape", "Tidx", "Tperm", "Tpaddings", "TArgs", "Index", "num_host_args", "use_cudnn_on_gpu")
FEW, SMALL = 64, 10_000  # numbers in a kernel
PRECISIONS = ("float32", "float16", "uint8")


def to_tfjs(saved_model: Path, export: Export, precision: str, folder: Path) -> None:
    """Write model.json and the weights; inputs and outputs are called `<port>:0`."""
    from tensorflowjs import read_weights, write_weights
    from tensorflowjs.converters import tf_saved_model_conversion_v2

    raw = folder.with_name("tfjs-raw")
    tf_saved_model_conversion_v2.convert_tf_saved_model(str(saved_model), str(raw))
    graph = json.loads((raw / "model.json").read_text())
    weights = read_weights.read_weights(graph["weightsManifest"], str(raw), flatten=True)
    names = _short_names(graph, export)
    _rename(graph, names)
    _drop_noise(graph)
    for weight in weights:
        weight["name"] = names[weight["name"]]
    folder.mkdir()
    graph["weightsManifest"] = write_weights.write_weights(
        [weights], str(folder), write_manifest=False, quantization_dtype_map=_quantisation(weights, precision)
    )
    (folder / "model.json").write_text(json.dumps(graph, separators=(",", ":")))


def _short_names(graph: dict[str, Any], export: Export) -> dict[str, str]:
    """A short name for every node, the ports' own for inputs and outputs. Full names are bulky."""
    nodes = [node["name"] for node in graph["modelTopology"]["node"]]
    names = {name: f"n{number}" for number, name in enumerate(nodes)}
    for ports, side in ((export.inputs, "inputs"), (export.outputs, "outputs")):
        for port in ports:
            names[graph["signature"][side][port.name]["name"].removesuffix(":0")] = port.name
    return names


def _rename(graph: dict[str, Any], names: dict[str, str]) -> None:
    """Put the new names into the nodes, their inputs (`node` or `node:output`) and the signature."""

    def renamed(reference: str) -> str:
        node, colon, output = reference.partition(":")
        return names[node] + colon + output

    for node in graph["modelTopology"]["node"]:
        node["name"] = names[node["name"]]
        node["input"] = [renamed(reference) for reference in node.get("input", [])]
    for side in ("inputs", "outputs"):
        for tensor in graph["signature"][side].values():
            tensor["name"] = renamed(tensor["name"])


def _drop_noise(graph: dict[str, Any]) -> None:
    for node in graph["modelTopology"]["node"]:
        node.pop("device", None)
        node["attr"] = {name: value for name, value in node.get("attr", {}).items() if name not in NOISE}


def _quantisation(weights: list[dict[str, Any]], precision: str) -> dict[str, list[str]]:
    """Names of weights by what they are stored as; those not named stay float32.

    Biases and single numbers stay: they are few bytes, and an epsilon would vanish in float16. Small kernels are
    never less than float16: one scale of 256 steps for a depthwise kernel costs a tenth of the result.
    """
    kernels = [w for w in weights if w["data"].dtype == np.float32 and w["data"].ndim > 1 and w["data"].size > FEW]
    names: dict[str, list[str]] = {}
    for each in kernels:
        kind = "float16" if each["data"].size < SMALL and precision == "uint8" else precision
        names.setdefault(kind, []).append(each["name"])
    names.pop("float32", None)
    return names
