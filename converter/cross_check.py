"""Converts networks a second way, through onnx-tf instead of onnx2tf, and compares; `make cross-check` runs it:

    bash converter/cross_check.sh [RUN]

torch -> ONNX (TorchScript's exporter, opset 12) -> onnx-tf -> TensorFlow -> TensorFlow.js. Without a run directory
untrained networks are converted: they have the same operators, only other weights.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx
import onnxsim
import torch

from converter import parity
from converter.execute_tfjs import NoTensorFlowJs, run_tfjs
from converter.layout import Arrays
from converter.run import convert
from converter.steps import Step, StepFailed, take
from converter.to_onnx import example, run_onnx
from converter.to_tensorflow import run_tensorflow
from converter.to_tfjs import to_tfjs
from training.common import runs
from training.export import Export, exports
from training.style.predictors import MobileNetStylePredictor
from training.style.transformer import StyleTransformer

ROOT = Path(__file__).resolve().parents[1]
BACKEND = Path(__file__).with_name("onnx_tf_backend.py")
PYTHON = ROOT / ".venv-cross" / "bin" / "python"
OPSET = 12  # the last one whose Unsqueeze onnx-tf knows


def cross_check(run: Path) -> None:
    """Convert each network of the run both ways and compare. Raises NotARun, OverBounds, StepFailed, NoTensorFlowJs."""
    offered = exports(run)
    for export in offered:
        with tempfile.TemporaryDirectory() as work:
            print("through onnx2tf: ", end="")
            ours = convert(export, offered, "float32", Path(work) / "onnx2tf")
            theirs = _through_onnx_tf(export, offered, Path(work) / "onnx-tf")
        samples = [parity.Sample("", {}, results) for results in ours.results]
        between = parity.worst(samples, theirs)
        print(parity.row("one another", between, parity.BOUNDS["float32"]), flush=True)
        parity.check(export.name, "onnx-tf", between, parity.BOUNDS["float32"])


def _through_onnx_tf(export: Export, others: Sequence[Export], work: Path) -> list[Arrays]:
    """What the graph made with onnx-tf gives for each sample."""
    work.mkdir()
    print(f"through onnx-tf: {export.name}, float32")
    samples = parity.samples(export, others)
    inputs = [sample.inputs for sample in samples]
    onnx_file, saved_model, graph = work / "network.onnx", work / "saved_model", work / "tfjs"
    steps = [
        Step(
            "onnx",
            lambda: _to_old_onnx(export, onnx_file),
            lambda: [run_onnx(onnx_file, each) for each in inputs],
        ),
        Step(
            "tensorflow",
            lambda: _to_tensorflow(onnx_file, saved_model),
            lambda: [run_tensorflow(saved_model, each) for each in inputs],
        ),
        Step(
            "tfjs",
            lambda: to_tfjs(saved_model, export, "float32", graph),
            lambda: run_tfjs(graph, export, inputs, work / "tfjs-samples"),
        ),
    ]
    return take(export.name, steps, samples, work / "log.txt").results


def _to_old_onnx(export: Export, path: Path) -> None:
    """As to_onnx, with the exporter and the opset of onnx-tf's time; onnxsim settles the shapes of the padding."""
    ports = [*export.inputs, *export.outputs]
    torch.onnx.export(
        export.network,
        tuple(example(port) for port in export.inputs),
        path,
        dynamo=False,
        opset_version=OPSET,
        input_names=[port.name for port in export.inputs],
        output_names=[port.name for port in export.outputs],
        dynamic_axes={p.name: [axis for axis, side in enumerate(p.shape) if side is None] for p in ports},
    )
    simplified, same = onnxsim.simplify(onnx.load(path))
    assert same, "onnxsim changed the network"
    onnx.save(simplified, path)


def _to_tensorflow(onnx_file: Path, saved_model: Path) -> None:
    subprocess.run([PYTHON, BACKEND, onnx_file, saved_model], check=True)


def new_run(folder: Path) -> None:
    """Make a run directory of untrained networks."""
    torch.manual_seed(0)
    runs.create_folder(folder, {"recipe": "distill", "predictor": "mobilenet", "training_data": "none"})
    state = {
        "predictor": MobileNetStylePredictor().state_dict(),
        "transformer": StyleTransformer().state_dict(),
        "style_space": "untrained",
        "photo_mean_vector": torch.zeros(100),
        "metrics": {},
    }
    runs.save(folder / "best.pt", state)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; every failure is one sentence."""
    parser = argparse.ArgumentParser(description="Converts networks through onnx2tf and onnx-tf and compares.")
    parser.add_argument("run", type=Path, nargs="?", help="a run directory (default: untrained networks)")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as untrained:
            if not options.run:
                new_run(Path(untrained))
            cross_check(options.run or Path(untrained))
    except (runs.NotARun, parity.OverBounds, StepFailed, NoTensorFlowJs) as error:
        sys.exit(f"{parser.prog}: {error}")


if __name__ == "__main__":
    main()
