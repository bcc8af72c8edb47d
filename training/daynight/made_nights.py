"""Nights made of photos by day, of which the day is known: what the daylight network (daylight.py) learns from.

Half of them are relit (relight.py), with their windows lit. The others are darkened, under skies of many colours. Then
come what a night has: light that is uneven and of one colour, lamps and what they light, glare, tail-lights, haze,
noise, blacks that are lost. All pictures are [H,W,3], masks [H,W,1], float32 in [0,1]; light is a picture's square.
"""

import numpy as np
from PIL import Image

Random = np.random.Generator
MOON = np.array((0.5, 0.68, 1.0), np.float32)  # the colour of light without lamps
USUAL = 0.2  # mean light of a photo by day
RED = np.array((1.0, 0.12, 0.1), np.float32)


def made_night(
    day: np.ndarray, blue: np.ndarray, dark: np.ndarray, lights: np.ndarray, sky: np.ndarray, random: Random
) -> np.ndarray:
    """A night of a day photo. `blue`, `dark`: its blue hour and its night without lights; `lights`: what these add."""
    land = 1 - sky
    albedo = day**2 * (USUAL / ((day**2).mean() + 0.05))
    if random.random() < 0.55:
        night = between(dark, blue, random.random() ** 2) ** 2 * 0.8 * scale(0.5, random)
    else:
        night = darkened(albedo, random) * land + heaven(day, sky, random) * sky
    if random.random() < 0.7:
        night = night * (np.exp(random.random() * uneven(day.shape, random)) * land + sky)
    if random.random() < 0.8:
        night = night + lights**2 * scale(0.7, random) * land
    pools = glows(day.shape, int(random.integers(7)), (0.06, 0.5), (0.03, 2.2), (0.3, 1.1), random)
    night = night + albedo * pools * land * scale(0.5, random)
    return photographed(night + lamps(day.shape, random), random)


def between(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """The one, and a share of the other."""
    return one + (other - one) * np.float32(share)


def scale(deviation: float, random: Random, size: int | tuple[int, ...] = 1) -> np.ndarray:
    """A factor about 1, of logarithms with that deviation."""
    return np.exp(deviation * random.normal(size=size)).astype(np.float32)


def darkened(albedo: np.ndarray, random: Random) -> np.ndarray:
    """The land's light under the moon, or under lamps of one colour."""
    cast = MOON ** np.float32(1.6 * random.random() - 0.3)
    if random.random() < 0.45:
        warm = random.random()
        cast = np.array((1, 0.55 + 0.3 * warm, 0.2 + 0.5 * warm), np.float32)
    return albedo * cast * np.float32(np.exp(-1.2 - 2.4 * random.random()))


def heaven(day: np.ndarray, sky: np.ndarray, random: Random) -> np.ndarray:
    """A sky's light: black, blue or lit by a city, brighter towards the horizon, with some of the day's clouds."""
    top = scale(0.6, random, 3) * np.float32(0.12 * random.random() ** 2)
    horizon = top * np.float32(1 + 3 * random.random() ** 2) * scale(0.3, random, 3)
    if random.random() < 0.3:
        horizon = horizon * np.array((1.6, 1.0, 0.5), np.float32)
    down = np.linspace(0, 1, day.shape[0], dtype=np.float32)[:, None, None] ** 1.5
    light = (day**2).mean(2, keepdims=True)
    clouds = light / ((light * sky).sum() + 0.01) * max(1.0, float(sky.sum()))
    return (top + (horizon - top) * down) * clouds.clip(0.3, 2) ** np.float32(0.6 * random.random())


def uneven(shape: tuple[int, ...], random: Random) -> np.ndarray:
    """Logarithms of a light that changes slowly from place to place, and its colour a little."""
    side = int(random.integers(2, 7))
    small = random.normal(size=(side, side, 1)) + 0.25 * random.normal(size=(side, side, 3))
    size = (shape[1], shape[0])
    channels = [
        Image.fromarray(small[..., i].astype(np.float32)).resize(size, Image.Resampling.BICUBIC) for i in range(3)
    ]
    return np.stack([np.asarray(each) for each in channels], 2)


def lamps(shape: tuple[int, ...], random: Random) -> np.ndarray:
    """The light of lamps, their glare, tail-lights, and haze."""
    light = np.zeros(shape, np.float32)
    if random.random() < 0.85:
        light += glows(shape, int(random.integers(16)), (0.004, 0.02), (0.4, 3.0), (0.1, 0.9), random)
        light += glows(shape, int(random.integers(5)), (0.02, 0.09), (0.02, 0.3), (0.1, 0.9), random)
    if random.random() < 0.4:
        light += RED * glows(shape, int(random.integers(1, 8)), (0.004, 0.012), (0.3, 1.5), (0.45, 0.85), random)
    return light + np.float32(0.03 * random.random() ** 3) * scale(0.3, random, 3)


def glows(
    shape: tuple[int, ...],
    count: int,
    radii: tuple[float, float],
    amounts: tuple[float, float],
    rows: tuple[float, float],
    random: Random,
) -> np.ndarray:
    """Soft spots of warm or cool light: radii and rows of their middles in heights of the picture."""
    y, x = (np.linspace(0, 1, length, dtype=np.float32) for length in shape[:2])
    light = np.zeros(shape, np.float32)
    for _ in range(count):
        middle, aside, wide = random.uniform(*rows), random.random(), np.exp(random.uniform(-0.5, 0.5))
        radius, amount = (low * (high / low) ** random.random() for low, high in (radii, amounts))
        down = np.exp(-(((y - middle) / radius * wide) ** 2) / 2)
        across = np.exp(-(((x - aside) / radius / wide) ** 2) / 2)
        warm = random.random()
        colour = np.array((1, 0.85 - 0.4 * warm, 0.7 - 0.65 * warm), np.float32)
        if random.random() < 0.2:
            colour = np.array((0.8, 0.95, 1.0), np.float32) * scale(0.2, random, 3)
        light += (amount * np.outer(down, across))[..., None].astype(np.float32) * colour
    return light


def photographed(light: np.ndarray, random: Random) -> np.ndarray:
    """Light as a camera records it: exposure, noise, blacks that are lost, a curve, 8 bits."""
    light = light * scale(0.4, random)
    light = light / (1 + np.float32(0.3 * random.random()) * light)
    shot, dark = 0.004 * random.random() ** 2, 0.00003 * random.random() ** 2
    noise = np.sqrt(shot * light + dark).astype(np.float32) * random.normal(size=light.shape).astype(np.float32)
    recorded = (light + noise - np.float32(0.012 * random.random() ** 3)).clip(0, 1)
    curve = 0.5 * (1 + 0.25 * float(np.clip(random.normal(), -1.5, 1.5)))
    return (recorded ** np.float32(curve) * 255).round() / np.float32(255)


def even_day(day: np.ndarray, sky: np.ndarray) -> np.ndarray:
    """The day that is to be found: the photo at a usual exposure of its land."""
    light, land = day**2, 1 - sky
    mean = float((light.mean(2, keepdims=True) * land).sum() / max(1.0, float(land.sum())))
    exposed = light * np.float32(np.clip(0.22 / max(0.02, mean), 0.6, 2.5))
    return np.sqrt((exposed / (1 + 0.15 * exposed)).clip(0, 1))
