"""Palette-knife city: upright and level slabs of paint, neon doubled in a wet street.

Source: one-point perspective with knife strokes (short, wide, ragged) after Hertzmann's layered painting.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .canvas import SIZE, Array, Oil, Random, blend, disc, grain, grid, noise, polygon, ramp, rgb, smoothstep, stretch

NEON = ["#ff2f8f", "#2fe0ff", "#ffb02f", "#8f4fff", "#3fffb0", "#ff5f3f", "#fff0b0"]
VANISH = (0.52, 0.50)


def street(rng: Random) -> Array:
    """Buildings in perspective with lit windows and signs, before their reflection."""
    x, y = grid()
    guide = ramp((y / 0.55).clip(0, 1), ["#0a0a24", "#1a1550", "#43226f", "#b8407f", "#ffa06a"])
    guide = blend(guide, "#ffd9a0", smoothstep(0.13, 0.0, np.hypot(x - VANISH[0], y - 0.44)) * 0.7)
    for side in (-1, 1):
        depth = 0.10
        for _k in range(7):
            near, far = depth * 1.55, depth
            tops = 0.33 + rng.uniform(-0.10, 0.42)

            def at(d: float, level: float, side: int = side) -> tuple[float, float]:
                return VANISH[0] + side * d, VANISH[1] + level * d * 1.15

            wall = [at(far, -2.2 * tops - 0.5), at(near, -2.2 * tops - 0.5), at(near, 0.36), at(far, 0.36)]
            base = ("#15163a", "#221a4f", "#102a4a", "#2a1440", "#0f1f38")[int(rng.integers(5))]
            guide = blend(guide, rgb(base) * (0.75 + 0.6 * noise(rng, 9, 3))[..., None], polygon(wall))
            guide = windows(guide, rng, side, far, near, -2.2 * tops - 0.45)
            for _ in range(3):
                d0 = far + (near - far) * rng.uniform(0.05, 0.6)
                level, tall = rng.uniform(-1.2, -0.05), rng.uniform(0.12, 0.55)
                sign = [at(d0, level - tall), at(d0 * 1.13, level - tall), at(d0 * 1.13, level), at(d0, level)]
                guide = blend(guide, NEON[int(rng.integers(len(NEON)))], polygon(sign))
            depth = near
    return guide


def windows(guide: Array, rng: Random, side: int, far: float, near: float, top: float) -> Array:
    """Rows of windows on one facade, most of them lit."""
    for u in np.arange(0.08, 0.92, 0.17):
        d0, d1 = (far + (near - far) * (u + e) for e in (0, 0.10))
        for level in np.arange(top + 0.1, 0.05, 0.17):
            if rng.random() < 0.45:
                continue
            pane = [
                (VANISH[0] + side * d, VANISH[1] + v * d * 1.15)
                for d, v in ((d0, level), (d1, level), (d1, level + 0.09), (d0, level + 0.09))
            ]
            colour = ("#ffcf6a", "#ffe9b0", "#ff9a4a", "#6fd0f0")[int(rng.integers(4))]
            guide = blend(guide, colour, polygon(pane) * rng.uniform(0.45, 1.0))
    return guide


def neon_rain(rng: Random) -> Array:
    """A street of neon signs in the rain, a tram's lamps coming, umbrellas and a glittering road."""
    x, y = grid()
    guide = street(rng)
    lights = np.clip(guide - 0.45, 0, 1)
    glow = np.stack([ndimage.gaussian_filter(lights[..., c], 26) for c in range(3)], -1)
    guide = guide + glow * 0.9
    kerb = VANISH[1] + np.abs(x - VANISH[0]) * 0.414
    road = smoothstep(-0.003, 0.003, y - np.minimum(kerb, 2) - 0.004) * (y > 0.52)
    flip = np.clip((2 * 0.575 * SIZE - np.arange(SIZE) * 1.0), 0, SIZE - 1).astype(int)
    mirror = ndimage.gaussian_filter(guide[flip], (26, 3, 0))
    wet = stretch(noise(rng, 10, 3, (1, 4)))
    asphalt = mirror * (0.65 + 0.75 * wet)[..., None] + rgb("#0d1030") * 0.5
    guide = blend(guide, asphalt, road)
    guide = tram(guide)
    people = disc(0.52, 0.53, 0.075)
    for cx, foot, size, colour in (
        (0.655, 0.665, 0.085, "#8f4fff"),
        (0.40, 0.70, 0.10, "#ffb02f"),
        (0.74, 0.80, 0.19, "#2fc0e0"),
        (0.27, 0.90, 0.27, "#f0263f"),
    ):
        guide, person = walker(guide, cx, foot, size, colour)
        people = np.maximum(people, person)
    upright = np.full((SIZE, SIZE), np.pi / 2, np.float32)
    flow = upright + 0.12 * (noise(rng, 6, 2) - 0.5)
    oil = Oil(guide.clip(0, 1) * 0.8, rng)
    oil.layer(guide, flow, 22, 26, 62, jitter=0.08, streak=0.14, ragged=0.45)
    oil.layer(guide, flow, 15, 14, 34, mask=1 - people * 0.9, jitter=0.08, streak=0.12, ragged=0.4)
    oil.layer(guide, flow, 8, 7, 14, mask=people, jitter=0.04)
    oil.layer(guide, flow, 6, 5, 9, mask=people * 0.8, jitter=0.04)
    lit = smoothstep(0.45, 0.75, guide.max(2))
    oil.layer(np.clip(guide * 1.12, 0, 1), flow, 9, 8, 18, mask=lit, jitter=0.05)
    sharp = smoothstep(0.02, 0.10, np.abs(guide - ndimage.gaussian_filter(guide, (5, 5, 0))).max(2))
    oil.layer(guide, flow, 7, 6, 13, mask=sharp * (1 - road) * (1 - people), jitter=0.04)
    ripples = road * smoothstep(0.5, 0.8, wet) * (1 - people)
    oil.layer(np.clip(guide * 1.4 + 0.04, 0, 1), np.zeros_like(flow), 22, 6, 46, mask=ripples * 0.7, jitter=0.1)
    rain = np.full_like(flow, 1.42)
    oil.layer(np.clip(guide * 1.1 + 0.16, 0, 1), rain, 46, 3, 44, mask=np.full_like(flow, 0.55), jitter=0.02)
    return grain(oil.varnished(2.0, 0.35), rng, 0.010)


