"""What the tests of published models share."""

import hashlib
import json
from pathlib import Path
from typing import Any


def manifest_of(model: Path) -> dict[str, Any]:
    return json.loads((model / "manifest.json").read_text())


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_files_as_described(model: Path) -> None:
    """The manifest lists all files of the graph, each with its true bytes and hash."""
    files = {each["path"]: each for each in manifest_of(model)["files"]}
    assert set(files) == {path.name for path in model.iterdir()} - {"manifest.json", "CARD.md"}
    for name, described in files.items():
        content = (model / name).read_bytes()
        assert described["bytes"] == len(content)
        assert described["sha256"] == hashlib.sha256(content).hexdigest()


def assert_tensors_as_described(model: Path) -> None:
    """The graph has the inputs and outputs of the manifest, with their shapes, and the weights it wants."""
    graph, described = json.loads((model / "model.json").read_text()), manifest_of(model)
    nodes = {node["name"]: node for node in graph["modelTopology"]["node"]}
    for side in ("inputs", "outputs"):
        tensors = {t["name"]: t["tensorShape"]["dim"] for t in graph["signature"][side].values()}
        for port in described[side]:
            assert port["tensor"].removesuffix(":0") in nodes
            shape = [None if dim["size"] == "-1" else int(dim["size"]) for dim in tensors[port["tensor"]]]
            assert shape == port["shape"]
    weights = {weight["name"] for group in graph["weightsManifest"] for weight in group["weights"]}
    assert weights == {name for name, node in nodes.items() if node["op"] == "Const"}
