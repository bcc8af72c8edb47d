"""torch -> ONNX, with height and width left open."""

from pathlib import Path

import onnxruntime
import torch

from converter.layout import Arrays
from training.export import Export, Port

MULTIPLE = 64  # px: of the sides of pictures that networks are traced for; the graphs take what the networks take
EXAMPLE_SIDES = (128, 192)  # px; any two that differ


def to_onnx(export: Export, path: Path) -> None:
    """Write the network as an ONNX file, pictures as [1,3,H,W]."""
    torch.onnx.export(
        export.network,
        tuple(example(port) for port in export.inputs),
        path,
        dynamo=True,
        opset_version=18,
        input_names=[port.name for port in export.inputs],
        output_names=[port.name for port in export.outputs],
        dynamic_shapes=tuple(_open_sides(port) for port in export.inputs),
        external_data=False,
        verbose=False,
    )


def example(port: Port) -> torch.Tensor:
    """A random tensor that fits the port."""
    sides = iter(EXAMPLE_SIDES)
    return torch.rand([next(sides) if side is None else side for side in port.shape])


def run_onnx(path: Path, inputs: Arrays) -> Arrays:
    """Execute in ONNX Runtime; pictures as [1,3,H,W]."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, inputs), strict=True))


def _open_sides(port: Port) -> dict[int, object]:
    """Told to be multiples: sides that are halved and doubled again are then known to fit each other."""
    open_axes = (axis for axis, side in enumerate(port.shape) if side is None)
    return {axis: MULTIPLE * torch.export.Dim(f"{port.name}_{axis}") for axis in open_axes}
