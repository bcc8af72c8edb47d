"""Compares each step of the conversion with torch, on random and real pictures of two sizes, one not square.

A network that takes no picture is compared on random vectors.

| precision | pictures, mean / max | vectors, relative norm | hours, mean / share far off | masks, mean / share turned |
| float32   | 1e-4 / 1e-3          | 1e-4                   | 1e-4 / 1e-5                 | 1e-4 / 1e-4                |
| float16   | 1e-3 / 2e-2          | 5e-3                   | 1e-3 / 1e-4                 | 1e-3 / 1e-3                |
| mixed     | 5e-3 / 6e-2          | 3e-2                   | 5e-3 / 5e-3                 | 1e-2 / 1e-2                |

Means and maxima are of absolute differences. Hours are several pictures in one output (training/daynight/relit.py).
Each place of them is sky or land, and where the network is undecided a little may turn one into the other: so few
values may be far off, by over 0.06. Likewise few places of a mask, an output of one channel, may turn from one side of
0.5 to the other: most do so on a photo without people, of 100 portraits 0.02 % in the mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from converter.layout import Arrays, is_picture
from training.export import Export, Port

Differences = dict[str, float]  # by kind, as in BOUNDS

BOUNDS: dict[str, Differences] = {
    "float32": {"picture mean": 1e-4, "picture max": 1e-3, "vector norm": 1e-4, "hours mean": 1e-4, "hours far": 1e-5,
                "mask mean": 1e-4, "mask turned": 1e-4},
    "float16": {"picture mean": 1e-3, "picture max": 2e-2, "vector norm": 5e-3, "hours mean": 1e-3, "hours far": 1e-4,
                "mask mean": 1e-3, "mask turned": 1e-3},
    "mixed": {"picture mean": 5e-3, "picture max": 6e-2, "vector norm": 3e-2, "hours mean": 5e-3, "hours far": 5e-3,
              "mask mean": 1e-2, "mask turned": 1e-2},
}  # fmt: skip
FAR = 0.06  # of [0,1]
SQUARE, OBLONG = (256, 256), (192, 320)  # height, width


class OverBounds(ValueError):
    """A converted network is too far from torch; the message says which, where and by how much."""


@dataclass(frozen=True)
class Sample:
    """What the network is fed, and what it gives in torch."""

    name: str
    inputs: Arrays
    expected: Arrays


def samples(export: Export, others: Sequence[Export]) -> list[Sample]:
    """Five samples; vectors are those that the run's own predictor, among `others`, gives to a picture.

    A network that takes no picture gets noise alone, each time another.
    """
    if not any(is_picture(port) for port in export.inputs):
        vectors = [{port.name: _noise(port, seed) for port in export.inputs} for seed in range(5)]
        return [Sample(f"noise {seed}", each, run_torch(export, each)) for seed, each in enumerate(vectors)]
    return [_sample(name, picture, export, others) for name, picture in _pictures().items()]


def worst(taken: Sequence[Sample], results: Sequence[Arrays]) -> Differences:
    """The largest difference of each kind over all samples and outputs."""
    found: Differences = {}
    for sample, result in zip(taken, results, strict=True):
        for name, expected in sample.expected.items():
            for kind, value in difference(expected, result[name]).items():
                found[kind] = float(np.maximum(found.get(kind, 0.0), value))  # np.maximum keeps a NaN
    return found


def difference(expected: np.ndarray, result: np.ndarray) -> Differences:
    """Of pictures [1,3,H,W], hours [1,3 K,H,W] and masks [1,1,H,W] in [0,1], and of vectors [1,100]."""
    if expected.shape != result.shape:
        raise OverBounds(f"the result's shape is {list(result.shape)} where torch gives {list(expected.shape)}")
    away = np.abs(expected.astype(np.float64) - result)
    if expected.ndim == 4 and expected.shape[1] > 3:
        return {"hours mean": float(away.mean()), "hours far": float((away > FAR).mean())}
    if expected.ndim == 4 and expected.shape[1] == 1:
        return {"mask mean": float(away.mean()), "mask turned": float(((expected > 0.5) != (result > 0.5)).mean())}
    if expected.ndim == 4:
        return {"picture mean": float(away.mean()), "picture max": float(away.max())}
    return {"vector norm": float(np.linalg.norm(away) / np.linalg.norm(expected))}


def check(name: str, step: str, found: Differences, bounds: Differences) -> None:
    """Raises OverBounds when a difference is above its bound, or no number."""
    for kind, value in found.items():
        if not value <= bounds[kind]:
            raise OverBounds(
                f"{name} is not published: after the step {step} it is {value:.1e} from torch ({kind}), "
                f"more than the {bounds[kind]:.0e} allowed"
            )


def row(step: str, found: Differences, bounds: Differences) -> str:
    """A line of the printed table."""
    cells = [f"{kind} {value:.1e} (bound {bounds[kind]:.0e})" for kind, value in found.items()]
    return f"  {step:12}" + "   ".join(cells)


def _pictures() -> Arrays:
    """[1,3,H,W] in [0,1] by name: two of noise, three photographs that scikit-image ships."""
    from skimage import data

    noise = np.random.default_rng(0)
    pictures = {
        "noise": [noise.random((1, 3, *size), np.float32) for size in (SQUARE, OBLONG)],
        "astronaut": [_resized(data.astronaut(), SQUARE)],
        "chelsea": [_resized(data.chelsea(), OBLONG)],
        "coffee": [_resized(data.coffee(), SQUARE)],
    }
    return {f"{name} {a.shape[3]}x{a.shape[2]}": a for name, arrays in pictures.items() for a in arrays}


def _resized(photo: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """[H,W,3] of 0..255 -> [1,3,*size] in [0,1]."""
    resized = Image.fromarray(photo).resize(size[::-1], Image.Resampling.BILINEAR)
    return (np.asarray(resized, np.float32) / 255).transpose(2, 0, 1)[None]


def _sample(name: str, picture: np.ndarray, export: Export, others: Sequence[Export]) -> Sample:
    inputs = {p.name: picture if is_picture(p) else _vector(p, picture, others) for p in export.inputs}
    return Sample(name, inputs, run_torch(export, inputs))


def _vector(port: Port, picture: np.ndarray, others: Sequence[Export]) -> np.ndarray:
    """What a network of the run gives to the mirrored picture for this port, else random numbers."""
    for other in others:
        if [port] == list(other.outputs) and all(is_picture(each) for each in other.inputs):
            mirrored = np.ascontiguousarray(picture[..., ::-1])
            return run_torch(other, {each.name: mirrored for each in other.inputs})[port.name]
    return _noise(port, 1)


def _noise(port: Port, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal([side or 1 for side in port.shape]).astype(np.float32)


@torch.inference_mode()
def run_torch(export: Export, inputs: Arrays) -> Arrays:
    """Execute the network itself."""
    results = export.network(*(torch.from_numpy(inputs[port.name]) for port in export.inputs))
    results = [results] if isinstance(results, torch.Tensor) else results
    return {port.name: result.numpy() for port, result in zip(export.outputs, results, strict=True)}
