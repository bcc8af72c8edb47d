"""Our style networks as a painter of pictures: from a run directory in PyTorch, or published ones in TensorFlow.js.

with painter_of(run, models) as painter:
    vector = painter.predict(style)
    painted = painter.paint(photo, vector)
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from bench.chromium import launched
from bench.harness import Harness
from training.common.runs import NotARun
from training.export import exports
from training.style.predictors import view
from training.style.transformer import MIDDLE, keeping

SIDE = 384  # pixels of what is painted

Array = NDArray[np.float32]  # a picture [1,H,W,3] in [0,1], or a vector [1,100]


@dataclass(frozen=True)
class Painter:
    """A predictor and the transformer of its style space."""

    predict: Callable[[Array], Array]  # picture -> vector to paint in its style
    paint: Callable[[Array, Array], Array]  # photo, vector -> painted
    own: Array  # the vector that stands for a photo's own


def painter_of(run: Path | None, models: Path | None) -> AbstractContextManager[Painter]:
    """The painter of a run directory or of a folder of published graphs, whichever is given."""
    if run:
        return run_painter(run)
    assert models
    return graph_painter(models)


@contextmanager
def run_painter(run: Path) -> Iterator[Painter]:
    """Paints with a run's networks in PyTorch."""
    try:
        offered = {export.name: export for export in exports(run)}
    except NotARun as error:
        sys.exit(str(error))
    predictor, transformer = offered["style-predictor"], offered["style-transformer"]

    @torch.inference_mode()
    def predict(style: Array) -> Array:
        return keeping(predictor.network(channels_first(style)), 0).numpy()

    @torch.inference_mode()
    def paint(photo: Array, vector: Array) -> Array:
        numbers = with_boldness(vector, transformer.inputs[1].shape)
        painted = transformer.network(channels_first(photo), torch.from_numpy(numbers))
        return painted.permute(0, 2, 3, 1).numpy()

    yield Painter(predict, paint, one_vector(transformer.manifest["photo_mean_vector"]))


def channels_first(picture: Array) -> torch.Tensor:
    """[1,H,W,3] -> torch's [1,3,H,W]."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(0, 3, 1, 2)))


@contextmanager
def graph_painter(models: Path) -> Iterator[Painter]:
    """Paints with published graphs in TensorFlow.js."""
    if not (models / "style-transformer" / "manifest.json").is_file():
        sys.exit(f"No published models in {models}: `python converter/run.py RUN` publishes them.")
    predictor, transformer = (
        json.loads((models / name / "manifest.json").read_text()) for name in ("style-predictor", "style-transformer")
    )
    [style_tensor] = [port["tensor"] for port in predictor["inputs"]]
    tensors = {port["name"]: port["tensor"] for port in transformer["inputs"]}
    shapes = {port["name"]: port["shape"] for port in transformer["inputs"]}
    with launched() as browser:
        harness = Harness(browser)
        for name in ("style-predictor", "style-transformer"):
            harness.load(name, models / name / "model.json")

        def predict(style: Array) -> Array:
            return keeping(torch.from_numpy(harness.run("style-predictor", {style_tensor: style})), 0).numpy()

        def paint(photo: Array, vector: Array) -> Array:
            numbers = with_boldness(vector, shapes["vector"])
            return harness.run("style-transformer", {tensors["photo"]: photo, tensors["vector"]: numbers})

        yield Painter(predict, paint, one_vector(transformer["photo_mean_vector"]))


def with_boldness(vector: Array, taken: Sequence[int | None]) -> Array:
    """[1,100] -> the vector in the shape that the transformer takes: with the usual boldness where it has learnt it."""
    return vector if taken[1] == vector.shape[1] else np.append(vector, np.float32([[MIDDLE]]), 1)


def one_vector(numbers: list[float]) -> Array:
    """100 numbers -> [1,100]."""
    return np.asarray(numbers, np.float32)[None]


def square(picture: Image.Image, side: int) -> Image.Image:
    """A picture's centre square, RGB, side x side."""
    length = min(picture.size)
    left, top = (picture.width - length) // 2, (picture.height - length) // 2
    cropped = picture.convert("RGB").crop((left, top, left + length, top + length))
    return cropped.resize((side, side), Image.Resampling.LANCZOS)


def style_view(picture: Image.Image) -> Array:
    """What a predictor is shown of a style picture, as on the page: [1,S,S,3]."""
    return view(picture.convert("RGB")).permute(1, 2, 0)[None].contiguous().numpy()


def array(picture: Image.Image) -> Array:
    """A picture as [1,H,W,3] in [0,1]."""
    return np.asarray(picture, np.float32)[None] / 255


def image(picture: Array) -> Image.Image:
    """[1,H,W,3] in [0,1] as a picture of 8 bits."""
    return Image.fromarray((picture[0].clip(0, 1) * 255).round().astype(np.uint8))
