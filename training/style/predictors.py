"""The style predictors: from a style picture to a vector of 100 numbers.

    inception    Inception-v3 up to Mixed_6e; its mean -> linear 768-100. After Exploring the structure of a real-time,
                 arbitrary neural artistic stylization network, Ghiasi et al. 2017 (arXiv 1705.06830). 9.0 M parameters
    mobilenet    MobileNetV2 up to its first 160-channel stage; mean and deviation of the stages of 24, 32, 96 and
                 160 channels -> linear 624-100. 1.07 M parameters

Style is a statistic at several scales, so the small one's head reads mean and deviation of four stages.
"""

import torch
from PIL import Image
from torch import Tensor, nn

from training.common.squares import centre_square
from training.networks.inception_v3 import InceptionV3
from training.networks.mobilenet_v2 import MobileNetV2
from training.style.constants import PREDICTOR

READ = (24, 32, 96, 160)  # widths of the stages that the small one's head reads


def view(picture: Image.Image) -> Tensor:
    """What a predictor is shown of a picture: its centre square, [3,256,256] in [0,1].

    Reduced with a triangle filter, as web/src/engine/resample.ts does it: page and Python see one picture.
    """
    return centre_square(picture, PREDICTOR.predictor_side, Image.Resampling.BILINEAR)


class InceptionStylePredictor(nn.Module):
    """Style picture [N,3,H,W] in [0,1] -> style vector [N,100]."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = InceptionV3("mixed_7")
        self.head = nn.Linear(768, 100)

    def forward(self, style: Tensor) -> Tensor:
        return self.head(self.trunk(style)["mixed_7"].mean((2, 3)))

    def load_imagenet(self, weights: dict[str, Tensor]) -> None:
        """Begin with ImageNet's weights. Raises Missing."""
        self.trunk.load_imagenet(weights)
        self.trunk.padded_pooling = False  # a run's state does not say, and the training adapts the weights


class MobileNetStylePredictor(MobileNetV2):
    """Style picture [N,3,H,W] in [0,1] -> style vector [N,100]."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(2 * sum(READ), 100)

    def forward(self, style: Tensor) -> Tensor:  # type: ignore[override]
        features = super().forward(style)
        return self.head(
            torch.cat([part for width in READ for part in _mean_and_deviation(features[width].float())], 1)
        )


def _mean_and_deviation(x: Tensor) -> list[Tensor]:
    """[N,C,H,W] -> two [N,C]; the small number keeps the square root's slope finite on flat pictures."""
    mean = x.mean((2, 3))
    variance = (x - mean[:, :, None, None]).square().mean((2, 3))
    return [mean, (variance + 1e-4).sqrt()]
