"""CycleGAN: two generators, day to night and night to day, trained against a discriminator of each domain.

Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, Zhu et al. 2017 (arXiv 1703.10593).
"""

from typing import Any

import torch
from torch import Tensor, nn

from training.common.guided import carried
from training.daynight.curve_generator import CurveGenerator
from training.daynight.generators import ResnetGenerator, SourceGenerator
from training.daynight.kernel import KernelDistance
from training.daynight.losses import generator_loss, unevenness

GENERATORS: dict[str, Any] = {"source": SourceGenerator, "resnet": ResnetGenerator, "small": CurveGenerator}


class CycleGan(nn.Module):
    """Both generators and the losses on them. `config`: a training.daynight.config.Config."""

    def __init__(self, config: Any):
        super().__init__()
        self.config = config
        self.day_to_night = GENERATORS[config.generator](config.width)
        self.night_to_day = GENERATORS[config.generator](config.width)

    def forward(
        self, day: Tensor, night: Tensor, discriminators: nn.ModuleDict, kernel: KernelDistance | None = None
    ) -> tuple[dict, dict]:
        """One step's losses by name, the weighted `total` among them, and the translated pictures by domain."""
        c = self.config
        to_night, to_day = self.shown(day, self.day_to_night(day)), self.shown(night, self.night_to_day(night))
        losses = {
            "adversarial": generator_loss(discriminators["night"](to_night))
            + generator_loss(discriminators["day"](to_day))
        }
        if c.cycle_weight:
            there = (self.night_to_day(to_night) - day).abs().mean()
            losses["cycle"] = there + (self.day_to_night(to_day) - night).abs().mean()
        if c.identity_weight:
            same = (self.day_to_night(night) - night).abs().mean()
            losses["identity"] = same + (self.night_to_day(day) - day).abs().mean()
        if c.unevenness_weight:
            losses["unevenness"] = unevenness(to_night, day) + unevenness(to_day, night)
        if kernel:
            losses["kernel"] = kernel(to_night, "night") + kernel(to_day, "day")
        weighted = [getattr(c, f"{name}_weight", 1.0) * loss for name, loss in losses.items()]
        losses["total"] = torch.stack(weighted).sum()
        return losses, {"night": to_night.detach(), "day": to_day.detach()}

    def shown(self, photos: Tensor, translated: Tensor) -> Tensor:
        """Translations [N,3,H,W] as the losses see them: with `guided`, as a visitor does."""
        return carried(photos, translated) if self.config.guided else translated

    def reconstruct_day(self, day: Tensor) -> Tensor:
        """Day by way of night, [N,3,H,W] in [0,1]."""
        return self.night_to_day(self.day_to_night(day))

    def reconstruct_night(self, night: Tensor) -> Tensor:
        """Night by way of day, [N,3,H,W] in [0,1]."""
        return self.day_to_night(self.night_to_day(night))

    def one_way(self, direction: str) -> nn.Module:
        """The generator `day_to_night` or `night_to_day`."""
        return getattr(self, direction)
