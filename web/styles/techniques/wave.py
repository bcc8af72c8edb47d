"""Colour woodblock line work: waves of nested outlines with foam that branches into claws.

Source: interpolated contour families, recursive branching for foam, bokashi (graded) skies and flat inks.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from .canvas import SIZE, Array, Random, blend, curve, disc, flat, grain, grid, noise, ramp, ribbon, smoothstep, stretch

INK, DEEP, MIDDLE, PALE, FOAM = (18, 30, 66), (24, 62, 122), (64, 122, 172), (150, 192, 205), (246, 240, 222)
SCALE = 2 * SIZE


def outlined(draw: ImageDraw.ImageDraw, points: Array, fill: tuple[int, int, int], width: int = 5) -> None:
    """A filled shape with an ink outline; points in units of the picture."""
    flat_points = [(float(px) * SCALE, float(py) * SCALE) for px, py in points]
    draw.polygon(flat_points, fill=fill)
    draw.line([*flat_points, flat_points[0]], fill=INK, width=width, joint="curve")


def claw(
    draw: ImageDraw.ImageDraw, rng: Random, root: Array, turn: float, size: float, depth: int, curl: float
) -> None:
    """A hooked finger of foam that splits into smaller ones."""
    bend = curl * rng.uniform(0.7, 1.4)
    t = np.linspace(0, 1, 14)
    angles = turn + bend * t**1.4
    path = root + np.cumsum(np.stack([np.cos(angles), np.sin(angles)], 1), 0) * size / 14
    if depth:
        for at, side in ((5, -0.9), (8, 0.75), (11, -0.5)):
            claw(draw, rng, path[at], angles[at] + side * rng.uniform(0.7, 1.2), size * 0.55, depth - 1, curl)
    outlined(draw, ribbon(path, size * 0.34 * (1 - t) ** 0.7 + 0.001), FOAM, 4)


def swell(draw: ImageDraw.ImageDraw, rng: Random, outer: Array, inner: Array, stripes: int) -> None:
    """A wave's body between two curves, striped by curves in between that follow both."""
    outlined(draw, np.vstack([outer, inner[::-1]]), DEEP, 6)
    for k in range(stripes):
        t = (k + 0.5) / stripes
        path = outer * (1 - t) + inner * t
        begin, end = rng.integers(0, 8), len(path) - rng.integers(0, 10)
        wide = (
            (0.55 / stripes)
            * np.linalg.norm(outer - inner, axis=1)
            * np.sin(np.linspace(0.25, np.pi - 0.05, len(path))) ** 0.6
        )
        colour = (PALE, MIDDLE, FOAM)[k % 3]
        outlined(draw, ribbon(path[begin:end], wide[begin:end] + 0.001), colour, 3)


def crest(draw: ImageDraw.ImageDraw, rng: Random, edge: Array, size: float, side: int, curl: float) -> None:
    """Foam along an edge: lumps, then claws reaching to `side`."""
    tangent = np.gradient(edge, axis=0)
    for i in np.linspace(0, len(edge) - 1, int(len(edge) * 0.55)).astype(int):
        turn = np.arctan2(tangent[i, 1], tangent[i, 0]) + side * rng.uniform(0.5, 1.7)
        claw(draw, rng, edge[i], turn, size * rng.uniform(0.55, 1.2), 2, curl)
    ruffle = size * (0.22 + 0.16 * np.abs(np.sin(np.linspace(0, len(edge) * 0.55, 4 * len(edge)))))
    outlined(draw, ribbon(curve(edge, 4 * len(edge)), ruffle), FOAM, 4)
    for i in range(1, len(edge), 3):
        turn = np.arctan2(tangent[i, 1], tangent[i, 0]) + side * rng.uniform(0.3, 1.9)
        claw(draw, rng, edge[i], turn, size * rng.uniform(0.3, 0.6), 1, curl)


