"""Writes the manifest and the model card of a finished graph and publishes its folder."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from converter.files import write_json
from converter.layout import channels_last_shape
from converter.to_tfjs import PRECISIONS
from training.common.runs import without_folders
from training.export import Export, Port


def manifest(
    export: Export, graph: Path, precision: str, tiling: dict[str, Any], parity: dict[str, Any]
) -> dict[str, Any]:
    """What manifest.json says of the graph in the folder `graph`; `tiling` as converter/tiling.py gives it."""
    files = [_file(path) for path in sorted(graph.iterdir())]
    return {
        "name": export.name,
        "task": export.task,
        "version": hashlib.sha256("".join(each["sha256"] for each in files).encode()).hexdigest()[:12],
        "inputs": [_port(port) for port in export.inputs],
        "outputs": [_port(port) for port in export.outputs],
        **tiling,
        "files": files,
        "parameters": sum(each.numel() for each in export.network.parameters()),
        "precision": precision,
        **export.manifest,
        "config": without_folders(export.manifest["config"]),
        "parity": parity,
    }


def publish(graph: Path, described: dict[str, Any], out: Path) -> None:
    """Copy the graph to `out/<name>` with manifest.json and CARD.md; the previous version stays until then."""
    place = out / described["name"]
    beside, former = out / f".{place.name}.new", out / f".{place.name}.former"
    for left_over in (beside, former):
        shutil.rmtree(left_over, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    shutil.copytree(graph, beside)
    write_json(beside / "manifest.json", described)
    (beside / "CARD.md").write_text(card(described))
    if place.exists():
        place.rename(former)
    beside.rename(place)
    shutil.rmtree(former, ignore_errors=True)


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"path": path.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _port(port: Port) -> dict[str, Any]:
    return {
        "name": port.name,
        "tensor": f"{port.name}:0",
        "shape": channels_last_shape(port.shape),
        "range": list(port.range) if port.range else None,
    }


def card(described: dict[str, Any]) -> str:
    """The model card, in Markdown, from the manifest."""
    total = sum(each["bytes"] for each in described["files"])
    facts = [
        ("parameters", f"{described['parameters']:,}"),
        ("precision", PRECISIONS[described["precision"]]),
        ("size", f"{total / 1e6:.2f} MB, model.json included"),
        ("style space", described.get("style_space", "none")),
        ("initial weights", described["initialisation"]),
        ("training pictures", described["training_data"]),
        ("licence", described["licence"]),
    ]
    ports = [
        (side, f"`{port['tensor']}`", _shape(port["shape"]), _range(port["range"]))
        for side in ("inputs", "outputs")
        for port in described[side]
    ]
    steps = [
        (step, kind, f"{value:.1e}", f"{described['parity']['bounds'][step][kind]:.0e}")
        for step, found in described["parity"]["steps"].items()
        for kind, value in found.items()
    ]
    takes_pictures = any(len(port["shape"]) == 4 for port in described["inputs"])
    constants = described.get("constants", {})
    multiple = constants.get("working_multiple", constants.get("multiple", 8))
    about = "Pictures are RGB, channels last"
    about += f"; a photo's height and width are multiples of {multiple}." if takes_pictures else "."
    config = [(name, _figure(value)) for name, value in described["config"].items() if name not in described]
    return f"""# {described["name"]}

{described["task"]}. A TensorFlow.js graph model made by `converter/run.py`, version {described["version"]}.

{_table(("", ""), facts)}

## Inputs and outputs

{_table(("", "tensor", "shape", "range"), ports)}

{about}

## Figures

{described["measured"]}

{_table(("", ""), [(name, _figure(value)) for name, value in described["metrics"].items()])}

## Known limitations

{described["limits"]}

## Difference from the PyTorch network

The largest differences on these pictures: {", ".join(described["parity"]["samples"])}.
The step `tfjs` is the published graph, executed by TensorFlow.js (wasm).

{_table(("after the step", "", "difference", "bound"), steps)}

## Training configuration

{_table(("", ""), config)}
"""


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _shape(shape: list[int | None]) -> str:
    return "[" + ", ".join("any" if side is None else str(side) for side in shape) + "]"


def _range(limits: list[float] | None) -> str:
    return f"{limits[0]:g} to {limits[1]:g}" if limits else "any"


def _figure(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
