"""A compact graph says nothing that TensorFlow.js does not read, and nothing twice."""

from typing import Any

import numpy as np
import pytest
from torch import nn

from converter.compact import compact
from training.export import PICTURE, Export, Port
from training.style.export import VECTOR

PADDING = {"s": "VkFMSUQ="}  # VALID
STEPS = {"list": {"i": ["1", "2", "2", "1"]}}
ONES = {"list": {"i": ["1", "1", "1", "1"]}}


@pytest.fixture
def graph() -> dict[str, Any]:
    """A picture padded twice by the same numbers, convolved, and an output."""
    constants = [
        {"name": f"long/name/{name}", "op": "Const", "attr": {"dtype": {"type": "DT_INT32"}}} for name in "abk"
    ]
    convolution = {"T": {"type": "DT_FLOAT"}, "padding": PADDING, "strides": STEPS, "dilations": ONES}
    nodes = [
        *constants,
        {"name": "x", "op": "Placeholder", "device": "/cpu", "attr": {"dtype": {"type": "DT_FLOAT"}}},
        {"name": "pad", "op": "Pad", "input": ["x", "long/name/a"], "attr": {"T": {"type": "DT_FLOAT"}}},
        {"name": "pad2", "op": "Pad", "input": ["pad", "long/name/b"]},
        {"name": "conv", "op": "_FusedConv2D", "input": ["pad2:0", "long/name/k"], "attr": convolution},
    ]
    signature = {"inputs": {"style": {"name": "x:0"}}, "outputs": {"vector": {"name": "conv:0"}}}
    return {"signature": signature, "modelTopology": {"node": nodes}}


@pytest.fixture
def weights() -> list[dict[str, Any]]:
    data = {"a": np.ones((4, 2), np.int32), "b": np.ones((4, 2), np.int32), "k": np.ones((3, 3), np.float32)}
    return [{"name": f"long/name/{name}", "data": value} for name, value in data.items()]


@pytest.fixture
def nodes(graph: dict[str, Any], weights: list[dict[str, Any]]) -> dict[str, Any]:
    """The compact graph's nodes by name."""
    export = Export("", "", nn.Identity(), (Port("style", PICTURE, None),), (VECTOR,), {})
    compact(graph, weights, export)
    return {node["name"]: node for node in graph["modelTopology"]["node"]}


def test_equal_constants_are_one(nodes: dict[str, Any], weights: list[dict[str, Any]]) -> None:
    first, second = (node for node in nodes.values() if node["op"] == "Pad")
    assert first["input"][1] == second["input"][1]
    constants = [name for name, node in nodes.items() if node["op"] == "Const"]
    assert constants == [weight["name"] for weight in weights]
    assert len(constants) == 2


def test_constants_of_equal_bytes_but_another_type_stay_apart(graph: dict[str, Any], weights: list) -> None:
    weights[1]["data"] = np.zeros((4, 2), np.float32)
    weights[0]["data"] = np.zeros((4, 2), np.int32)
    export = Export("", "", nn.Identity(), (Port("style", PICTURE, None),), (VECTOR,), {})
    compact(graph, weights, export)
    assert len(weights) == 3


def test_what_tensorflow_js_ignores_or_assumes_is_dropped_and_the_rest_kept(nodes: dict[str, Any]) -> None:
    assert nodes["vector"]["attr"] == {"padding": PADDING, "strides": STEPS}
    assert all(set(node) == {"name", "op"} for node in nodes.values() if node["op"] == "Const")
    assert "device" not in nodes["style"]


def test_ports_keep_their_names_and_references_follow(graph: dict[str, Any], nodes: dict[str, Any]) -> None:
    assert graph["signature"]["inputs"]["style"]["name"] == "style:0"
    assert graph["signature"]["outputs"]["vector"]["name"] == "vector:0"
    references = [name.partition(":")[0] for node in nodes.values() for name in node.get("input", [])]
    assert "style" in references
    assert set(references) <= set(nodes)
