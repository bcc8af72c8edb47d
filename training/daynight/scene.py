"""Scene layers: what each place of a photo is, by day and by night, and where windows are.

MobileNetV2 (training/networks/mobilenet_v2.py) and a pyramid of its stages (training/networks/pyramid.py):

    stage of MobileNetV2             16    24    32    96   160      width
    size                            1/2   1/4   1/8  1/16  1/32
    lateral 1x1, added upwards       48    48    48    48    48
    classes: conv 1x1 at 1/2, enlarged to 1/1                        11
    lights: separable 3x3 and conv 1x1 at 1/2, enlarged               2

1.04 M parameters. The classes are CamVid's eleven (Brostow et al. 2009, Semantic object classes in video); LAYERS joins
those that are relit alike. Lights come by night from windows, and from facades whose windows are too tiny to draw.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.mobilenet_v2 import MobileNetV2
from training.networks.pyramid import Pyramid, separable

CLASSES = (
    "sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian", "cyclist",
)  # fmt: skip
UNLABELLED = len(CLASSES)
NO_SKY, NO_BUILDING = UNLABELLED + 1, UNLABELLED + 2  # labels of what is one of the classes, but none of these
WINDOW, WALL, FACADE = UNLABELLED + 3, UNLABELLED + 4, UNLABELLED + 5  # of buildings whose windows are known
NO_LIGHT = UNLABELLED + 6  # of an unknown class, but neither a window nor such a facade
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
LIGHTS = {"window": WINDOW, "facade": FACADE}
STAGES = (16, 24, 32, 96, 160)
CHANNELS = 48
MULTIPLE = 32  # of both sides


class SceneNetwork(nn.Module):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 32 -> logits of CLASSES, [N,11,H,W], and of LIGHTS, [N,2,H,W]."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = MobileNetV2()
        self.pyramid = Pyramid(STAGES, CHANNELS)
        self.classes = nn.Conv2d(CHANNELS, len(CLASSES), 1)
        self.lights = nn.Sequential(separable(CHANNELS), nn.Conv2d(CHANNELS, len(LIGHTS), 1))

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor]:
        features = self.encoder(photo)
        fine = self.pyramid([features[width] for width in STAGES])
        logits = torch.cat([self.classes(fine), self.lights(fine)], 1)
        logits = F.interpolate(logits.float(), scale_factor=2, mode="bilinear", align_corners=False)
        return logits[:, : len(CLASSES)], logits[:, len(CLASSES) :]


def layers(logits: Tensor) -> Tensor:
    """Logits [N,11,H,W] -> how likely each of LAYERS is, [N,7,H,W] in [0,1]; they sum to 1."""
    likely = logits.softmax(1)
    by_class = dict(zip(CLASSES, likely.split(1, 1), strict=True))  # slices: a page has them without a gather
    return torch.cat([sum(by_class[each] for each in joined) for joined in LAYERS.values()], 1)
