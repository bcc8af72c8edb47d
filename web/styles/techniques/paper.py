"""Paper and gouache: cut-outs with their shadows, opaque flat colour with dry-brush edges.

Source: gouaches decoupees (painted paper, freely cut); closed curves from polar harmonics; dry brush as strokes
that break up over the paper's tooth.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .canvas import (
    SIZE,
    Array,
    Random,
    below,
    blend,
    curve,
    disc,
    flat,
    grain,
    grid,
    noise,
    polygon,
    relief,
    rgb,
    ribbon,
    ridge,
    smoothstep,
    streaks,
    stretch,
)


def paste(under: Array, mask: Array, colour: str, rng: Random, lift: float = 7) -> Array:
    """A piece of hand-painted paper glued on: brushed colour, a torn-thin rim, a soft shadow."""
    shadow = ndimage.shift(ndimage.gaussian_filter(mask, lift), (lift * 1.1, lift * 0.8), order=1, mode="nearest")
    under = under * (1 - 0.42 * shadow * (1 - mask))[..., None]
    brushed = streaks(rng, 60, rng.random() < 0.5)
    piece = rgb(colour) * (0.84 + 0.24 * brushed + 0.12 * (noise(rng, 5, 3) - 0.5))[..., None]
    rim = mask * (1 - ndimage.gaussian_filter(mask, 1.6))
    return blend(under, piece, mask) + (rim * 0.35)[..., None]


def frond(rng: Random, cx: float, cy: float, size: float, turn: float, lobes: int) -> Array:
    """Mask of a seaweed leaf: rounded fingers along a bent stem."""
    t = np.linspace(-1, 1, 40)
    bend = rng.uniform(-0.5, 0.5)
    stem = np.stack([0.16 * bend * np.cos(t * 1.5) * 2, -t], 1)
    mask = np.zeros((SIZE, SIZE), np.float32)
    c, s = np.cos(turn), np.sin(turn)

    def placed(points: Array) -> Array:
        return np.stack(
            [cx + size * (points[:, 0] * c - points[:, 1] * s), cy + size * (points[:, 0] * s + points[:, 1] * c)], 1
        )

    mask = np.maximum(mask, polygon(placed(ribbon(stem, np.linspace(0.20, 0.12, 40)))))
    for k in range(lobes):
        at = stem[int(5 + 33 * k / lobes)]
        for side in (-1, 1):
            long = 0.62 * np.sin(np.pi * (0.18 + 0.72 * k / lobes)) * rng.uniform(0.85, 1.15)
            finger = curve(
                [
                    at,
                    at + np.array([side * long * 0.6, -0.1]),
                    at + np.array([side * long, -0.3 * rng.uniform(0.6, 1.3)]),
                ],
                24,
            )
            mask = np.maximum(mask, polygon(placed(ribbon(finger, 0.15 + 0.05 * np.sin(np.linspace(0, np.pi, 24))))))
            tip = placed(finger[-1:])[0]
            mask = np.maximum(mask, disc(*tip, 0.088 * size))
    return smoothstep(0.35, 0.65, ndimage.gaussian_filter(mask, 3))


def cut_outs(rng: Random) -> Array:
    """Leaves, birds and a sun cut from painted paper on a patchwork of colour."""
    picture = flat("#f6efe0")
    blocks = [
        ((0.03, 0.03, 0.36, 0.40), "#f2b01f"),
        ((0.37, 0.03, 0.68, 0.28), "#e83f5b"),
        ((0.69, 0.03, 0.97, 0.36), "#1f5fc0"),
        ((0.03, 0.41, 0.30, 0.72), "#1f8f6a"),
        ((0.31, 0.29, 0.68, 0.66), "#f7e9cf"),
        ((0.69, 0.37, 0.97, 0.68), "#ff8a3f"),
        ((0.03, 0.73, 0.38, 0.97), "#3a2a86"),
        ((0.39, 0.67, 0.70, 0.97), "#f7c93f"),
        ((0.71, 0.69, 0.97, 0.97), "#d92f3a"),
    ]
    for (x0, y0, x1, y1), colour in blocks:
        wobble = rng.uniform(-0.008, 0.008, 8)
        corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) + wobble.reshape(4, 2)
        picture = paste(picture, polygon(corners), colour, rng, 4)
    leaves = [
        (0.19, 0.21, 0.155, 0.25, 6, "#1b3f8f"),
        (0.83, 0.19, 0.15, -0.3, 5, "#f7f0dc"),
        (0.16, 0.565, 0.135, -0.15, 5, "#f7d23f"),
        (0.835, 0.525, 0.145, 0.35, 6, "#5a1f6a"),
        (0.20, 0.855, 0.12, 1.45, 5, "#ff6f7d"),
        (0.545, 0.83, 0.135, -0.2, 6, "#0f6f5a"),
        (0.845, 0.84, 0.125, 0.5, 5, "#fbe9c8"),
    ]
    for cx, cy, size, turn, lobes, colour in leaves:
        picture = paste(picture, frond(rng, cx, cy, size, turn, lobes), colour, rng)
    sun = np.linspace(0, 2 * np.pi, 240)
    star = 0.088 + 0.020 * np.sign(np.sin(sun * 11)) * np.abs(np.sin(sun * 11)) ** 0.6
    picture = paste(
        picture, polygon(np.stack([0.525 + star * np.cos(sun), 0.15 + star * np.sin(sun)], 1)), "#ffd23f", rng
    )
    picture = paste(picture, disc(0.525, 0.15, 0.045), "#ff7a2f", rng, 4)
    for cx, cy, size, flip, colour in (
        (0.50, 0.43, 0.17, 1, "#1f4fb0"),
        (0.43, 0.57, 0.10, -1, "#e83f3a"),
        (0.60, 0.585, 0.07, 1, "#12233f"),
    ):
        bird = curve(
            [
                (-1, 0.28),
                (-0.35, 0.05),
                (-0.55, -0.75),
                (-0.02, -0.18),
                (0.40, -0.95),
                (0.45, -0.10),
                (0.95, -0.18),
                (0.60, 0.16),
                (0.05, 0.40),
                (-0.55, 0.36),
                (-1, 0.28),
            ],
            120,
        )
        picture = paste(picture, polygon(bird * [flip * size, size * 0.9] + [cx, cy]), colour, rng)
    tooth = stretch(noise(rng, 140, 3))
    return grain(relief(picture, tooth, 0.26), rng, 0.014)


def dry_brush(picture: Array, mask: Array, colour: str, rng: Random, cover: float, upright: bool = False) -> Array:
    """Opaque colour dragged over the paper so that it breaks into streaks toward the mask's thin parts."""
    hairs = streaks(rng, 110, upright)
    tooth = 0.75 * hairs + 0.25 * noise(rng, 170, 1)
    laid = smoothstep(-0.06, 0.06, mask * cover - tooth)
    return blend(picture, rgb(colour) * (0.94 + 0.12 * hairs)[..., None], laid)


