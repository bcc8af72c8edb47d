"""Copper and verdigris: an embossed sheet that weather turned green where water stood.

Source: height fields with Lambert and Blinn-Phong light; cellular (Worley 1996) and fractal noise for corrosion.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from .canvas import (
    SIZE,
    Array,
    Random,
    blend,
    curve,
    disc,
    grain,
    grid,
    noise,
    polygon,
    ramp,
    ribbon,
    scatter,
    smoothstep,
    stretch,
)


def cellular(rng: Random, spacing: float) -> tuple[Array, Array]:
    """Worley noise: distances to the nearest and second nearest of scattered points, in units of `spacing`."""
    x, y = grid()
    points = scatter(rng, spacing)
    far, _ = cKDTree(points).query(np.stack([x, y], -1).reshape(-1, 2) * SIZE, k=2, workers=1)
    far = far.reshape(SIZE, SIZE, 2).astype(np.float32) / spacing
    return far[..., 0], far[..., 1]


def ginkgo(cx: float, cy: float, size: float, turn: float, rng: Random) -> tuple[Array, Array]:
    """A fan leaf: mask and height with radiating veins."""
    x, y = grid()
    u = ((x - cx) * np.cos(turn) + (y - cy) * np.sin(turn)) / size
    v = (-(x - cx) * np.sin(turn) + (y - cy) * np.cos(turn)) / size
    angle, reach = np.arctan2(v, u), np.hypot(u, v)
    rim = 1 - 0.42 * np.exp(-((angle / 0.10) ** 2)) + 0.045 * np.sin(angle * 17) - 0.12 * np.abs(angle) ** 2
    mask = smoothstep(0.0, 0.03, rim - reach) * smoothstep(1.18, 1.10, np.abs(angle))
    veins = 0.5 + 0.5 * np.cos(angle * 46 + 2 * reach)
    height = mask * (0.75 - 0.35 * reach + 0.13 * veins * smoothstep(0.1, 0.4, reach))
    path = curve([(0, 0), (-0.35, 0.03), (-0.8, 0.16)], 30) * size
    c, s = np.cos(turn), np.sin(turn)
    stalk = np.stack([cx + path[:, 0] * c - path[:, 1] * s, cy + path[:, 0] * s + path[:, 1] * c], 1)
    stem = ndimage.gaussian_filter(polygon(ribbon(stalk, np.linspace(0.05, 0.09, 30) * size)), 2)
    return np.maximum(mask, stem), np.maximum(height, stem * 0.5)


def patina(rng: Random) -> Array:
    """Ginkgo leaves and a moon embossed in copper under turquoise verdigris."""
    x, y = grid()
    near, second = cellular(rng, 58)
    height = 0.20 * (1 - near**2).clip(0) * smoothstep(0.0, 0.2, second - near)
    raised = np.zeros_like(x)
    moon = disc(0.66, 0.30, 0.20, 0.006)
    ripple = 0.5 + 0.5 * np.cos(np.hypot(x - 0.66, y - 0.30) * 150)
    height = height * (1 - moon) + moon * (0.55 + 0.10 * ripple)
    raised = np.maximum(raised, moon)
    for cx, cy, size, turn in (
        (0.30, 0.36, 0.25, -2.1),
        (0.60, 0.62, 0.27, 0.55),
        (0.24, 0.76, 0.22, 2.5),
        (0.80, 0.86, 0.16, 1.2),
        (0.10, 0.12, 0.15, -0.9),
        (0.90, 0.56, 0.13, -0.4),
    ):
        mask, form = ginkgo(cx, cy, size, turn, rng)
        height = height * (1 - mask) + (0.55 + form) * mask
        raised = np.maximum(raised, mask)
    height = ndimage.gaussian_filter(height, 1.6) + 0.03 * noise(rng, 90, 3)
    hollow = stretch(ndimage.gaussian_filter(height, 16) - height)
    drip = stretch(noise(rng, 26, 4, (1.6, 0.16)))
    age = 1.15 * hollow + 0.75 * stretch(noise(rng, 5, 5)) + 0.55 * drip - 0.42 * raised
    green = smoothstep(0.82, 1.18, age)
    copper = ramp(stretch(noise(rng, 7, 5) + 0.3 * height), ["#4a1c10", "#8f3f1c", "#c96a2f", "#e8985a", "#f7c79a"])
    crust = ramp(stretch(noise(rng, 22, 5) + 0.7 * drip), ["#0f4a4a", "#1f7f7a", "#3fb09a", "#8fd9bf", "#d9f2dc"])
    metal = shine(copper, height, 0.9 * (1 - green))
    metal = blend(metal, shine(crust, height + 0.05 * green * noise(rng, 130, 3), 0.05), green)
    stain = smoothstep(0.12, 0.0, np.abs(age - 0.80)) * smoothstep(0.4, 0.7, noise(rng, 18, 3))
    return grain(blend(metal, "#1c120f", stain * 0.75), rng, 0.022)


def shine(colour: Array, height: Array, gloss: float | Array) -> Array:
    """Light from the upper left with a highlight where `gloss` allows."""
    gy, gx = np.gradient(height * 42)
    length = np.sqrt(gx * gx + gy * gy + 1)
    lit = (-gx * -0.5 - gy * -0.6 + 0.62) / length
    half = (-gx * -0.28 - gy * -0.34 + 0.90) / length
    return colour * (0.30 + 0.95 * lit.clip(0, 1.3))[..., None] + (np.clip(half, 0, 1) ** 40 * gloss * 0.5)[
        ..., None
    ] * np.array([1, 0.85, 0.65], np.float32)
