"""Executes a finished TensorFlow.js graph in Node on the wasm backend, through execute_tfjs.mjs."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from converter.layout import Arrays, channels_first, channels_last
from training.export import Export

SCRIPT = Path(__file__).with_suffix(".mjs")
PACKAGES = SCRIPT.parent.parent / "web" / "node_modules" / "@tensorflow"


class NoTensorFlowJs(RuntimeError):
    """Node or the page's packages are missing; the message says how to get them."""


def run_tfjs(model: Path, export: Export, inputs: list[Arrays], work: Path) -> list[Arrays]:
    """Execute the graph once for each of `inputs`; takes and gives torch's layout. Raises NoTensorFlowJs."""
    if not PACKAGES.is_dir():
        raise NoTensorFlowJs("TensorFlow.js is not installed: run `npm --prefix web ci` first")
    work.mkdir()
    samples = [_write(number, each, export, work) for number, each in enumerate(inputs)]
    (work / "samples.json").write_text(json.dumps(samples))
    try:
        subprocess.run(["node", SCRIPT, model, work], check=True)
    except FileNotFoundError as error:
        raise NoTensorFlowJs("Node 20 or newer is needed: install it from nodejs.org") from error
    shapes = json.loads((work / "results.json").read_text())
    return [_read(number, each, export, work) for number, each in enumerate(shapes)]


def _write(number: int, inputs: Arrays, export: Export, work: Path) -> dict[str, Any]:
    tensors = []
    for name, array in inputs.items():
        last = channels_last(array).astype("<f4")
        last.tofile(work / f"{number}-{name}.bin")
        tensors.append({"tensor": f"{name}:0", "shape": last.shape, "file": f"{number}-{name}.bin"})
    outputs = [{"tensor": f"{port.name}:0", "file": f"{number}-{port.name}.bin"} for port in export.outputs]
    return {"inputs": tensors, "outputs": outputs}


def _read(number: int, shapes: list[list[int]], export: Export, work: Path) -> Arrays:
    results = {}
    for port, shape in zip(export.outputs, shapes, strict=True):
        values = np.fromfile(work / f"{number}-{port.name}.bin", "<f4")
        results[port.name] = channels_first(values.reshape(shape))
    return results
