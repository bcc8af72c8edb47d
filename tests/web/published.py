"""Reads a published graph's weights back into the PyTorch network that they came from."""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.style.bold_transformer import BoldTransformer
from training.style.export import with_even_rows
from training.style.transformer import VECTOR


def published_transformer(folder: Path) -> nn.Module:
    """The transformer of web/models/style-transformer, as it was converted.

    The graph names no layers, but its convolutions of one shape stand in the order in which torch runs them.
    """
    network = with_even_rows(BoldTransformer().eval())
    kernels = _convolutions(folder)
    for even in (network.style, network.bolder[1]):
        even.sizes.copy_(torch.from_numpy(_row_sizes(folder, even.layer.in_channels)))
    with torch.no_grad():
        for layer in _in_running_order(network, torch.rand(1, 3, 32, 32), torch.rand(1, VECTOR + 1)):
            axes = (2, 3, 0, 1) if layer.groups > 1 else (3, 2, 0, 1)
            weights = [(kernel.transpose(axes), bias) for kernel, bias in kernels]
            place = next(i for i, (weight, _) in enumerate(weights) if weight.shape == layer.weight.shape)
            layer.weight.copy_(torch.from_numpy(weights[place][0].copy()))
            _, bias = kernels.pop(place)
            assert (layer.bias is None) == (bias is None)
            if layer.bias is not None and bias is not None:
                layer.bias.copy_(torch.from_numpy(bias))
    assert kernels == [], "the graph has more convolutions than the network"
    return network


def _in_running_order(network: nn.Module, *inputs: torch.Tensor) -> list[nn.Conv2d]:
    layers: list[nn.Conv2d] = []
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(lambda layer, *_: layers.append(layer))
    network(*inputs)
    return layers


def _convolutions(folder: Path) -> list[tuple[np.ndarray, np.ndarray | None]]:
    """(kernel, bias or None) of each convolution, in the graph's order."""
    model = json.loads((folder / "model.json").read_text())
    constants = _constants(folder, model["weightsManifest"])
    nodes = [node for node in model["modelTopology"]["node"] if "Conv2" in node["op"]]
    return [(constants[node["input"][1]], constants.get((*node["input"], "")[2])) for node in nodes]


def _row_sizes(folder: Path, channels: int) -> np.ndarray:
    """What the graph multiplies the even rows of a convolution of so many channels with, [1,N,1,1]."""
    model = json.loads((folder / "model.json").read_text())
    constants = _constants(folder, model["weightsManifest"])
    nodes = {node["name"]: node for node in model["modelTopology"]["node"]}
    for node in nodes.values():
        of_convolution = [each for each in node.get("input", []) if "Conv2" in nodes[each]["op"]]
        sizes = [constants[each] for each in node.get("input", []) if each in constants]
        if node["op"] == "Mul" and of_convolution and sizes:
            kernel = constants[nodes[of_convolution[0]]["input"][1]]
            if kernel.shape[:3] == (1, 1, channels):
                return sizes[0].reshape(1, -1, 1, 1)
    raise AssertionError("the graph has no such even rows")


def _constants(folder: Path, manifest: list[dict]) -> dict[str, np.ndarray]:
    constants = {}
    for group in manifest:
        data, position = b"".join((folder / path).read_bytes() for path in group["paths"]), 0
        for weight in group["weights"]:
            stored = weight.get("quantization", weight)
            dtype, count = np.dtype(stored["dtype"]), int(np.prod(weight["shape"], dtype=int))
            array = np.frombuffer(data, dtype, count, position).reshape(weight["shape"]).astype(weight["dtype"])
            constants[weight["name"]] = array * stored["scale"] + stored["min"] if "scale" in stored else array
            position += count * dtype.itemsize
    return constants
