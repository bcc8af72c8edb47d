"""Between torch's layout [N,C,H,W] and TensorFlow's [N,H,W,C]; vectors [N,C] are the same in both."""

from collections.abc import Sequence

import numpy as np

from training.export import Port

Arrays = dict[str, np.ndarray]  # by port name, in torch's layout


def is_picture(port: Port) -> bool:
    """Whether the port's shape is [N,C,H,W], not [N,C]."""
    return len(port.shape) == 4


def channels_last(array: np.ndarray) -> np.ndarray:
    """[N,C,H,W] -> [N,H,W,C]; a vector stays."""
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)) if array.ndim == 4 else array


def channels_first(array: np.ndarray) -> np.ndarray:
    """[N,H,W,C] -> [N,C,H,W]; a vector stays."""
    return np.ascontiguousarray(array.transpose(0, 3, 1, 2)) if array.ndim == 4 else array


def channels_last_shape(shape: Sequence[int | None]) -> list[int | None]:
    """The same for a port's shape."""
    return [shape[0], *shape[2:], shape[1]] if len(shape) == 4 else list(shape)
