"""Pointillism: small dabs of pure colour that mix only in the eye.

Source: divisionism; each dab takes one primary of a small palette, chosen at random so that the mean is right,
with a share of complements in the shadows. Dabs lie on a jittered grid, in three sizes.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from .canvas import (
    SIZE,
    Array,
    Random,
    below,
    blend,
    disc,
    flat,
    grain,
    grid,
    noise,
    polygon,
    ramp,
    relief,
    rgb,
    ridge,
    sample,
    scatter,
    smoothstep,
    stretch,
)


def dotted(guide: Array, rng: Random, sizes: list[tuple[float, float]], split: float) -> Array:
    """Dabs (spacing, radius in px) in colours split from the guide's by `split`; lit as small beads of paint."""
    primaries = np.array(
        [
            [1, -0.2, -0.8],
            [0.9, 0.4, -1.1],
            [-0.9, 0.1, 1],
            [-0.8, 0.7, -0.3],
            [0.7, -0.9, 0.5],
            [0.1, 0.8, 0.3],
            [0, 0, 0],
        ]
    )
    pixels = np.concatenate([guide, np.full((SIZE, SIZE, 1), 0.2)], 2)
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8), "RGBA")
    draw = ImageDraw.Draw(image)
    for spacing, radius in sizes:
        points = scatter(rng, spacing)
        hues = sample(guide, points) + split * primaries[rng.integers(len(primaries), size=len(points))]
        hues = hues * (1 + rng.normal(0, 0.06, (len(points), 1)))
        inks = (np.clip(np.concatenate([hues, rng.uniform(0.5, 0.9, (len(points), 1))], 1), 0, 1) * 255).astype(int)
        radii = radius * rng.uniform(0.75, 1.25, len(points))
        for (px, py), r, ink, flatness in zip(points, radii, inks, rng.uniform(0.75, 1.0, len(points)), strict=True):
            draw.ellipse((px - r, py - r * flatness, px + r, py + r * flatness), fill=tuple(ink))
    painted = np.asarray(image, np.float32) / 255
    return relief(painted[..., :3], painted[..., 3], 1.6, 0.2)


def river_afternoon(rng: Random) -> Array:
    """A sunny river bank: a great tree's shade, sails on the water, parasols on the grass."""
    x, y = grid()
    guide = ramp((y / 0.4).clip(0, 1), ["#7fb4e6", "#b7dcf0", "#fbe9c8"])
    far = ridge(rng, 0.34, 0.025, 4)
    guide = blend(guide, ramp(stretch(noise(rng, 14, 3)), ["#4a5fa8", "#5f9a86", "#b5c66a"]), below(far, 0.006))
    water = ramp(stretch(noise(rng, 8, 3, (0.5, 4)) + 0.4 * x), ["#2f5fb0", "#5a93d6", "#a9d4e6", "#f6e6b0"])
    guide = blend(guide, water, smoothstep(0.398, 0.404, y))
    for cx, cy, s in ((0.33, 0.46, 0.11), (0.56, 0.425, 0.065), (0.80, 0.50, 0.15), (0.16, 0.425, 0.05)):
        guide = blend(guide, "#fff6de", polygon([(cx, cy - s), (cx + s * 0.5, cy), (cx, cy)]))
        guide = blend(guide, "#ffc98a", polygon([(cx - 0.006, cy - s * 0.85), (cx - 0.006, cy), (cx - s * 0.4, cy)]))
        guide = blend(
            guide,
            "#4a2a5a",
            polygon(
                [(cx - s * 0.45, cy), (cx + s * 0.55, cy), (cx + s * 0.4, cy + s * 0.12), (cx - s * 0.3, cy + s * 0.12)]
            ),
        )
        guide = blend(
            guide,
            "#fdf0d0",
            polygon([(cx - s * 0.25, cy + s * 0.14), (cx + s * 0.4, cy + s * 0.14), (cx + s * 0.1, cy + s * 0.7)])
            * 0.55,
        )
    bank = 0.47 + 0.36 * (1 - x) ** 0.8 * 0.0 + 0.30 * x**1.6 + 0.012 * np.sin(x * 18)
    lawn = ramp(stretch(noise(rng, 6, 3, (1, 2)) + 0.5 * y), ["#e8d858", "#b6c94a", "#7fb04a", "#5a9a4a"])
    land = smoothstep(0, 0.006, y - (bank + 0.10))
    guide = blend(guide, lawn, land)
    shade = (
        smoothstep(1.15, 0.7, np.hypot((x - 0.22) / 0.46, (y - 0.87) / 0.12) + 0.35 * (noise(rng, 9, 3) - 0.5)) * land
    )
    guide = blend(guide, ramp(noise(rng, 12, 2), ["#2a3f86", "#2f6a5a", "#4a4a9a"]), shade * 0.85)
    trunk = np.abs(x - 0.15 - 0.03 * np.sin(y * 6)) < 0.028 + 0.05 * smoothstep(0.74, 0.86, y)
    guide = blend(
        guide,
        ramp(stretch(noise(rng, 20, 2) + (x - 0.15) * 8), ["#b06a4a", "#6a3a5a", "#2f2350"]),
        trunk * (y < 0.85) * 1.0,
    )
    crown = np.zeros_like(x)
    for cx, cy, r in (
        (0.12, 0.08, 0.26),
        (0.32, 0.12, 0.17),
        (0.02, 0.27, 0.15),
        (0.24, 0.27, 0.12),
        (0.44, 0.05, 0.12),
    ):
        crown = np.maximum(
            crown, smoothstep(1.05, 0.85, np.hypot(x - cx, y - cy) / r + 0.35 * (noise(rng, 12, 3) - 0.5))
        )
    leaf = ramp(stretch(noise(rng, 13, 3) + 0.8 * (x - y)), ["#16324f", "#1f5a52", "#3f8a44", "#9fbf3f", "#f2dc5a"])
    guide = blend(guide, leaf, crown)
    for cx, cy, s, hue in (
        (0.46, 0.80, 0.075, "#e2382f"),
        (0.66, 0.87, 0.09, "#ff9a2a"),
        (0.35, 0.72, 0.05, "#f7e9f2"),
    ):
        dome = disc(cx, cy, s) * (y < cy) * 1.0
        guide = blend(
            guide,
            "#2a2a6a",
            smoothstep(1, 0.8, np.hypot((x - cx + 0.07) / (s * 1.2), (y - cy - s * 1.35) / (s * 0.22))) * 0.8,
        )
        guide = blend(guide, ramp(((x - cx) / (2 * s) + 0.5).clip(0, 1), [hue, hue, "#7a2a6a"]), dome)
        guide = blend(
            guide,
            "#3a2340",
            polygon([(cx - 0.004, cy), (cx + 0.004, cy), (cx + 0.004, cy + s * 1.3), (cx - 0.004, cy + s * 1.3)]),
        )
    return grain(dotted(guide, rng, [(15, 10), (12, 7.5), (10, 5.5)], 0.15), rng, 0.012)