def gouache(rng: Random) -> Array:
    """Terraced hills with striped fields, a white village, cypresses and a pale moon in a peach sky."""
    x, y = grid()
    picture = flat("#f4c9a0")
    for level, colour in ((0.36, "#f7dcb4"), (0.22, "#f2a98a"), (0.11, "#e07f7a")):
        picture = dry_brush(picture, smoothstep(level + 0.10, level - 0.12, y + 0.05 * np.sin(x * 5)), colour, rng, 1.3)
    picture = blend(picture, "#fff6e0", disc(0.73, 0.18, 0.068))
    for cy, wide, cx in ((0.13, 0.20, 0.28), (0.235, 0.26, 0.62), (0.30, 0.16, 0.18)):
        cloud = smoothstep(1, 0.3, np.hypot((x - cx) / wide, (y - cy) / 0.022) + 0.8 * (noise(rng, 7, 3) - 0.5))
        picture = dry_brush(picture, cloud, "#fff0dc", rng, 1.05)
    layers = [
        (0.40, 0.055, "#8f8fb0", "#a9a6c0"),
        (0.47, 0.06, "#5f7f9a", "#7f9fae"),
        (0.57, 0.06, "#3f7a78", "#8fb08a"),
        (0.68, 0.06, "#e0a23f", "#b8702a"),
        (0.80, 0.05, "#2f5f5a", "#d9c06a"),
        (0.91, 0.05, "#b8482f", "#1f3f4a"),
    ]
    for k, (base, height, colour, second) in enumerate(layers):
        line = ridge(rng, base, height, 3, 3)
        land = below(line)
        picture = blend(picture, rgb(colour) * (0.92 + 0.16 * noise(rng, 6, 4))[..., None], land)
        depth = y - line[None]
        picture = dry_brush(picture, land * smoothstep(0.12, 0.0, depth), second, rng, 0.62)
        if k >= 2:
            picture = furrows(picture, rng, line, land, second, k)
        if k == 3:
            picture = hamlet(picture, rng, line)
        if k >= 2:
            picture = cypresses(picture, rng, line, k)
    tooth = stretch(noise(rng, 150, 3))
    return grain(relief(picture, tooth, 0.20), rng, 0.014)


