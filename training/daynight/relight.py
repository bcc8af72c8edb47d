"""Relighting: a photo and what its places are -> the same scene at other hours. Arithmetic only, nothing is learnt.

Light is multiplied and added as light: values are squared first, and the root is taken last (gamma 2).

    sky      a gradient of two colours, from the top down to the skyline, times the clouds: how much brighter than its
             mean the photo's sky is at each place
    land     exposure and cast; sun and shade are evened out by the wide mean of the land's light
    lights   windows where the network sees them, some of them lit; points on facades far away; saturated colours of
             signs; red of vehicles
    glow     sums of ever wider blurs of the lights, falling onto the colours of what lies around
    day      the land is what a network says (daylight.py), at a usual exposure. Without one, lamps, that are small and
             far brighter than what is around them, are dimmed; the land's wide mean of colour becomes neutral and its
             light even. The sky is new, but strictly behind the skyline, with few of its clouds

The layers come from a network (scene.py): [N,9,H,W] in the order of scene.LAYERS, then of scene.LIGHTS. All pictures
are [N,3,H,W] in [0,1], H and W multiples of 64, masks [N,1,H,W]. The converter publishes these steps with the network,
so the page computes the same. The constants were chosen by eye, on pictures of content-000, day-000, day-001,
day-city-000, night-001 and night-city-000.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.daynight import skyline
from training.daynight.constants import TRANSLATOR
from training.daynight.nearby import SMALL, around, enlarged, largest, mean_around, mean_within, smallest
from training.daynight.scene import LAYERS

Colour = tuple[float, float, float]
PANE = 19  # px: up to this width or height a pane is seen to be darker than its wall; larger ones as the network says
FAR_PANE = (5, 5)  # px: the same of houses far away
LAMP = 13  # px: what is as wide and as high is no lamp
CELL, POINT = 16, 2  # px: sides of the cells that share a light switch, and of a point of light
DISTRICT = 32  # px: side of the cells that share how many points are lit
STEPS = (0.7548777, 0.5698403)  # of the R2 sequence (Roberts 2018): evenly spread numbers, the same on every machine
OTHER_STEPS = (0.6180340, 0.4142136)  # of the golden ratio and the root of 2
MINGLED = 61.0  # times the product of two even spreads: its fraction has no order that an eye sees
WARM: Colour = (1.0, 0.62, 0.26)  # the light of lamps and windows


@dataclass(frozen=True)
class Hour:
    """Colours of the sky as in a picture; the land's light in colour and amount, 1 as photographed."""

    top: Colour
    horizon: Colour
    cast: Colour
    exposure: float


EVENING = {
    "golden hour": Hour((0.36, 0.46, 0.64), (0.96, 0.70, 0.48), (1.15, 0.90, 0.66), 0.50),
    "blue hour": Hour((0.08, 0.13, 0.31), (0.36, 0.38, 0.52), (0.60, 0.76, 1.20), 0.33),
    "night": Hour((0.025, 0.045, 0.12), (0.14, 0.18, 0.31), (0.54, 0.72, 1.20), 0.21),
}
MORNING = {
    "dawn": Hour((0.50, 0.58, 0.74), (0.95, 0.80, 0.68), (1.06, 0.98, 0.94), 0.65),
    "overcast": Hour((0.70, 0.74, 0.78), (0.86, 0.88, 0.90), (0.98, 1.00, 1.03), 0.85),
    "noon": Hour((0.36, 0.58, 0.86), (0.82, 0.89, 0.96), (1.04, 1.00, 0.96), 1.0),
}


def evening(photo: Tensor, layers: Tensor) -> tuple[list[Tensor], Tensor]:
    """A day photo -> at each hour of EVENING, all lights off; and by how much the lights raise the last, [N,3,H,W]."""
    scene = Scene(photo, layers, skyline.by_day(photo, layers[:, :1]))
    scene.light = scene.light * (light_of(scene.light) / 0.2 + SMALL).pow(0.2)  # by night contrasts are stronger
    lamps = emitted(photo, scene)
    hours = [developed(scene.at(hour)) for hour in EVENING.values()]
    night = scene.at(EVENING["night"])
    return hours, developed(night + shining(lamps, scene)) - hours[-1]


