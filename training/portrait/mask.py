"""The person mask of the page: where a photo shows people.

The first stages of MobileNetV2 (training/networks/mobilenet_v2.py), a wide view of the whole picture, for people fill
it, and a pyramid of all of them (training/networks/pyramid.py):

    stage                            size     width    parameters
    MobileNetV2's first four         1/2         16       2,800
                                     1/4         24      13,440
                                     1/8         32      38,544
                                     1/16        64     180,928
    context: average pool, 1x1, and
    three times 5x5 depthwise, 1x1   1/32       128      67,840
    pyramid: lateral 1x1, added up   1/2         32      14,112
    logit: conv 1x1, enlarged        1/1          1          33

0.32 M parameters, of which MobileNetV2's begin with ImageNet's weights. A cell at 1/32 sees 6 cells to each side and
what the stages below add to that: all of a picture of 256 px.
"""

import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.mobilenet_v2 import MobileNetV2
from training.networks.pyramid import Pyramid

STAGES = (16, 24, 32, 64)
WIDE, CHANNELS = 128, 32


class MaskNetwork(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 32 -> probability of a person, [N,1,H,W] in [0,1]."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = MobileNetV2(last=STAGES[-1])
        self.context = nn.Sequential(
            nn.AvgPool2d(2), nn.Conv2d(STAGES[-1], WIDE, 1), nn.ReLU6(), *(Wide(WIDE) for _ in range(3))
        )
        self.pyramid = Pyramid((*STAGES, WIDE), CHANNELS)
        self.person = nn.Conv2d(CHANNELS, 1, 1)

    def forward(self, photo: Tensor) -> Tensor:
        return self.logits(photo).sigmoid()

    def logits(self, photo: Tensor) -> Tensor:
        """The same before the sigmoid, for the losses."""
        features = self.encoder(photo)
        stages = [features[width] for width in STAGES]
        logits = self.person(self.pyramid([*stages, self.context(stages[-1])]))
        return F.interpolate(logits.float(), scale_factor=2, mode="bilinear", align_corners=False)


class Wide(nn.Module):
    """A residual of a separable 5x5 convolution."""

    def __init__(self, channels: int):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 5, 1, 2, groups=channels)
        self.pointwise = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.pointwise(F.relu6(self.depthwise(x)))
