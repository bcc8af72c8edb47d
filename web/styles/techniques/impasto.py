"""Impasto: thick oil dabs and palette-knife patches laid from large to small over a painted design.

Source: painterly rendering in layers of decreasing brush size (Hertzmann 1998) with paint lit as relief.
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
    curve,
    disc,
    flat,
    grid,
    noise,
    polygon,
    ramp,
    ribbon,
    ridge,
    smoothstep,
    stretch,
    weave,
)


def petals(oil: Oil, rng: Random, cx: float, cy: float, radius: float, rings: list[list[str]]) -> None:
    """A flower: rings of short curved dabs from the rim inwards, each ring in its own palette."""
    for k, palette in enumerate(rings):
        reach = radius * (1 - k / len(rings))
        count = int(9 + reach * 330)
        turn = np.sort(rng.uniform(0, 2 * np.pi, count))
        t = np.linspace(0.25, 1, 7)
        bend = rng.uniform(-0.5, 0.5, (count, 1))
        spoke = turn[:, None] + bend * t
        paths = np.stack([cx + reach * t * np.cos(spoke), cy + 0.88 * reach * t * np.sin(spoke)], -1) * SIZE
        light = (0.5 - 0.35 * np.sin(turn - 0.9) + rng.uniform(-0.3, 0.3, count)).clip(0, 1)
        order = rng.permutation(count)
        width = max(9, reach * SIZE * 0.36)
        oil.strokes(paths[order], width, ramp(light[order], palette), 0.1, ragged=0.15)


def leaves(oil: Oil, rng: Random, count: int, cx: float, cy: float, spread: float) -> None:
    """Pointed leaves radiating from a bouquet."""
    for _ in range(count):
        turn, far = rng.uniform(-np.pi, np.pi), spread * rng.uniform(0.6, 1.12)
        x0, y0 = cx + far * np.cos(turn), cy + far * 0.85 * np.sin(turn)
        t = np.linspace(-1, 1, 9)
        along = np.stack([x0 + 0.055 * t * np.cos(turn), y0 + 0.055 * t * np.sin(turn) + 0.012 * t * t], -1) * SIZE
        green = ramp(rng.random(1), ["#12352c", "#1f5a3a", "#5d8f3c", "#a7bf5a", "#2d6a70"])
        oil.strokes(along[None], 34, green, 0.13, 9, 0.5)


def bouquet(rng: Random) -> Array:
    """A still life: a blue jug of peonies, sunflowers and cornflowers with two oranges on a cloth."""
    x, y = grid()
    wall = ramp(stretch(noise(rng, 5, 3) + 0.8 * (x - y)), ["#3c5a52", "#5f8571", "#98b58d", "#d5d8a8"])
    table = ramp(stretch(noise(rng, 6, 3, (1, 2.5)) + 0.9 * y), ["#e9d3b4", "#d58f62", "#a8482f", "#6e2621"])
    edge = 0.735 + 0.03 * (x - 0.5)
    guide = blend(wall, table, smoothstep(-0.004, 0.004, y - edge))
    shadow = smoothstep(1.1, 0.6, np.hypot((x - 0.60) / 0.25, (y - 0.875) / 0.055))
    guide = blend(guide, "#4a1c2b", shadow * 0.8)
    outline = curve(
        [
            (0.44, 0.60),
            (0.40, 0.69),
            (0.375, 0.77),
            (0.40, 0.86),
            (0.44, 0.895),
            (0.54, 0.895),
            (0.58, 0.86),
            (0.605, 0.77),
            (0.58, 0.69),
            (0.54, 0.60),
        ]
    )
    jug = polygon(outline)
    turn = (x - 0.375) / 0.23
    glaze = ramp(
        (turn + 0.12 * (noise(rng, 10, 2) - 0.5)).clip(0, 1), ["#17316b", "#8fc0dd", "#3f7fc4", "#1d4796", "#0c1d4d"]
    )
    guide = blend(guide, glaze, jug)
    for cx, cy, r in ((0.72, 0.845, 0.058), (0.805, 0.875, 0.05), (0.23, 0.87, 0.055)):
        ball = ramp(
            (((x - cx) + (y - cy)) / (2 * r) + 0.5 + 0.1 * noise(rng, 20, 1)).clip(0, 1),
            ["#ffe08a", "#f7a823", "#e0671b", "#8e2f1a"],
        )
        guide = blend(guide, "#571d26", disc(cx + 0.03, cy + 0.03, r) * 0.6)
        guide = blend(guide, ball, disc(cx, cy, r))
    flow = np.where(y < edge, noise(rng, 4, 2) * 5, (noise(rng, 5, 1) - 0.5) * 0.5)
    flow = np.where(jug > 0.5, np.pi / 2 - (turn - 0.5) * 1.2 * np.sin((y - 0.6) * 10), flow)
    for cx, cy, r in ((0.72, 0.845, 0.058), (0.805, 0.875, 0.05), (0.23, 0.87, 0.055)):
        flow = np.where(np.hypot(x - cx, y - cy) < r, np.arctan2(y - cy, x - cx) + np.pi / 2, flow)
    oil = Oil(guide * 0.85, rng)
    oil.layer(guide, flow, 26, 44, 92, jitter=0.06)
    oil.layer(guide, flow, 18, 24, 50, jitter=0.07, streak=0.09)
    things = jug + smoothstep(0.74, 0.9, y) * 0.8
    oil.layer(guide, flow, 13, 12, 40, mask=things, jitter=0.07, streak=0.09)
    leaves(oil, rng, 62, 0.49, 0.37, 0.27)
    peony = [["#7c1238", "#b8234f"], ["#c23563", "#ee7f9b"], ["#e86a8d", "#ffd0d6"], ["#f59bb0", "#fff1ea"]]
    white = [["#8c93b8", "#c9cfe0"], ["#d9d6dd", "#fff8ec"], ["#f2e6cf", "#ffffff"], ["#f0c96a", "#fff3c4"]]
    sun = [["#b8640f", "#f0a81c"], ["#f2b21d", "#ffe25c"], ["#4a2410", "#8a4a18"], ["#23120c", "#6b3a16"]]
    corn = [["#1c2a7a", "#3b55c4"], ["#4b6be0", "#93b4ff"], ["#2a2f8e", "#6f7fe6"]]
    coral = [["#a52a14", "#e2562b"], ["#f0703a", "#ffb07a"], ["#ffb469", "#ffe6b0"]]
    blooms = [
        (0.28, 0.43, 0.075, coral),
        (0.70, 0.44, 0.07, corn),
        (0.49, 0.13, 0.07, corn),
        (0.24, 0.27, 0.065, corn),
        (0.73, 0.24, 0.085, coral),
        (0.36, 0.18, 0.085, white),
        (0.60, 0.19, 0.105, sun),
        (0.33, 0.33, 0.115, peony),
        (0.63, 0.38, 0.12, white),
        (0.47, 0.52, 0.095, coral),
        (0.48, 0.31, 0.12, sun),
        (0.61, 0.54, 0.085, peony),
        (0.36, 0.54, 0.08, corn),
        (0.49, 0.42, 0.07, white),
    ]
    for cx, cy, r, palette in blooms:
        petals(oil, rng, cx, cy, r, palette)
    glints = [(0.435, 0.70, 0.03), (0.43, 0.76, 0.02), (0.705, 0.825, 0.012), (0.79, 0.858, 0.01)]
    for cx, cy, r in glints:
        t = np.linspace(-r, r, 5)
        oil.strokes(np.stack([cx + 0.1 * t, cy + t], -1)[None] * SIZE, 11, np.array([[1, 0.98, 0.92]]), 0.03, 4)
    return oil.varnished(2.6, 0.5) * weave(0.02, rng)[..., None]


def fauvist_harbour(rng: Random) -> Array:
    """A harbour in pure colours straight from the tube: boats, a pink quay, a green sky."""
    x, y = grid()
    sky = ramp(stretch(noise(rng, 4, 2, (1, 2)) * 0.7 + y), ["#2fa58c", "#8fd0a0", "#ffd65c", "#ff9a4d", "#ff6f7d"])
    guide = sky
    for radius, colour in ((0.17, "#ffb84a"), (0.12, "#ff7a3d"), (0.085, "#fff3a0")):
        guide = blend(guide, colour, disc(0.27, 0.21, radius, 0.012))
    hills = ridge(rng, 0.40, 0.05, 3)
    guide = blend(guide, ramp(stretch(noise(rng, 5, 2)), ["#5b2a8c", "#3d46b8", "#c23a8a"]), below(hills))
    houses = ["#e8332c", "#ff8a1f", "#f7d23b", "#2a62c9", "#ef6fa0", "#fff1d6", "#1f9a78"]
    shore = 0.52
    left = 0.0
    while left < 1:
        wide, high = rng.uniform(0.06, 0.115), rng.uniform(0.07, 0.16)
        wall = houses[int(rng.integers(len(houses)))]
        guide = blend(
            guide,
            wall,
            polygon([(left, shore), (left, shore - high), (left + wide, shore - high), (left + wide, shore)]),
        )
        roof = [
            (left - 0.008, shore - high),
            (left + wide / 2, shore - high - 0.045),
            (left + wide + 0.008, shore - high),
        ]
        guide = blend(guide, ["#a3201f", "#5a2a86", "#e2571c"][int(rng.integers(3))], polygon(roof))
        for wx in np.arange(left + 0.014, left + wide - 0.02, 0.028):
            for wy in np.arange(shore - high + 0.02, shore - 0.03, 0.04):
                guide = blend(
                    guide, "#1b2150", polygon([(wx, wy), (wx + 0.011, wy), (wx + 0.011, wy + 0.02), (wx, wy + 0.02)])
                )
        left += wide
    mirror = guide[np.clip((2 * shore * SIZE - np.arange(SIZE) * 1.0).astype(int), 0, SIZE - 1)]
    waves = stretch(noise(rng, 7, 2, (0.8, 3.5)))
    water = ramp(waves, ["#0f5f8c", "#1c9fb0", "#46c4a8", "#1f5fc0", "#8a4fc0"])
    water = blend(water, mirror, smoothstep(0.35, 0.7, noise(rng, 7, 2, (0.5, 4))) * 0.75)
    guide = blend(guide, water, smoothstep(shore - 0.002, shore + 0.002, y))
    guide, masts = boats(guide)
    flow = np.where(
        y > shore,
        (noise(rng, 6, 1) - 0.5) * 0.4,
        np.where(below(hills) > 0.5, np.pi / 2, (noise(rng, 3, 2) - 0.5) * 2.5),
    )
    flow = np.where(np.hypot(x - 0.27, y - 0.21) < 0.18, np.arctan2(y - 0.21, x - 0.27) + np.pi / 2, flow)
    oil = Oil(flat("#f5e6c4"), rng)
    oil.layer(guide, flow, 30, 40, 60, jitter=0.05, streak=0.05)
    oil.layer(guide, flow, 21, 25, 42, jitter=0.06, streak=0.06)
    built = smoothstep(0.30, 0.36, y) * smoothstep(0.56, 0.52, y)
    oil.layer(guide, flow, 12, 12, 22, mask=np.maximum(built, masts), jitter=0.05)
    oil.layer(guide, flow, 9, 8, 18, mask=masts, jitter=0.05)
    return oil.varnished(2.2, 0.25)


def boats(guide: Array) -> tuple[Array, Array]:
    """Sailing boats on the water; also the mask of where they are."""
    mask = np.zeros((SIZE, SIZE), np.float32)
    fleet = (
        (0.22, 0.66, 0.8, "#e2231f", "#ffd23f"),
        (0.76, 0.62, 0.62, "#1f3fa8", "#ff8f3a"),
        (0.57, 0.84, 1.25, "#ff6a1f", "#fff4dc"),
    )
    for cx, cy, s, hull, sail in fleet:
        body = [
            (cx - 0.13 * s, cy - 0.02 * s),
            (cx + 0.14 * s, cy - 0.028 * s),
            (cx + 0.095 * s, cy + 0.035 * s),
            (cx - 0.09 * s, cy + 0.035 * s),
        ]
        main = [(cx, cy - 0.34 * s), (cx + 0.125 * s, cy - 0.05 * s), (cx + 0.005 * s, cy - 0.04 * s)]
        jib = [(cx - 0.012 * s, cy - 0.30 * s), (cx - 0.012 * s, cy - 0.045 * s), (cx - 0.11 * s, cy - 0.04 * s)]
        mast = ribbon(np.array([(cx - 0.004, cy), (cx - 0.004, cy - 0.36 * s)]), 0.012 * s)
        stripe = [
            (cx - 0.13 * s, cy - 0.02 * s),
            (cx + 0.14 * s, cy - 0.028 * s),
            (cx + 0.13 * s, cy - 0.008 * s),
            (cx - 0.12 * s, cy),
        ]
        mirror = [(cx - 0.11 * s, cy + 0.04 * s), (cx + 0.11 * s, cy + 0.04 * s), (cx + 0.03 * s, cy + 0.17 * s)]
        parts = ((mirror, sail), (body, hull), (stripe, "#101a4a"), (main, sail), (jib, "#ff5f86"), (mast, "#3a1230"))
        for shape, colour in parts:
            area = polygon(shape)
            guide = blend(guide, colour, area * (0.7 if shape is mirror else 1))
            mask = np.maximum(mask, area)
    return guide, mask
