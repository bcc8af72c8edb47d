"""Pointillism: small dabs of pure colour that mix only in the eye.

Source: divisionism; each dab takes one primary of a small palette, chosen at random so that the mean is right,
with a share of complements in the shadows. Dabs lie on a jittered grid, in three sizes.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from .canvas import (SIZE, Array, Random, below, blend, disc, flat, grain, grid, noise, polygon, ramp, relief, ridge,
                     sample, scatter, smoothstep, stretch)


def dotted(guide: Array, rng: Random, sizes: list[tuple[float, float]], split: float) -> Array:
    """Dabs (spacing, radius in px) in colours split from the guide's by `split`; lit as small beads of paint."""
    primaries = np.array([[1, -0.2, -0.8], [0.9, 0.4, -1.1], [-0.9, 0.1, 1], [-0.8, 0.7, -0.3], [0.7, -0.9, 0.5], [0.1, 0.8, 0.3], [0, 0, 0]])
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
        guide = blend(guide, "#4a2a5a", polygon([(cx - s * 0.45, cy), (cx + s * 0.55, cy), (cx + s * 0.4, cy + s * 0.12), (cx - s * 0.3, cy + s * 0.12)]))
        guide = blend(guide, "#fdf0d0", polygon([(cx - s * 0.25, cy + s * 0.14), (cx + s * 0.4, cy + s * 0.14), (cx + s * 0.1, cy + s * 0.7)]) * 0.55)
    bank = 0.47 + 0.36 * (1 - x) ** 0.8 * 0.0 + 0.30 * x**1.6 + 0.012 * np.sin(x * 18)
    lawn = ramp(stretch(noise(rng, 6, 3, (1, 2)) + 0.5 * y), ["#e8d858", "#b6c94a", "#7fb04a", "#5a9a4a"])
    land = smoothstep(0, 0.006, y - (bank + 0.10))
    guide = blend(guide, lawn, land)
    shade = smoothstep(1.15, 0.7, np.hypot((x - 0.22) / 0.46, (y - 0.87) / 0.12) + 0.35 * (noise(rng, 9, 3) - 0.5)) * land
    guide = blend(guide, ramp(noise(rng, 12, 2), ["#2a3f86", "#2f6a5a", "#4a4a9a"]), shade * 0.85)
    trunk = np.abs(x - 0.15 - 0.03 * np.sin(y * 6)) < 0.028 + 0.05 * smoothstep(0.74, 0.86, y)
    guide = blend(guide, ramp(stretch(noise(rng, 20, 2) + (x - 0.15) * 8), ["#b06a4a", "#6a3a5a", "#2f2350"]), trunk * (y < 0.85) * 1.0)
    crown = np.zeros_like(x)
    for cx, cy, r in ((0.12, 0.08, 0.26), (0.32, 0.12, 0.17), (0.02, 0.27, 0.15), (0.24, 0.27, 0.12), (0.44, 0.05, 0.12)):
        crown = np.maximum(crown, smoothstep(1.05, 0.85, np.hypot(x - cx, y - cy) / r + 0.35 * (noise(rng, 12, 3) - 0.5)))
    leaf = ramp(stretch(noise(rng, 13, 3) + 0.8 * (x - y)), ["#16324f", "#1f5a52", "#3f8a44", "#9fbf3f", "#f2dc5a"])
    guide = blend(guide, leaf, crown)
    for cx, cy, s, hue in ((0.46, 0.80, 0.075, "#e2382f"), (0.66, 0.87, 0.09, "#ff9a2a"), (0.35, 0.72, 0.05, "#f7e9f2")):
        dome = disc(cx, cy, s) * (y < cy) * 1.0
        guide = blend(guide, "#2a2a6a", smoothstep(1, 0.8, np.hypot((x - cx + 0.07) / (s * 1.2), (y - cy - s * 1.35) / (s * 0.22))) * 0.8)
        guide = blend(guide, ramp(((x - cx) / (2 * s) + 0.5).clip(0, 1), [hue, hue, "#7a2a6a"]), dome)
        guide = blend(guide, "#3a2340", polygon([(cx - 0.004, cy), (cx + 0.004, cy), (cx + 0.004, cy + s * 1.3), (cx - 0.004, cy + s * 1.3)]))
    return grain(dotted(guide, rng, [(15, 10), (12, 7.5), (10, 5.5)], 0.15), rng, 0.012)


def desert_rings(rng: Random) -> Array:
    """Dots in rings on black: hills, a water hole and the sun seen from above, each with its own contours."""
    x, y = grid()
    hues = [["#f7c04a", "#e2571c"], ["#e2571c", "#8e1f3a"], ["#f5e6c8", "#d98a4a"], ["#2f8a8a", "#0f3f5a"], ["#f5e6c8", "#c23a2a"]]
    image = Image.fromarray((flat("#150c10") * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    centres = [(0.30, 0.27, 0.0), (0.75, 0.62, 2.0), (0.18, 0.80, 4.0), (0.88, 0.10, 1.0), (0.55, 1.0, 3.0)]
    warp = (noise(rng, 4, 2) - 0.5) * 0.10
    fields = np.stack([np.hypot(x - a, y - b) + warp for a, b, _ in centres])
    nearest = fields.argmin(0)
    distance = fields.min(0)
    rows = distance / 0.0165
    slope_y, slope_x = np.gradient(rows)
    points = scatter(rng, 5)
    taken = np.zeros((SIZE, SIZE), bool)
    for px, py in points:
        row = sample(rows, np.array([px, py]))
        off = round(float(row)) - row
        gx, gy = sample(slope_x, np.array([px, py])), sample(slope_y, np.array([px, py]))
        norm = gx * gx + gy * gy + 1e-9
        qx, qy = px + off * gx / norm, py + off * gy / norm
        ring = int(round(float(row)))
        r = 6.6 if ring % 4 else 4.6
        iy, ix = int(np.clip(qy, 0, SIZE - 1)), int(np.clip(qx, 0, SIZE - 1))
        reach = int(r * 2)
        if taken[max(iy - reach, 0) : iy + reach, max(ix - reach, 0) : ix + reach].any():
            continue
        taken[iy, ix] = True
        palette = hues[int(nearest[iy, ix])]
        tone = ramp(np.array([(ring % 7) / 6]), [*palette, "#fff3d8"])[0] * rng.uniform(0.88, 1.08)
        draw.ellipse((qx - r, qy - r, qx + r, qy + r), fill=tuple((np.clip(tone, 0, 1) * 255).astype(int)))
    painted = np.asarray(image, np.float32) / 255
    return grain(relief(painted, painted.mean(2), 0.5, 0.15), rng, 0.02)
