"""Translators that know the scene: a network says what each place is (scene.py), then the photo is relit (relight.py).

The network sees the photo at half of its size: it is trained on street photos of 288 px. One network serves both
directions. Each direction gives several pictures at once, side by side in the channels: the hours of relight.EVENING
and what the lights add, or the hours of relight.MORNING. Any hour between two, and any share of the lights, is a
weighted sum of them (`weights`).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.daynight.daylight import Daylight, brightened
from training.daynight.nearby import enlarged
from training.daynight.relight import EVENING, MORNING, evening, morning
from training.daynight.scene import SceneNetwork, layers

BOXES, FLAT = 256, 1e-4  # of the guided upsampling: edges of relit pictures are the photo's, so boxes are narrow
USUAL_HOUR = {"day-to-night": 0.7, "night-to-day": 1.0}  # of the way through the hours


class Relit(nn.Module):
    """Both directions; pictures are [N,3,H,W] in [0,1], H and W multiples of 64, at the usual hour and lights.

    With `daylight`, a network says what the land of a night is by day; without it, arithmetic does.
    """

    def __init__(self, daylight: bool = False) -> None:
        super().__init__()
        self.scene = SceneNetwork()
        self.daylight = Daylight() if daylight else None
        self.to_evening, self.to_morning = ToEvening(self.scene), ToMorning(self.scene, self.daylight)

    def day_to_night(self, day: Tensor, hour: float = USUAL_HOUR["day-to-night"], lights: float = 1.0) -> Tensor:
        """A day photo as in the evening; `hour` 0..1 from golden hour to night, `lights` 0..1 from none to all."""
        return mixed(self.to_evening(day), weights(self.to_evening, hour, lights))

    def night_to_day(self, night: Tensor, hour: float = USUAL_HOUR["night-to-day"]) -> Tensor:
        """A night photo as by day; `hour` 0..1 from dawn to noon."""
        return mixed(self.to_morning(night), weights(self.to_morning, hour, 0.0))

    def reconstruct_day(self, day: Tensor) -> Tensor:
        """Day by way of night, [N,3,H,W] in [0,1]."""
        return self.night_to_day(self.day_to_night(day))

    def reconstruct_night(self, night: Tensor) -> Tensor:
        """Night by way of day, [N,3,H,W] in [0,1]."""
        return self.day_to_night(self.night_to_day(night))

    def one_way(self, direction: str) -> nn.Module:
        """What is published of `day_to_night` or `night_to_day`: all hours at once."""
        return {"day_to_night": self.to_evening, "night_to_day": self.to_morning}[direction]


class Hours(nn.Module):
    """A direction: several pictures at once, side by side in the channels."""

    hours: tuple[str, ...]
    has_lights: bool

    def __init__(self, scene: SceneNetwork):
        super().__init__()
        self.scene = scene


class ToEvening(Hours):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 64 -> [N,12,H,W]: three hours without lights, and the lights."""

    hours, has_lights = tuple(EVENING), True

    def forward(self, photo: Tensor) -> Tensor:
        hours, lights = evening(photo, layers_of(self.scene, photo))
        return torch.cat([*hours, lights], 1)


class ToMorning(Hours):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 64 -> three hours, [N,9,H,W]."""

    hours, has_lights = tuple(MORNING), False

    def __init__(self, scene: SceneNetwork, daylight: Daylight | None):
        super().__init__(scene)
        self.daylight = daylight

    def forward(self, photo: Tensor) -> Tensor:
        if self.daylight is None:
            return torch.cat(morning(photo, layers_of(self.scene, photo)), 1)
        small = F.avg_pool2d(photo, 2)
        layers = seen(self.scene, small)
        land, sky = brightened(photo, enlarged(self.daylight(small, layers), 2))
        return torch.cat(morning(photo, torch.cat([sky, enlarged(layers[:, 1:], 2)], 1), land), 1)


def layers_of(scene: SceneNetwork, photo: Tensor) -> Tensor:
    """The layers of a photo at its own size, and how likely its lights are, [N,9,H,W]."""
    return enlarged(seen(scene, F.avg_pool2d(photo, 2)), 2)


def seen(scene: SceneNetwork, photo: Tensor) -> Tensor:
    """The same at the size that the network sees."""
    classes, lights = scene(photo)
    return torch.cat([layers(classes), lights.sigmoid()], 1)


def weights(direction: Hours, hour: float, lights: float) -> list[float]:
    """Of each picture in the sum; `hour` 0..1 goes through the hours, `lights` 0..1 from none to all."""
    at = hour * (len(direction.hours) - 1)
    shares = [max(0.0, 1 - abs(at - i)) for i in range(len(direction.hours))]
    return [*shares, lights] if direction.has_lights else shares


def mixed(pictures: Tensor, shares: list[float]) -> Tensor:
    """[N,3K,H,W] and K weights -> their sum, [N,3,H,W] in [0,1]."""
    share = torch.tensor(shares, device=pictures.device).view(1, -1, 1, 1, 1)
    return (pictures.unflatten(1, (-1, 3)) * share).sum(1).clamp(0, 1)
