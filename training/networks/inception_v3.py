"""Inception-v3 up to Mixed_6e.

Rethinking the Inception Architecture, Szegedy et al. 2015 (arXiv 1512.00567).

    299 px   conv 32 s2 - conv 32 - conv 64 - pool - conv 80 - conv 192 - pool        192 at 1/8
             Mixed_5b 256, 5c 288, 5d 288                                             288 at 1/8
             Mixed_6a 768 s2, 6b 768, 6c 768, 6d 768, 6e 768                          768 at 1/16

Batch norm is folded into weight and bias. Names are those of the public 2015-12-05 ImageNet graph
(`conv … conv_4`, `mixed … mixed_7`), so that its weights load as they are. 8.9 M parameters.

Two versions are in use, and `--weights` chooses one by its name:

    2015-12-05    the graph that FID and KID were defined with, of 1008 classes. The means of 3x3 neighbours count only
                  those inside the picture. torch-fidelity and pytorch-fid publish it as weights-inception-2015-12-05
                  and pt_inception-2015-12-05
    torchvision   another training, of 1000 classes. Neighbours outside the picture count as zeros, so features differ
                  most at the edges

torchvision's model expects pictures normalised with ImageNet's means and turns them back into [-1,1] first, so both
versions get [-1,1] here. The graph itself, and torch-fidelity, computes (x - 128) / 128 of 0..255, which is 0.004 less
for white. Distances measured with one version do not compare with the other's.
"""

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.common.weights import put


class Conv(nn.Conv2d):
    """Convolution with bias and ReLU; padded to the same size unless `valid`."""

    def __init__(self, inputs: int, outputs: int, kernel: int | tuple[int, int], stride: int = 1, valid: bool = False):
        height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (0, 0) if valid else (height // 2, width // 2)
        super().__init__(inputs, outputs, (height, width), stride, padding)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(super().forward(x))


def _pool(x: Tensor, padded: bool) -> Tensor:
    """Mean of the 3x3 neighbours: of those inside the picture, or `padded` with zeros.

    As a ratio: onnx2tf ignores count_include_pad=False.
    """
    mean = F.avg_pool2d(x, 3, 1, 1)
    return mean if padded else mean / F.avg_pool2d(torch.ones_like(x[:1, :1]), 3, 1, 1)


class InceptionV3(nn.Module):
    """[N,3,H,W] in [0,1] -> features by name, up to the one called `last`.

    `padded_pooling` is that of torchvision's version; it is no part of the state dict, and `load_imagenet` sets it.
    """

    def __init__(self, last: str = "mixed_7"):
        super().__init__()
        self.last, self.padded_pooling = last, False
        self.convs = nn.ModuleDict()
        self._stem()
        for name, build in self._blocks():
            build()
            if name == last:
                break

    def _blocks(self) -> list[tuple[str, Callable[[], None]]]:
        """Each block's name and what makes its convolutions, first to last."""
        sizes_5 = (("mixed", 192, 32), ("mixed_1", 256, 64), ("mixed_2", 288, 64))
        sizes_6 = (("mixed_4", 128), ("mixed_5", 160), ("mixed_6", 160), ("mixed_7", 192))
        blocks_5 = [(size[0], partial(self._mixed_5, *size)) for size in sizes_5]
        blocks_6 = [(size[0], partial(self._mixed_6, *size)) for size in sizes_6]
        return [*blocks_5, ("mixed_3", partial(self._mixed_6a, "mixed_3", 288)), *blocks_6]

    def _stem(self) -> None:
        c = self.convs
        c["conv"] = Conv(3, 32, 3, 2, valid=True)
        c["conv_1"] = Conv(32, 32, 3, valid=True)
        c["conv_2"] = Conv(32, 64, 3)
        c["conv_3"] = Conv(64, 80, 1)
        c["conv_4"] = Conv(80, 192, 3, valid=True)

    def _tower(self, name: str, sizes: list[tuple]) -> None:
        for i, size in enumerate(sizes):
            self.convs[f"{name}_conv" + (f"_{i}" if i else "")] = Conv(*size)

    def _mixed_5(self, name: str, inputs: int, pooled: int) -> None:
        self.convs[f"{name}_conv"] = Conv(inputs, 64, 1)
        self._tower(f"{name}_tower", [(inputs, 48, 1), (48, 64, 5)])
        self._tower(f"{name}_tower_1", [(inputs, 64, 1), (64, 96, 3), (96, 96, 3)])
        self.convs[f"{name}_tower_2_conv"] = Conv(inputs, pooled, 1)

    def _mixed_6a(self, name: str, inputs: int) -> None:
        self.convs[f"{name}_conv"] = Conv(inputs, 384, 3, 2, valid=True)
        self._tower(f"{name}_tower", [(inputs, 64, 1), (64, 96, 3), (96, 96, 3, 2, True)])

    def _mixed_6(self, name: str, w: int) -> None:
        row, column = (1, 7), (7, 1)
        self.convs[f"{name}_conv"] = Conv(768, 192, 1)
        self._tower(f"{name}_tower", [(768, w, 1), (w, w, row), (w, 192, column)])
        self._tower(f"{name}_tower_1", [(768, w, 1), (w, w, column), (w, w, row), (w, w, column), (w, 192, row)])
        self.convs[f"{name}_tower_2_conv"] = Conv(768, 192, 1)

    def _chain(self, x: Tensor, name: str, length: int) -> Tensor:
        for i in range(length):
            x = self.convs[f"{name}_conv" + (f"_{i}" if i else "")](x)
        return x

    def _block(self, x: Tensor, name: str, first: int, second: int) -> Tensor:
        branches = [
            self.convs[f"{name}_conv"](x),
            self._chain(x, f"{name}_tower", first),
            self._chain(x, f"{name}_tower_1", second),
        ]
        return torch.cat([*branches, self.convs[f"{name}_tower_2_conv"](_pool(x, self.padded_pooling))], 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        c, features = self.convs, {}
        x = F.max_pool2d(c["conv_2"](c["conv_1"](c["conv"](x * 2 - 1))), 3, 2)
        features["conv_4"] = x = c["conv_4"](c["conv_3"](x))
        x = F.max_pool2d(x, 3, 2)
        for name in ("mixed", "mixed_1", "mixed_2"):
            features[name] = x = self._block(x, name, 2, 3)
            if name == self.last:
                return features
        reduced = [c["mixed_3_conv"](x), self._chain(x, "mixed_3_tower", 3), F.max_pool2d(x, 3, 2)]
        features["mixed_3"] = x = torch.cat(reduced, 1)
        for name in ("mixed_4", "mixed_5", "mixed_6", "mixed_7"):
            if self.last in features:
                break
            features[name] = x = self._block(x, name, 3, 5)
        return features

    def load_imagenet(self, weights: dict[str, Tensor]) -> None:
        """Take weights and kind of pooling from training.common.weights. Raises Missing."""
        put(self.convs, weights, "Inception-v3")
        self.padded_pooling = bool(weights.get("padded_pooling", False))
