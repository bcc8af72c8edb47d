"""Scene layers: what each place of a street photo is, by day and by night.

MobileNetV2 (training/networks/mobilenet_v2.py) and a pyramid of its stages (training/networks/pyramid.py):

    stage of MobileNetV2             16    24    32    96   160      width
    size                            1/2   1/4   1/8  1/16  1/32
    lateral 1x1, added upwards       48    48    48    48    48
    classes: conv 1x1 at 1/2, enlarged to 1/1                        11

1.04 M parameters. The classes are CamVid's eleven (Brostow et al. 2009, Semantic object classes in video); LAYERS joins
those that are relit alike.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.mobilenet_v2 import MobileNetV2
from training.networks.pyramid import Pyramid

CLASSES = (
    "sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian", "cyclist",
)  # fmt: skip
UNLABELLED = len(CLASSES)
NO_SKY, NO_BUILDING = UNLABELLED + 1, UNLABELLED + 2  # labels of what is one of the classes, but none of these
OTHER_THAN = {NO_SKY: ("sky",), NO_BUILDING: ("sky", "building", "fence")}
LAYERS = {
    "sky": ("sky",),
    "building": ("building", "fence"),
    "ground": ("road", "pavement"),
    "vegetation": ("tree",),
    "vehicle": ("car",),
    "person": ("pedestrian", "cyclist"),
    "pole and sign": ("pole", "sign"),
}
STAGES = (16, 24, 32, 96, 160)
CHANNELS = 48
MULTIPLE = 32  # of both sides


class SceneNetwork(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 32 -> logits of CLASSES, [N,11,H,W]."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = MobileNetV2()
        self.pyramid = Pyramid(STAGES, CHANNELS)
        self.classes = nn.Conv2d(CHANNELS, len(CLASSES), 1)

    def forward(self, photo: Tensor) -> Tensor:
        features = self.encoder(photo)
        logits = self.classes(self.pyramid([features[width] for width in STAGES]))
        return F.interpolate(logits.float(), scale_factor=2, mode="bilinear", align_corners=False)


def layers(logits: Tensor) -> Tensor:
    """[N,11,H,W] -> how likely each of LAYERS is, [N,7,H,W] in [0,1]; they sum to 1."""
    likely = logits.softmax(1)
    by_class = dict(zip(CLASSES, likely.split(1, 1), strict=True))  # slices: a page has them without a gather
    return torch.cat([sum(by_class[each] for each in joined) for joined in LAYERS.values()], 1)
