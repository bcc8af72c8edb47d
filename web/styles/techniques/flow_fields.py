"""Oil strokes along flow fields: vortices and fractal noise steer long bristle strokes.

Source: flow-field drawing (sums of point vortices and noise) and layered strokes after Hertzmann 1998.
"""

from __future__ import annotations

import numpy as np

from .canvas import (
    SIZE,
    Array,
    Oil,
    Random,
    below,
    blend,
    disc,
    grid,
    lic,
    noise,
    ramp,
    ridge,
    scatter,
    smoothstep,
    stretch,
)


def vortices(base: Array, whirls: list[tuple[float, float, float, float]]) -> Array:
    """Angles of a field `base` stirred by whirls (x, y, radius, strength; the sign gives the sense)."""
    x, y = grid()
    vx, vy = np.cos(base), np.sin(base)
    for cx, cy, radius, strength in whirls:
        dx, dy = x - cx, y - cy
        distance = np.hypot(dx, dy) + 1e-4
        pull = strength * np.exp(-((distance / radius) ** 2)) * 4
        inward = 0.12 * abs(strength) * np.exp(-((distance / radius) ** 2)) * 4
        vx = vx - dy / distance * pull - dx / distance * inward
        vy = vy + dx / distance * pull - dy / distance * inward
    return np.arctan2(vy, vx).astype(np.float32)


def halo(picture: Array, cx: float, cy: float, radius: float, colours: list[str], rng: Random) -> Array:
    """Light around a star: rings of the palette from its core outwards, fading into the picture."""
    x, y = grid()
    distance = np.hypot(x - cx, y - cy) / radius
    rings = distance + 0.05 * np.sin(distance * 22) + 0.1 * (noise(rng, 26, 2) - 0.5)
    return blend(picture, ramp(np.clip(rings, 0, 1), colours), smoothstep(1.05, 0.55, rings))


def swirling_night(rng: Random) -> Array:
    """A bay under a whirling night sky, moonlight on the water, poplars like flames."""
    x, y = grid()
    whirls = [(0.40, 0.27, 0.17, 1.6), (0.62, 0.36, 0.12, -1.3), (0.83, 0.17, 0.13, 1.7), (0.11, 0.12, 0.10, -1.2)]
    stars = [
        (0.83, 0.17, 0.17),
        (0.09, 0.40, 0.055),
        (0.27, 0.07, 0.06),
        (0.56, 0.09, 0.07),
        (0.66, 0.53, 0.045),
        (0.95, 0.43, 0.06),
        (0.30, 0.49, 0.05),
        (0.46, 0.52, 0.032),
    ]
    base = (noise(rng, 3, 2) - 0.5) * 1.6 + 0.25 * np.sin(x * 7)
    sky_flow = vortices(base, whirls + [(a, b, r * 0.9, 1.2) for a, b, r in stars[1:]])
    bands = stretch(lic(noise(rng, 34, 2), sky_flow, 90))
    depth = np.clip(0.62 * bands + 0.3 * y + 0.08, 0, 1)
    guide = ramp(depth, ["#07123a", "#0d2a6b", "#1c4fa3", "#2f7cc2", "#74b8cf", "#cfe5c9"])
    for cx, cy, radius in stars:
        glow = ["#fffbe0", "#ffe27a", "#f7c437", "#d9c86a", "#7fb9a8", "#2c6fb5"]
        guide = halo(guide, cx, cy, radius, glow, rng)
    guide = blend(guide, "#f6a72c", disc(0.83, 0.17, 0.055) * (1 - disc(0.855, 0.155, 0.048)))

    hills = ridge(rng, 0.625, 0.035, 3)
    shore = ridge(rng, 0.70, 0.008, 5)
    slope = np.gradient(hills) * SIZE
    flow = np.where(y > hills[None], np.arctan(slope)[None] * 1.5 + (noise(rng, 8, 2) - 0.5), sky_flow)
    hill_paint = ramp(
        stretch(noise(rng, 14, 3, (1, 2)) + 0.6 * (0.7 - y)), ["#071a2e", "#123a4f", "#1e5a63", "#3f8a7c"]
    )
    guide = blend(guide, hill_paint, below(hills))
    water_flow = (noise(rng, 10, 2, (0.5, 2)) - 0.5) * 0.5
    flow = np.where(y > shore[None], water_flow, flow)
    water = ramp(stretch(noise(rng, 7, 3, (0.6, 5)) + 0.5 * (1 - y)), ["#050d2b", "#0b2459", "#17468f", "#3b83bd"])
    path = np.exp(-(((x - 0.80 - 0.05 * np.sin(y * 60)) / (0.05 + 0.22 * (y - 0.7).clip(0))) ** 2))
    water = blend(water, ramp(noise(rng, 9, 2, (0.5, 6)), ["#2f6fae", "#e9b93d", "#ffe9a0"]), path * 0.9)
    guide = blend(guide, water, below(shore))

    oil = Oil(guide * 0.8, rng)
    oil.layer(guide, flow, 20, 30, 110, jitter=0.07)
    oil.layer(guide, flow, 14, 15, 78, jitter=0.09, streak=0.1)
    village(oil, rng, shore)
    lights = ramp(noise(rng, 40, 1), ["#ffd75a", "#fff3b8"])
    for cx, cy, radius in stars:
        near = disc(cx, cy, radius * 0.42, 0.01)
        oil.layer(blend(guide, lights, near * 0.7), flow, 10, 9, 34, mask=disc(cx, cy, radius * 0.95, 0.02) * 0.8)
    ripple = below(shore) * path
    oil.layer(lights, water_flow, 17, 9, 46, mask=ripple * 0.55, jitter=0.1)
    oil.layer(np.clip(guide * 1.35 + 0.06, 0, 1), flow, 34, 8, 90, mask=1 - below(shore) * 0.3, jitter=0.08)
    poplars(oil, rng)
    return oil.varnished()


