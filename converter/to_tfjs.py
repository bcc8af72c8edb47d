"""SavedModel -> a TensorFlow.js graph model (model.json and *.bin), compact, with the ports' names."""

import json
from pathlib import Path

import numpy as np

from converter.compact import Weights, compact
from converter.tiling import name_statistics
from training.export import Export

FEW, MANY = 64, 10_000  # numbers in a kernel
PRECISIONS = {  # and what a card says of them
    "float32": "float32",
    "float16": "float16, biases float32",
    "mixed": f"mixed: uint8 for kernels of {MANY:,} numbers and more, float16 for smaller ones, biases float32",
}


def to_tfjs(saved_model: Path, export: Export, precision: str, folder: Path) -> None:
    """Write model.json and the weights; inputs and outputs are called `<port>:0`."""
    from tensorflowjs import read_weights, write_weights
    from tensorflowjs.converters import tf_saved_model_conversion_v2

    raw = folder.with_name("tfjs-raw")
    tf_saved_model_conversion_v2.convert_tf_saved_model(str(saved_model), str(raw))
    graph = json.loads((raw / "model.json").read_text())
    weights = read_weights.read_weights(graph["weightsManifest"], str(raw), flatten=True)
    compact(graph, weights, export)
    name_statistics(graph)
    folder.mkdir()
    graph["weightsManifest"] = write_weights.write_weights(
        [weights], str(folder), write_manifest=False, quantization_dtype_map=_quantisation(weights, precision)
    )
    (folder / "model.json").write_text(json.dumps(graph, separators=(",", ":")))


def _quantisation(weights: Weights, precision: str) -> dict[str, list[str]]:
    """Names of weights by what they are stored as; those not named stay float32.

    Biases and single numbers stay: they are few bytes, and an epsilon would vanish in float16. `mixed` stores the
    large kernels in uint8 and the others in float16: TensorFlow.js has one scale of 256 steps for a whole tensor,
    which costs a depthwise kernel up to 4 % of its norm and saves nothing to speak of.
    """
    kernels = [w for w in weights if w["data"].dtype == np.float32 and w["data"].ndim > 1 and w["data"].size > FEW]
    names: dict[str, list[str]] = {}
    for each in kernels:
        large = "uint8" if precision == "mixed" else precision
        kind = large if each["data"].size >= MANY or precision == "float32" else "float16"
        names.setdefault(kind, []).append(each["name"])
    names.pop("float32", None)
    return names
