"""VGG-19 up to conv3_4, and up to conv5_1: VGG-16 with a fourth convolution from the third block on, of the same paper.

The project's own file of weights ends at conv3_4; torchvision's has all layers (training/common/weights.py).
"""

from typing import ClassVar

from training.networks.vgg16 import Vgg16


class Vgg19(Vgg16):
    """[N,3,H,W] RGB in [0,1] -> {'relu1_2': [N,64,H,W], 'relu2_2': [N,128,H/2,W/2], 'relu3_4': [N,256,H/4,W/4]}."""

    title = "VGG-19"
    depths: ClassVar[tuple[int, ...]] = (2, 2, 4)


class DeepVgg19(Vgg19):
    """The same, and {'relu4_4': [N,512,H/8,W/8], 'relu5_1': [N,512,H/16,W/16]}."""

    title = "VGG-19 up to conv5_1"
    depths = (2, 2, 4, 4, 1)