def village(oil: Oil, rng: Random, shore: Array) -> None:
    """Small houses with lit windows along the shore, their lights trembling in the water."""
    for cx in np.sort(rng.uniform(0.30, 0.98, 17)):
        top = shore[int(cx * SIZE)]
        wide, high = rng.uniform(0.018, 0.032), rng.uniform(0.018, 0.034)
        left, right, y0, y1 = ((cx - wide / 2) * SIZE, (cx + wide / 2) * SIZE, (top - high) * SIZE, top * SIZE)
        wall, roof = (26, 46, 84, 150), ((92, 52, 58, 190) if rng.random() < 0.5 else (38, 66, 110, 190))
        oil.draw.rectangle((left, y0, right, y1), fill=wall)
        oil.draw.polygon([(left - 4, y0), ((left + right) / 2, y0 - high * SIZE * 0.6), (right + 4, y0)], fill=roof)
        if rng.random() < 0.85:
            wx = rng.uniform(left + 4, right - 10)
            oil.draw.rectangle((wx, y0 + 7, wx + 8, y0 + 17), fill=(255, 214, 92, 255))
            for k in range(9):
                ripple = y1 + 10 + k * 13 + rng.uniform(-3, 3)
                half = rng.uniform(5, 14) * (1 - k / 14)
                line = (wx + 4 - half, ripple, wx + 4 + half, ripple + rng.uniform(-2, 2))
                oil.draw.line(line, fill=(240, 186, 74, 220), width=4)


def poplars(oil: Oil, rng: Random) -> None:
    """Dark flame-like trees at the left edge: strokes that rise and curl."""
    x, y = grid()
    for foot, top, spread in ((0.115, 0.16, 0.062), (0.20, 0.42, 0.045), (0.035, 0.47, 0.05)):
        rise = ((1.0 - y) / (1.0 - top)).clip(0, 1)
        lean = foot + 0.018 * np.sin(y * 14 + foot * 40) * rise
        half = spread * np.sqrt((1 - rise).clip(0)) * (1 + 0.22 * np.sin(y * 46 + 3 * foot)) * (y > top)
        tree = smoothstep(1.0, 0.8, np.abs(x - lean) / (half + 1e-4)) * (y < 1.0)
        angle = -np.pi / 2 + 0.75 * np.sin(y * 16 + x * 30) * 0.6 + (x - lean) * 4
        shade = stretch(noise(rng, 30, 2, (2, 0.6)))
        paint = ramp(shade, ["#04100f", "#0c2a24", "#174231", "#3d6b36", "#0a1c30"])
        oil.layer(paint, angle, 13, 14, 80, mask=tree, jitter=0.1, streak=0.14)