def tram(guide: Array) -> Array:
    """A tram far down the street with two lamps and a lit front."""
    x, y = grid()
    body = polygon([(0.475, 0.475), (0.565, 0.475), (0.572, 0.585), (0.468, 0.585)])
    guide = blend(guide, ramp(((y - 0.47) / 0.12).clip(0, 1), ["#8f1f3a", "#d93f4a", "#4a1230"]), body)
    guide = blend(guide, "#ffb84a", polygon([(0.487, 0.490), (0.553, 0.490), (0.555, 0.520), (0.485, 0.520)]))
    for cx in (0.488, 0.552):
        guide = blend(guide, "#fff6d0", smoothstep(0.016, 0.004, np.hypot(x - cx, y - 0.562)))
        streak = np.exp(-(((x - cx) / 0.014) ** 2)) * smoothstep(0.585, 0.60, y) * smoothstep(0.92, 0.60, y)
        guide = blend(guide, "#ffe0a0", streak * 0.75)
    return guide


def walker(guide: Array, cx: float, foot: float, size: float, colour: str) -> tuple[Array, Array]:
    """Someone seen from behind under an umbrella, with the wet reflection; also the mask of the person."""
    x, y = grid()
    top = foot - size * 1.28
    coat = polygon(
        [
            (cx - 0.16 * size, foot - 0.80 * size),
            (cx + 0.16 * size, foot - 0.80 * size),
            (cx + 0.24 * size, foot - 0.22 * size),
            (cx - 0.24 * size, foot - 0.22 * size),
        ]
    )
    legs = np.maximum(
        *[
            polygon(
                [
                    (cx + o * size, foot - 0.24 * size),
                    (cx + (o + 0.11) * size, foot - 0.24 * size),
                    (cx + (o + 0.09) * size, foot),
                    (cx + (o + 0.01) * size, foot),
                ]
            )
            for o in (-0.16, 0.05)
        ]
    )
    guide = blend(guide, "#0a0a1c", np.maximum(coat, legs))
    dome = (np.hypot((x - cx) / (0.52 * size), (y - top - 0.44 * size) / (0.44 * size)) < 1) & (
        y < top + 0.44 * size - 0.05 * size * np.abs(np.cos((x - cx) / size * 9))
    )
    panels = ramp(
        (0.5 + (x - cx) / size * 0.9 + 0.12 * np.sign(np.sin((x - cx) / size * 12))).clip(0, 1),
        ["#ffffff", colour, colour, "#1a0f2f"],
    )
    guide = blend(guide, panels, dome * 1.0)
    drop = (
        np.exp(-(((x - cx) / (0.30 * size)) ** 2))
        * smoothstep(foot - 0.01, foot + 0.02, y)
        * smoothstep(foot + 1.2 * size, foot, y)
    )
    return blend(guide, rgb(colour) * 0.75, drop * 0.7), np.maximum.reduce([coat, legs, dome * 1.0])