def morning(photo: Tensor, layers: Tensor, land: Tensor | None = None) -> list[Tensor]:
    """A night photo -> at each hour of MORNING.

    `land`: the photo [N,3,H,W] as it is by day, as a network says (daylight.py); without one, by arithmetic.
    """
    scene = Scene(without_lamps(photo) if land is None else photo, layers, skyline.by_night(photo, layers[:, :1]))
    scene.clouds = scene.clouds.clamp(0.4, 1.8).sqrt()  # most of what is bright in a night sky is glow
    if land is None:
        scene.light = evened(neutral(scene.light, scene.land), scene.land)
    else:
        scene.light = exposed(land.square(), scene.land)
    return [developed(scene.at(hour)) for hour in MORNING.values()]


class Scene:
    """A photo's light, its layers with the photo's edges, and its clouds."""

    def __init__(self, photo: Tensor, layers: Tensor, evidence: Tensor | float = 0.0):
        self.sky = skyline.along_edges(photo, layers[:, :1], evidence)
        self.land = 1 - self.sky
        self.building, self.ground, self.vehicle, self.pole = (
            layers[:, i : i + 1] * self.land
            for i in map(list(LAYERS).index, ("building", "ground", "vehicle", "pole and sign"))
        )
        self.windows, self.facades = (layers[:, len(LAYERS) :] * self.land).split(1, 1)
        self.built_up = around(self.building, 16, 3)
        light = photo.square()
        self.clouds = (light_of(light) + 0.03) / (mean_within(light_of(light), self.sky) + 0.03)
        self.light = shade_evened(light, self.land)

    def at(self, hour: Hour) -> Tensor:
        """The light [N,3,H,W] of the scene at that hour, without lamps."""
        land = self.light * colour(hour.cast).to(self.light) * hour.exposure
        return land * self.land + self._heaven(hour) * self.sky

    def _heaven(self, hour: Hour) -> Tensor:
        top, horizon = colour(hour.top).to(self.light), colour(hour.horizon).to(self.light)
        return (top + (horizon - top) * self._down().square()).square() * self.clouds.clamp(0.25, 2.5).pow(0.7)

    def _down(self) -> Tensor:
        """[N,1,H,1]: how much of the sky lies above a row, from 0 to 1."""
        rows = self.sky.mean(3, keepdim=True)
        return rows.cumsum(2) / (rows.sum(2, keepdim=True) + SMALL)


def shade_evened(light: Tensor, land: Tensor) -> Tensor:
    """Light whose wide mean over the land is more even, at a usual exposure, its colours a little greyer."""
    grey = light_of(light)
    near, whole = mean_around(grey, land, 16, 3), mean_within(grey, land)
    even = light * ((whole + 0.02) / (near + 0.02)).pow(0.25) * (0.2 / (whole + 0.05)).pow(0.6)
    return 0.25 * light_of(even) + 0.75 * even


def emitted(photo: Tensor, scene: Scene) -> Tensor:
    """The lights that are switched on by night: windows, signs, tail-lights; [N,3,H,W]."""
    light = photo.square()
    brightest, least = photo.amax(1, keepdim=True), photo.amin(1, keepdim=True)
    red = photo[:, :1] - 1.5 * torch.maximum(photo[:, 1:2], photo[:, 2:]) - 0.02
    tails = (6 * red).clamp(0.0, 1.0) * ((scene.vehicle - 0.75) / 0.2).clamp(0.0, 1.0)
    signs = (4 * (brightest - least - 0.35)).clamp(0.0, 1.0) * surely(scene.pole)
    warm = colour(WARM).to(photo) * windows(photo, scene)
    return 0.75 * warm + 0.35 * tails * colour((1.0, 0.06, 0.03)).to(photo) + 1.2 * signs * light


def windows(photo: Tensor, scene: Scene) -> Tensor:
    """[N,1,H,W]: windows, the darker by day the more likely and the brighter by night; points on facades far away."""
    grey = light_of(photo.square())
    closed = torch.minimum(*(smallest(largest(grey, line), line) for line in ((1, PANE), (PANE, 1))))  # no eaves
    dark = (closed - grey) / (closed + 0.02)
    odds = scene.windows / (1.001 - scene.windows) * torch.exp(5 * (dark - 0.25))
    panes = ((odds / (1 + odds) - 0.35) / 0.25).clamp(0.0, 1.0) * (0.45 + 1.2 * dark).clamp(0.0, 1.0)
    far = smallest(largest(grey, FAR_PANE), FAR_PANE)
    tiny = 0.08 + 0.92 * (5 * (far - grey) / (far + 0.02)).clamp(0.0, 1.0)
    return panes * switches(grey) + 0.9 * ((scene.facades - 0.3) / 0.4).clamp(0.0, 1.0) * tiny * points(grey)