def wheat_wind(rng: Random) -> Array:
    """Ripe wheat bending under a rolling turquoise sky with a heavy sun."""
    x, y = grid()
    sun = (0.30, 0.22)
    base = 0.35 * np.sin(x * 6 + y * 9) + (noise(rng, 3, 2) - 0.5) * 1.1
    sky_flow = vortices(
        base, [(*sun, 0.16, 1.4), (0.72, 0.15, 0.13, -1.3), (0.90, 0.33, 0.09, 1.1), (0.52, 0.35, 0.09, -0.9)]
    )
    clouds = stretch(lic(noise(rng, 26, 2), sky_flow, 80))
    guide = ramp(clouds, ["#1d6f8f", "#3aa0a8", "#7cc7b6", "#cfe6c2", "#f6efcf"])
    distance = np.hypot(x - sun[0], y - sun[1]) / 0.24
    guide = blend(
        guide, ramp(distance.clip(0, 1), ["#fff7c0", "#ffd23a", "#f39a1f", "#f2c46a"]), smoothstep(1.0, 0.45, distance)
    )
    hills, field = ridge(rng, 0.47, 0.03, 3), ridge(rng, 0.535, 0.012, 3)
    guide = blend(guide, ramp(stretch(noise(rng, 10, 3)), ["#20456b", "#3f6f8a", "#6f8f5a", "#a5a24a"]), below(hills))
    gust = stretch(noise(rng, 5, 3, (1, 1.8)))
    wheat = ramp(
        stretch(gust + 0.25 * noise(rng, 60, 1, (2, 0.4))), ["#7a4a12", "#b9781a", "#e0a526", "#f4cd4c", "#fff0a0"]
    )
    guide = blend(guide, wheat, below(field))
    track = np.abs(x - 0.63 + 0.30 * (y - 0.53) * np.sin(y * 7 + 1.2)) / (0.012 + 0.22 * (y - 0.53).clip(0))
    path = smoothstep(1.0, 0.85, track) * below(field)
    guide = blend(guide, ramp(noise(rng, 16, 3), ["#8a4a3a", "#b8795a", "#7d9a55", "#d9a679"]), path)

    flow = np.where(y > hills[None], 0.35 * np.sin(x * 9), sky_flow)
    lean = -np.pi / 2 + 0.95 * (gust - 0.35) + 0.25 * np.sin(x * 11)
    flow = np.where((y > field[None]) & (path < 0.5), lean, flow)
    flow = np.where(path > 0.5, np.arctan2(1, -(x - 0.63)) + 0.3, flow)
    oil = Oil(guide * 0.82, rng)
    oil.layer(guide, flow, 21, 30, 105, jitter=0.06)
    oil.layer(guide, flow, 15, 15, 74, jitter=0.09, streak=0.1)
    trees(oil, rng, hills)
    stalks(oil, rng, field, lean, path)
    oil.layer(np.clip(guide * 1.15 + 0.05, 0, 1), flow, 36, 8, 80, mask=1 - below(hills), jitter=0.08)
    for cx, cy, size in ((0.62, 0.40, 20), (0.70, 0.36, 15), (0.55, 0.33, 12), (0.78, 0.42, 17), (0.67, 0.45, 12)):
        px, py = cx * SIZE, cy * SIZE
        wings = [
            (px - size, py - size * 0.5),
            (px - size * 0.4, py - size * 0.6),
            (px, py),
            (px + size * 0.5, py - size * 0.7),
            (px + size, py - size * 0.3),
        ]
        oil.draw.line(wings, fill=(18, 22, 34, 240), width=6)
    return oil.varnished()


def trees(oil: Oil, rng: Random, hills: Array) -> None:
    """A few dark rounded trees on the ridge."""
    for cx in (0.08, 0.13, 0.17, 0.86, 0.93):
        cy = hills[int(cx * SIZE)] + 0.005
        crown = disc(cx, cy, rng.uniform(0.02, 0.036), 0.006)
        x, y = grid()
        turn = np.arctan2(y - cy, x - cx) + np.pi / 2
        oil.layer(ramp(noise(rng, 40, 2), ["#0d2b2e", "#1d4a3a", "#4c7a3c"]), turn, 10, 10, 26, mask=crown)


def stalks(oil: Oil, rng: Random, field: Array, lean: Array, path: Array) -> None:
    """Single ears of wheat from far to near, growing in size; a few poppies among them."""
    _, y = grid()
    nearness = ((y - 0.53) / 0.47).clip(0, 1)
    for low, high, spacing, width, length in ((0.0, 0.3, 12, 5, 30), (0.2, 0.6, 17, 6, 62), (0.5, 1.0, 24, 8, 120)):
        band = ((nearness > low) & (nearness <= high)) * below(field) * (1 - path)
        gold = ramp(noise(rng, 30, 2, (3, 1)), ["#6a3c10", "#c98a1c", "#f0bd3a", "#fff2a8", "#9a8a2a"])
        oil.layer(gold, lean, spacing, width, length, mask=band, jitter=0.12, streak=0.15)
    poppies = smoothstep(0.62, 0.8, noise(rng, 9, 2)) * smoothstep(0.35, 0.8, nearness) * (1 - path)
    starts = scatter(rng, 26, poppies * 0.55)
    for red in (["#8e1216", "#c2201c"], ["#e0301c", "#ff6a3d"]):
        turn = rng.uniform(-0.6, 0.6, (len(starts), 1))
        arc = np.linspace(-1, 1, 6)[None]
        petals = np.stack([arc * 9 * np.cos(turn) + 0 * arc, (arc**2 - 0.6) * 8 + arc * 6 * np.sin(turn)], -1)
        oil.strokes(starts[:, None] + petals, 11, ramp(rng.random(len(starts)), red), 0.12)
        starts = starts + np.array([0, 5])


