"""The networks a student is trained on: Magenta's TFLite pair, or a teacher of ours (a run directory).

A teacher has `name` (of its style space; where it has none, a hash of its files), `vectors(styles)` and
`paint(photos, vectors)`, all on torch pictures [N,3,H,W] in [0,1] and vectors [N,100]. Magenta's interpreters are
opened where they are used (a loader's process), so that only their folder travels.
"""

import hashlib
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.common.command import Missing
from training.style.load import load_pair
from training.style.transformer import towards_styles

MAGENTA = PREDICTOR, TRANSFORMER = "style_predict_int8_256.tflite", "style_transfer_fp16_384.tflite"


class NoTeacher(Missing):
    """The teacher's files are missing; the message says what to put where."""


class MagentaTeacher:
    """Magenta's mobile pair (Apache-2.0): predictor at 256 px, transformer at 384 px."""

    def __init__(self, folder: Path):
        self.folder = folder
        missing = [name for name in MAGENTA if not (folder / name).is_file()]
        if missing:
            raise NoTeacher(
                f"{folder}: put Magenta's {' and '.join(missing)} there, or name their folder with --magenta"
            )
        self.name = _hash([folder / PREDICTOR, folder / TRANSFORMER])

    @cached_property
    def predictor(self) -> "_TFLite":
        return _TFLite(self.folder / PREDICTOR)

    @cached_property
    def transformer(self) -> "_TFLite":
        return _TFLite(self.folder / TRANSFORMER)

    def vectors(self, styles: Tensor) -> Tensor:
        """[N,3,H,W] -> [N,100]."""
        squares = _resize(styles, 256)
        return torch.stack([self.predictor(style[None]).flatten() for style in squares])

    def paint(self, photos: Tensor, vectors: Tensor) -> Tensor:
        """[N,3,H,W], [N,100] -> [N,3,H,W]; painted at 384 px, the only size the file takes."""
        pairs = zip(_resize(photos, 384), vectors, strict=True)
        painted = torch.cat([self.transformer(photo[None], vector.view(1, 1, 1, 100)) for photo, vector in pairs])
        return F.interpolate(painted, photos.shape[2:], mode="bilinear", antialias=True, align_corners=False)

    def __getstate__(self) -> dict:
        return {"folder": self.folder, "name": self.name}


class RunTeacher:
    """A predictor and transformer of ours, from their run directory."""

    def __init__(self, run: Path):
        self.pair = load_pair(run)
        self.pair.predictor.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # faster on CPUs
        self.name = self.pair.state.get("style_space") or _hash([run / "best.pt"])

    @torch.no_grad()
    def vectors(self, styles: Tensor) -> Tensor:
        """[N,3,H,W] -> [N,100]."""
        return self.pair.predictor(_resize(styles, 256))

    @torch.no_grad()
    def paint(self, photos: Tensor, vectors: Tensor) -> Tensor:
        """[N,3,H,W], [N,100] -> [N,3,H,W]."""
        return self.pair.transformer(photos, towards_styles(self.pair.transformer, vectors))


class _TFLite:
    """One TFLite file as a function of torch pictures; inputs in the file's order, picture first."""

    def __init__(self, path: Path):
        from ai_edge_litert.interpreter import Interpreter

        self.interpreter = Interpreter(str(path), num_threads=1)
        self.interpreter.allocate_tensors()
        self.inputs = [d["index"] for d in self.interpreter.get_input_details()]
        self.output = self.interpreter.get_output_details()[0]["index"]

    def __call__(self, picture: Tensor, *others: Tensor) -> Tensor:
        arrays = [picture.permute(0, 2, 3, 1), *others]
        for index, array in zip(self.inputs, arrays, strict=True):
            self.interpreter.set_tensor(index, np.ascontiguousarray(array.float().numpy()))
        self.interpreter.invoke()
        return torch.from_numpy(self.interpreter.get_tensor(self.output).copy()).permute(0, 3, 1, 2)


def _resize(pictures: Tensor, side: int) -> Tensor:
    if pictures.shape[2:] == (side, side):
        return pictures
    return F.interpolate(pictures, (side, side), mode="bilinear", antialias=True, align_corners=False).clamp(0, 1)


def _hash(files: list[Path]) -> str:
    """Twelve hexadecimal digits of the files' contents."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
