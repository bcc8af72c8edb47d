"""What each weight is stored as."""

import numpy as np
import pytest

from converter import to_tfjs

SHAPES = {"depthwise": (3, 3, 960, 1), "linear": (1, 1, 100, 1712), "bias": (20_000,), "shape": (2, 2)}


@pytest.mark.parametrize(
    ("precision", "stored"),
    [
        ("float32", {}),
        ("float16", {"float16": ["depthwise", "linear"]}),
        ("mixed", {"float16": ["depthwise"], "uint8": ["linear"]}),
    ],
)
def test_only_large_kernels_are_stored_in_one_byte_and_biases_stay_whole(
    precision: str, stored: dict[str, list[str]]
) -> None:
    weights = [{"name": name, "data": np.ones(shape, np.float32)} for name, shape in SHAPES.items()]
    weights.append({"name": "padding", "data": np.ones((50, 2), np.int32)})
    assert to_tfjs._quantisation(weights, precision) == stored