def aurora(rng: Random) -> Array:
    """Northern lights over a frozen lake and black firs."""
    x, y = grid()
    guide = ramp(y, ["#050a24", "#0a1840", "#123058", "#1d4a66"])
    for line, hue, width in (
        (0.40, ["#0a2a40", "#1fbf7c", "#b7ffcb"], 0.30),
        (0.30, ["#140f3d", "#8a3fc2", "#ff8ad0"], 0.22),
        (0.52, ["#06283a", "#19a89a", "#9ff7e0"], 0.20),
    ):
        foot = line + 0.10 * np.sin(x * 7 + line * 30) + 0.05 * np.sin(x * 17 + line * 9)
        rays = stretch(noise(rng, 22, 3, (2.4, 0.15)))
        rise = (foot - y) / width
        glow = np.where(rise > 0, np.exp(-rise * 2.2), np.exp(rise * 26)) * (0.35 + 0.65 * rays)
        guide = blend(guide, ramp(glow.clip(0, 1), hue), glow.clip(0, 1) ** 0.8)
    shore = ridge(rng, 0.67, 0.012, 4)
    far = ridge(rng, 0.62, 0.05, 4)
    guide = blend(
        guide, ramp(stretch(noise(rng, 12, 3) + (0.65 - y) * 2), ["#0a1c33", "#274a6e", "#9fc3d6"]), below(far)
    )
    mirrored = guide[np.clip((2 * 0.67 * SIZE - np.arange(SIZE)).astype(int), 0, SIZE - 1)]
    guide = blend(guide, mirrored * 0.72 + rgb_shift(), below(shore))
    sway = 0.25 * np.sin(x * 9 + y * 3) + (noise(rng, 4, 2) - 0.5) * 0.5
    flow = np.where(y > far[None], (noise(rng, 8, 2) - 0.5) * 0.6, -np.pi / 2 + sway)
    flow = np.where(y > shore[None], (noise(rng, 6, 2, (1, 4)) - 0.5) * 0.35, flow)
    oil = Oil(guide, rng)
    oil.layer(guide, flow, 20, 28, 130, jitter=0.05)
    oil.layer(guide, flow, 13, 12, 90, jitter=0.08, streak=0.12)
    bright = np.clip(guide * 1.5, 0, 1)
    oil.layer(bright, flow, 24, 7, 120, mask=smoothstep(0.25, 0.6, guide.max(2)), jitter=0.06)
    stars = scatter(rng, 40, (1 - below(far)) * 0.4)
    oil.strokes(stars[:, None] + np.array([[0, 0], [2, 1]]), 4, np.ones((len(stars), 3)) * 0.95, 0.1, 2)
    upright = np.full_like(flow, np.pi / 2)
    oil.layer(guide, upright, 15, 14, 70, mask=below(shore) * 0.7, jitter=0.06)
    oil.layer(np.clip(guide * 1.3, 0, 1), flow, 24, 6, 70, mask=below(shore) * 0.5, jitter=0.1)
    firs(oil, rng, shore)
    return oil.varnished(1.9)


def rgb_shift() -> Array:
    """The cold tint that ice adds to what it mirrors."""
    return np.array([0.01, 0.03, 0.06], np.float32)


def firs(oil: Oil, rng: Random, shore: Array) -> None:
    """Fir trees of drooping dark strokes, larger at the picture's edges."""
    for cx in np.concatenate([rng.uniform(0, 0.34, 13), rng.uniform(0.66, 1, 13), rng.uniform(0.34, 0.66, 6)]):
        high = 0.05 + 0.42 * abs(cx - 0.5) ** 1.2 * rng.uniform(0.6, 1.3)
        foot = shore[int(cx * SIZE)] + 0.012 + 0.05 * abs(cx - 0.5)
        rows = int(high * 110)
        for k in range(rows):
            t = k / rows
            half = (0.25 + t) * high * 0.19 * SIZE * rng.uniform(0.75, 1.2)
            top = (foot - high * (1 - t)) * SIZE
            for side in (-1, 1):
                reach = np.linspace(0, 1, 6)
                twig = np.stack([cx * SIZE + side * half * reach, top + half * 0.6 * reach**1.6], 1)[None]
                dark = ramp(np.array([rng.random() ** 2]), ["#020a0c", "#06201f", "#14443c", "#2f7a5c"])
                oil.strokes(twig, 9, dark, 0.2, 3, 0.4)