def moon_rings(rng: Random) -> Array:
    """Dots in rows on black: rings about the moon, swells of the sea, an island's contours."""
    x, y = grid()
    shore = 0.62 + 0.02 * np.sin(x * 9)
    warp = (noise(rng, 4, 2) - 0.5) * 0.05
    moon = np.hypot(x - 0.66, y - 0.27) + warp * 0.4
    island = np.hypot((x - 0.16) * 0.8, y - 0.70) + warp
    swell = (y - shore) + 0.016 * np.sin(x * 12 + y * 14) + warp * 0.5
    place = np.where(island < 0.235, 2, np.where(y > shore, 1, 0))
    rows = np.choose(place, [moon, swell, island]) / 0.0162
    palettes = (
        ["#f7d774", "#f2a03c", "#d4577a", "#7a4fb0", "#3a6fc4", "#2f9ab8", "#274b9a", "#6a3f9a"],
        ["#e8fbf0", "#6fd8c0", "#1f9aa0", "#1766a0", "#7fd0e0", "#123f80", "#2fb08a", "#f2c96a"],
        ["#f6e27a", "#9fd04a", "#3f9a4a", "#e2743a", "#c23a4a", "#f2b04a", "#2f7a5a", "#e8f0a0"],
    )
    return dot_rows(rows, place, palettes, rng)


def dot_rows(rows: Array, place: Array, palettes: tuple[list[str], ...], rng: Random) -> Array:
    """Dots that touch but never overlap, pulled onto the whole-numbered lines of `rows`; colour by row and place."""
    image = Image.fromarray((flat("#0e0b14") * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    slope_y, slope_x = np.gradient(rows)
    taken = np.zeros((SIZE, SIZE), bool)
    for point in scatter(rng, 5):
        row = sample(rows, point)
        slope = np.array([sample(slope_x, point), sample(slope_y, point)])
        px, py = point + (np.round(row) - row) * slope / (slope @ slope + 1e-6)
        ring, radius = round(float(row)), (6.8, 5.6, 6.8, 4.4)[round(float(row)) % 4]
        iy, ix, reach = int(py), int(px), int(radius * 2)
        inside = 0 <= iy < SIZE and 0 <= ix < SIZE
        if not inside or taken[max(iy - reach, 0) : iy + reach, max(ix - reach, 0) : ix + reach].any():
            continue
        taken[iy, ix] = True
        tone = rgb(palettes[int(place[iy, ix])][abs(ring // 2) % 8]) * rng.uniform(0.85, 1.1)
        draw.ellipse(
            (px - radius, py - radius, px + radius, py + radius), fill=tuple((np.clip(tone, 0, 1) * 255).astype(int))
        )
    painted = np.asarray(image, np.float32) / 255
    return grain(relief(painted, painted.mean(2), 0.5, 0.15), rng, 0.02)
