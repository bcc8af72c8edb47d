"""VGG-16 up to conv3_3, for perceptual losses.

Very Deep Convolutional Networks, Simonyan and Zisserman 2014 (arXiv 1409.1556); losses after Johnson et al. 2016
(arXiv 1603.08155). Fed as the Oxford release was: BGR, 0..255, less its mean.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LAYERS = (
    ("1_1", 3, 64),
    ("1_2", 64, 64),
    ("2_1", 64, 128),
    ("2_2", 128, 128),
    ("3_1", 128, 256),
    ("3_2", 256, 256),
    ("3_3", 256, 256),
)
KEPT = ("1_2", "2_2", "3_3")
BGR_MEAN = (103.939, 116.779, 123.68)


class Vgg16(nn.Module):
    """[N,3,H,W] RGB in [0,1] -> {'relu1_2': [N,64,H,W], 'relu2_2': [N,128,H/2,W/2], 'relu3_3': [N,256,H/4,W/4]}."""

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleDict({f"conv{name}": nn.Conv2d(i, o, 3, padding=1) for name, i, o in LAYERS})
        self.register_buffer("mean", torch.tensor(BGR_MEAN).view(1, 3, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        features = {}
        x = x.flip(1) * 255 - self.mean
        for name, _, _ in LAYERS:
            x = F.relu(self.convs[f"conv{name}"](x))
            if name in KEPT:
                features[f"relu{name}"] = x
                x = F.max_pool2d(x, 2) if name != "3_3" else x
        return features

    def load_imagenet(self, weights: dict[str, Tensor]) -> None:
        """Take weights named `conv1_1.weight` …"""
        self.convs.load_state_dict({k: weights[k].float() for k in self.convs.state_dict()})