def furrows(picture: Array, rng: Random, line: Array, land: Array, colour: str, k: int) -> Array:
    """Stripes of planting that fan down patches of the slope."""
    x, y = grid()
    depth = y - line[None]
    patch = np.floor(x * (3 + k % 2) + 0.6 * np.sin(y * 9 + k)).astype(int)
    lean = np.array([0.9, -0.7, 0.3, -1.1, 0.6, -0.3])[(patch + k) % 6]
    phase = (x + lean * depth) * (46 - 4 * k) / (1 + 1.2 * depth) + 0.3 * (noise(rng, 9, 2) - 0.5)
    stripes = smoothstep(0.30, 0.42, np.abs(phase - np.round(phase))) * ((patch + k) % 3 != 0)
    return dry_brush(picture, land * stripes * smoothstep(0.0, 0.02, depth), colour, rng, 0.85, upright=True)


def hamlet(picture: Array, rng: Random, line: Array) -> Array:
    """White houses with brick roofs and a bell tower on the ridge."""

    def block(picture: Array, left: float, wide: float, foot: float, high: float, wall: str, roof: str) -> Array:
        picture = blend(
            picture, wall, polygon([(left, foot), (left, foot - high), (left + wide, foot - high), (left + wide, foot)])
        )
        picture = blend(
            picture,
            "#b9a08f",
            polygon(
                [
                    (left + wide * 0.68, foot),
                    (left + wide * 0.68, foot - high),
                    (left + wide, foot - high),
                    (left + wide, foot),
                ]
            ),
        )
        return blend(
            picture,
            roof,
            polygon(
                [
                    (left - 0.006, foot - high + 0.002),
                    (left + wide * 0.34, foot - high - 0.026),
                    (left + wide * 0.7, foot - high - 0.024),
                    (left + wide + 0.006, foot - high + 0.002),
                ]
            ),
        )

    for left in np.sort(rng.uniform(0.26, 0.56, 9)):
        foot = float(line[int((left + 0.02) * SIZE)]) + rng.uniform(0.004, 0.03)
        wide, high = rng.uniform(0.035, 0.062), rng.uniform(0.03, 0.06)
        picture = block(
            picture,
            left,
            wide,
            foot,
            high,
            ("#fff4e0", "#f7e2c4", "#fbeed6")[int(rng.integers(3))],
            ("#c2502f", "#a83f2f", "#d9703f")[int(rng.integers(3))],
        )
        for k in range(2):
            wx, wy = left + 0.010 + 0.014 * k, foot - high * 0.62
            picture = blend(
                picture, "#3a4a6a", polygon([(wx, wy), (wx + 0.006, wy), (wx + 0.006, wy + 0.012), (wx, wy + 0.012)])
            )
    foot = float(line[int(0.43 * SIZE)]) + 0.01
    return block(picture, 0.415, 0.030, foot, 0.125, "#fff6e4", "#b8452f")


def cypresses(picture: Array, rng: Random, line: Array, k: int) -> Array:
    """Dark spindles and round trees standing along the ridge."""
    x, y = grid()
    for cx in rng.uniform(0.02, 0.98, 5):
        if k == 3 and 0.22 < cx < 0.62:
            continue
        foot = float(line[int(cx * SIZE)]) + 0.012
        high = rng.uniform(0.05, 0.085) * (0.5 + 0.2 * k)
        t = ((y - foot + high) / high).clip(0, 1)
        half = high * 0.13 * np.sin(np.pi * t**0.8).clip(0) ** 0.8
        tree = smoothstep(1.05, 0.9, np.abs(x - cx) / (half + 1e-4)) * (y > foot - high) * (y < foot)
        picture = blend(picture, ("#1f4a4a", "#2f5a3f", "#173a3f")[int(rng.integers(3))], tree)
        picture = dry_brush(picture, tree * (x < cx), "#6f9a6a", rng, 0.55, upright=True)
    return picture
