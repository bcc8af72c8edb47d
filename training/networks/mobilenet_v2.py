"""MobileNetV2, cut after its first 160-channel stage or earlier.

MobileNetV2: Inverted Residuals and Linear Bottlenecks, Sandler et al. 2018 (arXiv 1801.04381).

    stage          t    c   n   s    size at 256 px
    conv 3x3            32      2    128
    bottleneck     1    16  1   1    128
    bottleneck     6    24  2   2     64
    bottleneck     6    32  3   2     32
    bottleneck     6    64  4   2     16
    bottleneck     6    96  3   1     16
    bottleneck     6   160  2   2      8

What is cut off is 1.2 M parameters for 8x8 positions. Batch norm is folded into the convolutions. 1.01 M parameters.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.common.weights import put

STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 2, 2))
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Bottleneck(nn.Module):
    """Expand by t, 3x3 depthwise, project; a residual where the shape stays."""

    def __init__(self, inputs: int, outputs: int, t: int, stride: int):
        super().__init__()
        width = inputs * t
        self.conv0 = nn.Conv2d(inputs, width, 1)
        self.conv1 = nn.Conv2d(width, width, 3, stride, 1, groups=width)
        self.conv2 = nn.Conv2d(width, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv2(F.relu6(self.conv1(F.relu6(self.conv0(x)))))
        return x + y if self.residual else y


class MobileNetV2(nn.Module):
    """[N,3,H,W] in [0,1] -> features of the stages by their widths, {24: [N,24,H/4,W/4], …}, up to that of `last`."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, last: int = 160) -> None:
        super().__init__()
        self.conv0 = nn.Conv2d(3, 32, 3, 2, 1)
        self.stages = nn.ModuleList()
        inputs = 32
        for t, c, n, s in STAGES:
            blocks = [Bottleneck(inputs if i == 0 else c, c, t, s if i == 0 else 1) for i in range(n)]
            self.stages.append(nn.Sequential(*blocks))
            inputs = c
            if c == last:
                break
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).view(1, 3, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> dict[int, Tensor]:
        x = F.relu6(self.conv0((x - self.mean) / self.deviation))
        features = {}
        for (_, c, _, _), stage in zip(STAGES, self.stages, strict=False):
            features[c] = x = stage(x)
        return features

    def load_imagenet(self, weights: dict[str, Tensor]) -> None:
        """Take weights from training.common.weights, whose blocks are numbered throughout. Raises Missing."""
        blocks = [block for stage in self.stages for block in stage.children()]
        put(
            nn.ModuleDict({"conv0": self.conv0, **{f"block{i}": b for i, b in enumerate(blocks)}}),
            weights,
            "MobileNetV2",
        )
