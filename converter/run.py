"""Converts the networks of a run directory to TensorFlow.js graphs and publishes them:

    python converter/run.py RUN [--precision float32|float16|mixed] [--out web/models] [--only NAME]

The steps are torch -> ONNX -> TensorFlow -> TensorFlow.js. Each step is compared with torch (parity.py), and the last
graph is executed by TensorFlow.js itself. Nothing is published unless every network stays within the bounds. For a
style pair the gallery's vectors are published too (gallery.py), and for web/models the map of styles (map.py).
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from converter import parity, publish
from converter.execute_tfjs import NoTensorFlowJs, run_tfjs
from converter.gallery import GALLERY, MAP, PREDICTOR, fill_gallery
from converter.layout import Arrays
from converter.map import fill_map
from converter.steps import Step, StepFailed, take
from converter.tiling import tiling
from converter.to_onnx import run_onnx, to_onnx
from converter.to_tensorflow import run_tensorflow, to_tensorflow
from converter.to_tfjs import PRECISIONS, to_tfjs
from training.common.pictures import NoPictures
from training.common.runs import NotARun
from training.export import Export, exports

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "web" / "models"


@dataclass(frozen=True)
class Converted:
    """A finished graph, not yet published, and what it gives for each sample."""

    graph: Path
    manifest: dict[str, Any]
    results: list[Arrays]


def convert(export: Export, others: Sequence[Export], precision: str, work: Path) -> Converted:
    """Take one network through all steps in the folder `work`.

    `others`: the run's networks, for samples of each other's kind. Raises OverBounds, StepFailed, NoTensorFlowJs.
    """
    work.mkdir()
    print(f"{export.name}, {precision}")
    samples = parity.samples(export, others)
    steps = onnx2tf_steps(export, precision, [sample.inputs for sample in samples], work)
    taken = take(export.name, steps, samples, work / "log.txt")
    report = {
        "samples": [sample.name for sample in samples],
        "steps": taken.found,
        "bounds": {step.name: parity.BOUNDS[step.precision] for step in steps},
    }
    graph = work / "tfjs"
    described = publish.manifest(export, graph, precision, tiling(graph, export, work), report)
    return Converted(graph, described, taken.results)


def onnx2tf_steps(export: Export, precision: str, inputs: list[Arrays], work: Path) -> list[Step]:
    """torch -> ONNX -> TensorFlow -> TensorFlow.js, in the folder `work`; the graph ends up in `work/tfjs`."""
    onnx_file, saved_model, graph = work / "network.onnx", work / "saved_model", work / "tfjs"
    return [
        Step(
            "onnx",
            lambda: to_onnx(export, onnx_file),
            lambda: [run_onnx(onnx_file, each) for each in inputs],
        ),
        Step(
            "tensorflow",
            lambda: to_tensorflow(onnx_file, export, saved_model),
            lambda: [run_tensorflow(saved_model, each) for each in inputs],
        ),
        Step(
            "tfjs",
            lambda: to_tfjs(saved_model, export, precision, graph),
            lambda: run_tfjs(graph, export, inputs, work / "tfjs-samples"),
            precision,
        ),
    ]


def convert_run(run: Path, precision: str, out: Path, only: str | None = None) -> None:
    """Convert and publish the networks of a run directory, or the one called `only`.

    Raises NotARun, OverBounds, StepFailed, NoTensorFlowJs; nothing is published then. Raises NoPictures, OSError where
    only the map of styles was left to write.
    """
    offered = exports(run)
    chosen = [each for each in offered if only in (None, each.name)]
    if not chosen:
        raise NotARun(f"{run} has no network {only}: name one of {', '.join(each.name for each in offered)}")
    with tempfile.TemporaryDirectory() as work:
        converted = [convert(each, offered, precision, Path(work) / each.name) for each in chosen]
        for each in converted:
            publish.publish(each.graph, each.manifest, out)
            size = sum(file["bytes"] for file in each.manifest["files"])
            print(f"published {out / each.manifest['name']}: {size / 1e6:.2f} MB")
    if any(each.name == PREDICTOR for each in offered):
        publish_styles(run, out)


def publish_styles(run: Path, out: Path) -> None:
    """Publish the gallery's vectors, and for web/models the map of styles. Raises NotARun, NoPictures, OSError."""
    published = out.resolve() == MODELS.resolve()
    place = GALLERY if published else out / "gallery.json"
    print(f"published {place}: {fill_gallery(run, to=place)} styles")
    if published:
        print(f"published {GALLERY.with_name(MAP)}: {fill_map(run)} cells")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; every failure is one sentence."""
    parser = argparse.ArgumentParser(description="Converts the networks of a run to TensorFlow.js graphs.")
    parser.add_argument("run", type=Path, help="a run directory, as distill/run.py writes it")
    parser.add_argument(
        "--precision", choices=PRECISIONS, default="mixed", help="how the published weights are stored (default: mixed)"
    )
    parser.add_argument(
        "--out", type=Path, default=MODELS, help="folder for the published models (default: web/models)"
    )
    parser.add_argument("--only", metavar="NAME", help="convert only the network of this name")
    options = parser.parse_args(arguments)
    try:
        convert_run(options.run, options.precision, options.out, options.only)
    except (NotARun, NoPictures, parity.OverBounds, StepFailed, NoTensorFlowJs, OSError) as error:
        sys.exit(f"{parser.prog}: {error}")


if __name__ == "__main__":
    main()
