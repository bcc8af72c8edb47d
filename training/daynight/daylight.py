"""What a night's land is by day: a network that takes the light of lamps away and gives that of the day.

It sees a night photo with its scene layers (scene.py) and gives the maps of the small generator
(curve_generator.py), and where the sky is: `train_daylight.py` teaches it with photos by day that were turned into
nights, whose days are known.

    the small generator with 0.75 of its channels and 6 blocks
    seen      photo 3, layers and lights 9
    given     exposure 1 + 3, cover 1, light 3; sky 1, added to what the layers say

142,794 parameters.
"""

import torch
from torch import Tensor

from training.daynight.curve_generator import CurveGenerator, bounded, recoloured
from training.daynight.scene import LAYERS, LIGHTS

SURE = 0.02  # what the layers say of the sky counts as no surer than that
SKY = 4.0  # of the evidence of the sky, beside what the layers say


class Daylight(CurveGenerator):
    """Night photo [N,3,H,W] in [0,1] and its layers [N,9,H,W], H and W multiples of 8 -> maps for `brightened`."""

    def __init__(self) -> None:
        super().__init__(0.75, 6, inputs=3 + len(LAYERS) + len(LIGHTS), outputs=9)

    def forward(self, photo: Tensor, layers: Tensor) -> Tensor:  # type: ignore[override]
        """[N,8,H,W], float32: exposure 3, cover 1, light 3, as `recoloured` takes them, and the sky's logits 1."""
        numbers = self.numbers(torch.cat([photo, layers], 1))
        seen = torch.logit(layers[:, :1].float().clamp(SURE, 1 - SURE))
        return torch.cat([*bounded(numbers[:, :8]), seen + SKY * numbers[:, 8:]], 1)


def brightened(photo: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
    """A night photo and its maps, [N,3,H,W], [N,8,H,W] -> the same by day, [N,3,H,W], and its sky, [N,1,H,W]."""
    exposure, cover, light, sky = maps.split((3, 1, 3, 1), 1)
    return recoloured(photo, exposure, cover, light), sky.sigmoid()