def breaking_wave(rng: Random) -> Array:
    """A great wave curling over small boats, with a low red sun and far hills."""
    sky = backdrop(rng)
    image = Image.fromarray((sky * 255).astype(np.uint8)).resize((SCALE, SCALE))
    draw = ImageDraw.Draw(image)
    for x0, top, wide in ((0.60, 0.64, 0.7), (0.12, 0.66, 0.5)):
        far = curve(
            [
                (x0 - wide / 2, 0.76),
                (x0 - wide / 6, top + 0.04),
                (x0, top),
                (x0 + wide / 5, top + 0.06),
                (x0 + wide / 2, 0.76),
            ]
        )
        low = far * [1, 0] + [0, 0.80]
        swell(draw, rng, far, low, 7)
    outer = curve(
        [(1.15, 0.98), (1.06, 0.60), (0.98, 0.30), (0.80, 0.10), (0.56, 0.085), (0.40, 0.185), (0.335, 0.315)], 90
    )
    inner = curve(
        [(0.62, 1.06), (0.70, 0.80), (0.765, 0.60), (0.745, 0.42), (0.63, 0.315), (0.50, 0.295), (0.365, 0.345)], 90
    )
    swell(draw, rng, outer, inner, 15)
    boat(draw, 0.30, 0.735, 0.23, -0.16)
    crest(draw, rng, outer[26:], 0.085, 1, 1.3)
    crest(draw, rng, inner[40:], 0.105, -1, 1.4)
    spray(draw, rng)
    for k, (left, peak) in enumerate(
        (((-0.15, 0.90), (0.16, 0.77)), ((0.25, 0.97), (0.52, 0.845)), ((-0.2, 1.05), (0.30, 0.93)))
    ):
        right = peak[0] + 0.42
        near = curve(
            [left, (peak[0] - 0.13, peak[1] + 0.05), peak, (peak[0] + 0.17, peak[1] + 0.09), (right, 1.02)], 60
        )
        swell(draw, rng, near, near * [1, 0.2] + [0, 0.95], 6 + k)
        crest(draw, rng, near[18:36], 0.045, -1, 1.3)
    return inked(np.asarray(image.reduce(2), np.float32) / 255, rng)


def backdrop(rng: Random) -> Array:
    """Graded sky with a red sun, cloud bands and far hills."""
    x, y = grid()
    sky = ramp(
        (y / 0.75 + 0.05 * noise(rng, 3, 2, (3, 0.3))).clip(0, 1),
        ["#b9a58a", "#d9c9a2", "#f0e2bd", "#f3dfb4", "#eec39a"],
    )
    sky = blend(sky, "#d8452f", disc(0.215, 0.50, 0.085))
    for base, top, colour in ((0.69, 0.11, "#8fa3a8"), (0.72, 0.06, "#5f7d92")):
        hills = base - top * np.exp(-(((x - 0.36) / 0.10) ** 2)) - 0.5 * top * np.exp(-(((x - 0.08) / 0.09) ** 2))
        sky = blend(sky, colour, smoothstep(-0.002, 0.002, y - hills))
    for cy, tall in ((0.46, 0.010), (0.545, 0.014), (0.60, 0.008)):
        band = smoothstep(
            tall, tall * 0.8, np.abs(y - cy - 0.006 * np.sin(x * 14)) + 0.02 * (np.abs(x - 0.2) - 0.22).clip(0)
        )
        sky = blend(sky, "#f5ead0", band)
    return sky


def boat(draw: ImageDraw.ImageDraw, cx: float, cy: float, size: float, tilt: float) -> None:
    """A long open boat riding up a swell."""
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    top = curve([(-1, -0.26), (-0.5, -0.02), (0.3, 0.0), (1, -0.30)], 30)
    keel = curve([(1, -0.30), (0.55, 0.17), (-0.4, 0.19), (-1, -0.26)], 30)
    outlined(draw, np.vstack([top, keel]) * size * 0.5 @ turn + [cx, cy], (214, 170, 98), 6)
    rail = ribbon(top, 0.055) * size * 0.5 @ turn + [cx, cy]
    outlined(draw, rail, (140, 84, 52), 4)
    for k in np.linspace(-0.55, 0.5, 6):
        bundle = np.array([[k - 0.06, 0.0], [k - 0.035, -0.13], [k + 0.035, -0.13], [k + 0.06, 0.0]])
        outlined(draw, bundle * size * 0.5 @ turn + [cx, cy], (44, 78, 118), 4)


def spray(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """Drops thrown ahead of the breaking crest."""
    for _ in range(150):
        px, py = rng.normal(0.33, 0.10), rng.normal(0.36, 0.10)
        r = rng.uniform(2, 9)
        box = (px * SCALE - r, py * SCALE - r, px * SCALE + r, py * SCALE + r)
        draw.ellipse(box, fill=FOAM, outline=INK, width=2)


def inked(picture: Array, rng: Random) -> Array:
    """Wood grain and paper fibre as a hand-pulled print has them."""
    fibre = stretch(noise(rng, 4, 5, (0.8, 22)))
    mottle = noise(rng, 80, 3)
    tone = 1 - 0.13 * smoothstep(0.45, 0.9, fibre) * (0.5 + 0.5 * mottle) + 0.05 * (mottle - 0.5)
    softened = ndimage.gaussian_filter(picture, (0.6, 0.6, 0))
    paper = flat("#fbf1d8")
    return grain(softened * tone[..., None] * (0.92 + 0.08 * paper), rng, 0.02)
