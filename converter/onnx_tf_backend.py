"""ONNX -> SavedModel with onnx-tf 1.10, for cross_check.py; runs in an environment of its own (cross_requirements.txt):

    .venv-cross/bin/python converter/onnx_tf_backend.py NETWORK.onnx SAVED_MODEL

onnx-tf is unmaintained: tensorflow_addons, which it imports for operators not used here, no longer exists, and its Pad
becomes a graph that TensorFlow.js refuses. The SavedModel takes and gives pictures channels last.
"""

# ruff: noqa: E402

import os
import sys
from typing import Any
from unittest.mock import MagicMock

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
sys.modules["tensorflow_addons"] = MagicMock()

import onnx
import tensorflow as tf
from onnx_tf.backend import prepare
from onnx_tf.handlers.backend.pad import Pad


def pad(cls: type, node: Any, **kwargs: Any) -> list[tf.Tensor]:
    """ONNX's [all begins, all ends] as tf.pad's [[begin, end], ...]."""
    picture, amounts = (kwargs["tensor_dict"][name] for name in node.inputs[:2])
    mode = node.attrs.get("mode", "constant")
    mode = mode.decode() if isinstance(mode, bytes) else mode
    return [tf.pad(picture, tf.transpose(tf.reshape(amounts, [2, -1])), mode)]


def convert(network: str, folder: str) -> None:
    """Write the SavedModel, with the names of the ONNX file's inputs and outputs."""
    Pad.version_11 = Pad.version_13 = classmethod(pad)
    model = onnx.load(network)
    module = prepare(model).tf_module
    shapes = {
        port.name: [side.dim_value or None for side in port.type.tensor_type.shape.dim] for port in model.graph.input
    }

    def call(*tensors: tf.Tensor) -> dict[str, tf.Tensor]:
        first = {name: _moved(tensor, [0, 3, 1, 2]) for name, tensor in zip(shapes, tensors, strict=True)}
        return {name: _moved(tensor, [0, 2, 3, 1]) for name, tensor in module(**first).items()}

    signature = [tf.TensorSpec(s[:1] + s[2:] + s[1:2] if len(s) == 4 else s, name=name) for name, s in shapes.items()]
    module.call = tf.function(call, input_signature=signature)
    tf.saved_model.save(module, folder, signatures=module.call)


def _moved(tensor: tf.Tensor, axes: list[int]) -> tf.Tensor:
    return tf.transpose(tensor, axes) if len(tensor.shape) == 4 else tensor


if __name__ == "__main__":
    convert(*sys.argv[1:])