def switches(like: Tensor) -> Tensor:
    """[N,1,H,W] in [0,1]: which windows are lit, by cells."""
    share = spread(like, CELL, STEPS)
    return enlarged((4 * (share - 0.3)).clamp(0.0, 1.0) * (0.5 + 0.5 * share), CELL)


def points(like: Tensor) -> Tensor:
    """[N,1,H,W] in [0,1]: small squares without an order, in some districts many and in others few."""
    mingled = MINGLED * spread(like, POINT, STEPS) * spread(like, POINT, OTHER_STEPS)
    more = enlarged((spread(like, DISTRICT, STEPS) - 0.5).clamp(min=0.0), DISTRICT // POINT)
    lit = (4 * (mingled - mingled.floor() - 0.84 + 0.35 * more)).clamp(0.0, 1.0)
    return F.interpolate(lit, scale_factor=float(POINT))


def spread(like: Tensor, cell: int, steps: tuple[float, float]) -> Tensor:
    """[N,1,H/cell,W/cell] in [0,1): numbers that are spread evenly."""
    ones = F.avg_pool2d(torch.ones_like(like), cell)
    numbers = steps[0] * ones.cumsum(3) + steps[1] * ones.cumsum(2)
    return numbers - numbers.floor()


def shining(lamps: Tensor, scene: Scene) -> Tensor:
    """The light of lamps [N,3,H,W]: their own, and what falls onto the land around."""
    glow = 0.3 * around(lamps, 4) + 0.35 * around(lamps, 8) + 0.5 * around(lamps, 16, 3)
    street = colour(WARM).to(lamps) * scene.built_up * around(scene.ground, 16, 3)
    return lamps + scene.light * scene.land * (1.5 * glow + 1.5 * street)


def without_lamps(photo: Tensor) -> Tensor:
    """A night photo whose small bright shapes are dimmed."""
    brightest = photo.amax(1, keepdim=True)
    opened = largest(smallest(brightest, (LAMP, LAMP)), (LAMP, LAMP))
    over = (brightest - opened - 0.12).clamp(0.0, 1.0)
    return photo * (1 - 0.8 * over / (brightest + SMALL))


def neutral(light: Tensor, land: Tensor) -> Tensor:
    """Light whose wide mean over the land has little colour left."""
    near, whole = mean_around(light, land, 16, 3), mean_within(light, land)
    cast = 0.6 * near + 0.4 * whole
    return light / (cast / (light_of(cast) + 1e-4)).clamp(0.05, 4.0).pow(0.7)


def evened(light: Tensor, land: Tensor) -> Tensor:
    """Light of about the same amount everywhere, as by day; what is nearly black stays dark."""
    grey = light_of(light)
    mean = 0.7 * mean_around(grey, land, 8, 3) + 0.3 * mean_within(grey, land)
    bright = light * (0.28 / (mean + 0.005)).clamp(1.0, 24.0).pow(0.87)
    return 1.25 * bright / (1 + 0.6 * light_of(bright))


def exposed(light: Tensor, land: Tensor) -> Tensor:
    """Light that is as much as by day, of all the land and near each place; what is nearly black stays dark."""
    value = light_of(light).sqrt()
    mean = 0.5 * mean_around(value, land, 16, 3) + 0.5 * mean_within(value, land)
    bright = light * (0.46 / (mean + 0.02)).clamp(1.0, 3.0).square()
    return bright / (1 + 0.35 * light_of(bright))


def developed(light: Tensor) -> Tensor:
    """Light as a picture: the brightest is compressed, then the root."""
    return (light / (1 + 0.25 * light)).clamp(1e-5, 1.0).sqrt()


def surely(mask: Tensor) -> Tensor:
    """0 up to a half, 1 from 0.8 on."""
    return ((mask - 0.5) / 0.3).clamp(0.0, 1.0)


def light_of(x: Tensor) -> Tensor:
    """[N,3,H,W] -> [N,1,H,W]: how light it is."""
    red, green, blue = TRANSLATOR.grey_weights
    return red * x[:, :1] + green * x[:, 1:2] + blue * x[:, 2:]


def colour(of: Colour) -> Tensor:
    """[1,3,1,1]"""
    return torch.tensor(of).view(1, 3, 1, 1)
