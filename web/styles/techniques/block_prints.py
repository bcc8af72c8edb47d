"""Relief and intaglio prints: woodcut, linocut in three colours, copper engraving.

Source: line halftoning along direction fields; a line's width is the tone (after Ostromoukhov's digital
facial engraving 1999). A `phase` field counts lines: its gradient gives their direction and density.
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
    lic,
    noise,
    polygon,
    rgb,
    ribbon,
    ridge,
    smoothstep,
    stretch,
)


def lines(phase: Array, tone: Array) -> Array:
    """Mask of lines where `phase` is whole, each as wide as `tone` in [0, 1] of its pitch (antialiased)."""
    gy, gx = np.gradient(phase)
    soft = np.clip(np.hypot(gx, gy) * 1.2, 0.02, 0.5)
    distance = np.abs(phase - np.round(phase)) * 2
    return smoothstep(soft, -soft, distance - tone) * (tone > 0.02)


def knife(rng: Random, cells: float, stretch_by: tuple[float, float]) -> Array:
    """Wavering of a hand-held tool around 0."""
    return noise(rng, cells, 2, stretch_by) - 0.5


def woodcut(rng: Random) -> Array:
    """Sun over a mountain valley with firs and a winding river, black ink on cream paper."""
    x, y = grid()
    sun = (0.60, 0.25)
    radius, turn = np.hypot(x - sun[0], y - sun[1]), np.arctan2(y - sun[1], x - sun[0])
    rays = lines(
        turn / (2 * np.pi) * 72 + 0.18 * knife(rng, 10, (1, 1)), 0.9 - 0.95 * radius + 0.35 * knife(rng, 9, (1, 1))
    )
    rings = lines(radius * 34 + 0.3 * knife(rng, 20, (1, 1)), 0.75 - radius * 1.2)
    white = np.where(radius < 0.17, rings, rays)
    white = np.maximum(white * (radius > 0.105), disc(*sun, 0.095))
    mountains = ((0.42, 0.17, 3, 0.30), (0.55, 0.10, 4, 0.6))
    for base, height, cells_, shade in mountains:
        line = ridge(rng, base, height, cells_, 6)
        depth = y - line[None]
        lit = ndimage.gaussian_filter1d(np.gradient(line), 9) * SIZE
        face = smoothstep(-0.25, 0.35, lit[None] + 1.8 * knife(rng, 13, (1, 1.3)) + depth * 0.5)
        tone = (0.92 * (1 - face) * smoothstep(0.36, 0.0, depth) + 0.10 * (1 - shade)) + 0.45 * knife(rng, 34, (1, 1))
        cut = lines((y * 46 + x * 50 * np.where(face > 0.5, 1, -0.6)) * 0.9 + 2.0 * knife(rng, 9, (1, 1)), tone)
        white = white * (1 - below(line)) + cut * below(line)
        white = np.maximum(white, smoothstep(0.006, 0.002, np.abs(depth + 0.004)))
    meadow = ridge(rng, 0.66, 0.02, 3)
    rows = lines(
        (y - meadow[None]) * 42 + 1.6 * knife(rng, 5, (1, 3)), 0.55 - 0.5 * (y - 0.66) + 0.6 * knife(rng, 24, (2, 1))
    )
    white = white * (1 - below(meadow)) + rows * below(meadow)
    centre = 0.56 + 0.13 * np.sin((1 - y) * 13 + 1.5) * (1.2 - y) * 1.6
    width = 0.008 + 0.30 * (y - 0.66).clip(0) ** 1.25
    river = smoothstep(1.0, 0.93, np.abs(x - centre) / width) * below(meadow)
    ripple = 1 - lines(y * 54 + 1.2 * knife(rng, 6, (1, 5)), 0.30 + 0.9 * knife(rng, 7, (2.5, 1)))
    white = white * (1 - river) + ripple * river
    white = np.minimum(white, 1 - smoothstep(0.2, 0.0, np.abs(np.abs(x - centre) / width - 1.06)) * below(meadow))
    white = firs(white, rng, meadow)
    margin = smoothstep(0.488, 0.484, np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) + 0.004 * knife(rng, 30, (1, 1)))
    white = np.maximum(white, 1 - margin)
    fibre = stretch(noise(rng, 5, 4, (14, 0.7)))
    ink = (1 - white) * (0.93 + 0.07 * fibre) * (1 - 0.8 * smoothstep(0.93, 1, noise(rng, 160, 2)))
    return grain(blend(flat("#f3ead6"), "#15120f", ink), rng, 0.012)


def firs(white: Array, rng: Random, meadow: Array) -> Array:
    """Black firs with white cuts for their boughs, on both banks."""
    x, y = grid()
    trees = [
        (0.10, 0.99, 0.62),
        (0.235, 0.93, 0.40),
        (0.90, 0.97, 0.54),
        (0.79, 0.86, 0.28),
        (0.335, 0.82, 0.22),
        (0.70, 0.775, 0.17),
        (0.015, 0.88, 0.36),
    ]
    trees += [(cx, 0.71, rng.uniform(0.06, 0.12)) for cx in rng.uniform(0, 1, 12)]
    for cx, foot, high in sorted(trees, key=lambda tree: tree[1]):
        t = ((y - foot + high) / high).clip(0, 1)
        saw = (t * (9 + 6 * high)) % 1
        half = high * 0.25 * t * (0.62 + 0.38 * saw) + 0.002
        away = (x - cx) / half
        inside = smoothstep(1.02, 0.96, np.abs(away)) * (y < foot) * (y > foot - high)
        bough = lines(
            t * (9 + 6 * high) * 2 - np.abs(away) * 0.9 + 0.4 * knife(rng, 30, (1, 1)),
            (0.52 - 0.45 * away + 0.7 * knife(rng, 40, (1, 1))) * (np.abs(away) > 0.1),
        )
        halo = smoothstep(1.35, 1.15, np.abs(x - cx) / (half + 0.003)) * (y < foot) * (y > foot - high - 0.006)
        white = np.maximum(white, halo * 0.95)
        white = white * (1 - inside) + bough * inside
    return white


def printed(paper: Array, shape: Array, ink: str, rng: Random, shift: tuple[float, float]) -> Array:
    """One block's ink laid on the paper, out of register by `shift` px, mottled as hand-rolled ink is."""
    moved = ndimage.shift(shape, shift, order=1, mode="nearest")
    mottle = 0.80 + 0.20 * stretch(noise(rng, 110, 3)) - 0.6 * smoothstep(0.86, 1, noise(rng, 190, 2))
    return paper * (1 - (moved * mottle.clip(0, 1))[..., None] * (1 - rgb(ink)))


def chatter(rng: Random, angle: Array, amount: float) -> Array:
    """Marks the gouge leaves in cleared ground: short ridges that still caught ink."""
    marks = stretch(lic(rng.random((SIZE, SIZE), dtype=np.float32), angle, 44))
    return smoothstep(1 - amount, 1.02 - amount, marks) * smoothstep(0.35, 0.75, noise(rng, 11, 2))


def linocut(rng: Random) -> Array:
    """A heron among reeds before a great red sun: yellow, vermilion and night-blue blocks."""
    x, y = grid()
    sun = disc(0.60, 0.36, 0.265)
    water = smoothstep(-0.003, 0.003, y - 0.745)
    bands = lines((y - 0.745) * 26 + 0.9 * np.sin(x * 10) + knife(rng, 7, (1, 2)), 0.50 + 0.5 * knife(rng, 8, (2, 1)))
    glitter = water * bands * smoothstep(0.36, 0.12, np.abs(x - 0.60) + 0.2 * knife(rng, 8, (1, 5)))
    sky_lines = lines(
        np.hypot(x - 0.60, y - 0.36) * 26 + 0.5 * knife(rng, 7, (1, 1)), 0.35 + 0.3 * y + 0.5 * knife(rng, 7, (1, 1))
    ) * (1 - water)
    stripes = lines(
        y * 40 + 0.7 * np.sin(x * 16) + knife(rng, 9, (1, 2)), (y - 0.34) * 2.6 + 0.2 * knife(rng, 12, (1, 1))
    )
    yellow = 1 - water * (1 - glitter) * 0.25
    red = np.maximum(sun * (1 - stripes * (1 - water)) * (1 - water), glitter)
    blue = np.maximum(sky_lines * (1 - disc(0.60, 0.36, 0.285)), water * (1 - bands))
    blue = np.maximum(blue, chatter(rng, np.arctan2(y - 0.36, x - 0.60) + np.pi / 2, 0.10) * (1 - sun) * (1 - water))
    bird, feathers = heron(rng)
    red, blue = red * (1 - bird), blue * (1 - bird)
    yellow = yellow * (1 - bird)
    blue = np.maximum(blue, feathers)
    stems, heads = reeds(rng)
    cleared = smoothstep(0.02, 0.25, ndimage.gaussian_filter(np.maximum(stems, heads), 4))
    blue, red = blue * (1 - cleared), red * (1 - cleared * (1 - sun))
    blue = np.maximum(blue * (1 - heads), stems)
    red = np.maximum(red, heads)
    frame = smoothstep(0.474, 0.470, np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) + 0.004 * knife(rng, 24, (1, 1)))
    picture = flat("#f7f0e0")
    picture = printed(picture, yellow * frame, "#f7c84a", rng, (0, 0))
    picture = printed(picture, red * frame, "#e8432a", rng, (3, -3))
    picture = printed(picture, blue * frame, "#15315f", rng, (-2, 2))
    return grain(picture, rng, 0.014)


def heron(rng: Random) -> tuple[Array, Array]:
    """A standing heron: its silhouette, and the feathers, eye and legs that the key block prints."""
    x, y = grid()
    neck = curve([(0.43, 0.52), (0.365, 0.47), (0.40, 0.385), (0.385, 0.30), (0.335, 0.275)], 50)
    body = curve(
        [(0.38, 0.50), (0.43, 0.475), (0.53, 0.54), (0.64, 0.68), (0.50, 0.645), (0.42, 0.60), (0.38, 0.50)], 60
    )
    beak = [(0.335, 0.258), (0.205, 0.292), (0.335, 0.294)]
    shape = np.maximum.reduce(
        [polygon(ribbon(neck, np.linspace(0.075, 0.042, 50))), polygon(body), polygon(beak), disc(0.337, 0.276, 0.027)]
    )
    plume = lines(
        (x - y * 0.75) * 48 + 1.3 * knife(rng, 7, (1, 1)), 0.46 + 0.7 * knife(rng, 20, (1, 1)) + (x - 0.5) * 1.2
    ) * polygon(body)
    outline = smoothstep(0.12, 0.5, ndimage.gaussian_filter(shape, 3)) * (1 - shape)
    crest = polygon(ribbon(curve([(0.33, 0.262), (0.40, 0.262), (0.465, 0.30)], 20), np.linspace(0.026, 0.002, 20)))
    legs = np.maximum.reduce(
        [
            polygon(ribbon(curve(k, 20), 0.0105))
            for k in (
                [(0.475, 0.63), (0.468, 0.72), (0.485, 0.80), (0.478, 0.90)],
                [(0.515, 0.64), (0.53, 0.73), (0.515, 0.81), (0.525, 0.90)],
            )
        ]
    )
    dots = lines(y * 90, np.full_like(x, 0.4)) * polygon(ribbon(neck[8:34], 0.012))
    return shape, np.maximum.reduce(
        [
            plume,
            outline,
            crest,
            legs,
            dots,
            disc(0.327, 0.270, 0.0065),
            polygon([(0.24, 0.288), (0.335, 0.277), (0.335, 0.281)]),
        ]
    )


def reeds(rng: Random) -> tuple[Array, Array]:
    """Bending stems and leaves, and the bulrush heads on some of them."""
    stems, heads = np.zeros((SIZE, SIZE), np.float32), np.zeros((SIZE, SIZE), np.float32)
    for k in range(22):
        foot = rng.uniform(0.0, 0.30) if k % 2 else rng.uniform(0.70, 1.0)
        top, lean = rng.uniform(0.30, 0.72), rng.uniform(-0.09, 0.09)
        path = curve([(foot, 0.98), (foot + lean * 0.3, 0.5 + top / 2), (foot + lean, top)], 30)
        stems = np.maximum(stems, polygon(ribbon(path, np.linspace(0.016, 0.003, 30))))
        if k % 3 == 0:
            heads = np.maximum(heads, polygon(ribbon(path[20:28], 0.024 * np.sin(np.linspace(0.5, 2.64, 8)))))
    return stems, heads


def engraving(rng: Random) -> Array:
    """A lighthouse in a storm: swelling lines that bend with clouds, waves and rock; sepia on laid paper."""
    x, y = grid()
    cloud = stretch(noise(rng, 4, 5, (1, 1.6)))
    lamp = (0.655, 0.265)
    turn, far = np.arctan2(y - lamp[1], x - lamp[0]), np.hypot(x - lamp[0], y - lamp[1])
    beam = np.maximum(
        smoothstep(0.17, 0.05, np.abs(turn + np.pi - 0.18)), smoothstep(0.17, 0.05, np.abs(turn - np.pi - 0.18))
    )
    beam = np.maximum(beam, smoothstep(0.15, 0.05, np.abs(turn + 0.22)))
    dark = (0.30 + 0.75 * cloud - 0.25 * y) * (1 - 0.85 * beam * smoothstep(1.1, 0.2, far)) - 0.5 * smoothstep(
        0.17, 0.03, far
    )
    phase = y * 112 + 9 * ndimage.gaussian_filter(cloud, 20) + 1.2 * np.sin(x * 8)
    sea_line = 0.66
    near = ((y - sea_line) / (1 - sea_line)).clip(0.0, 1)
    swell = np.sin(x * (34 - 22 * near) + 9 * near**0.6 * 3 + 4 * noise(rng, 4, 2)) * (0.25 + near)
    chop = stretch(noise(rng, 9, 4, (1, 2.5)))
    sea_dark = 0.80 - 0.42 * swell + 0.35 * (chop - 0.5) - 0.25 * near
    phase = np.where(y > sea_line, y * 96 + 2.6 * swell * near + 2.5 * ndimage.gaussian_filter(chop, 8), phase)
    dark = np.where(y > sea_line, sea_dark, dark)
    rock_line = np.interp(
        x[0], [0, 0.40, 0.47, 0.55, 0.62, 0.72, 0.80, 0.90, 1.0], [1.2, 1.0, 0.83, 0.74, 0.665, 0.655, 0.70, 0.72, 0.80]
    )
    rock_line = rock_line + 0.035 * ridge(rng, 0, 1, 12)
    rock = below(rock_line.astype(np.float32), 0.001)
    bumps = noise(rng, 9, 5, (1, 1))
    by, bx = np.gradient(ndimage.gaussian_filter(bumps, 3))
    dark = np.where(rock > 0.5, 0.62 - (bx + by) * 55 + 0.35 * (x - 0.7), dark)
    phase = np.where(rock > 0.5, (x * 0.62 - y) * 82 + 15 * bumps, phase)
    dark, phase = tower(dark, phase)
    ink = lines(phase + 0.10 * knife(rng, 60, (1, 1)), dark.clip(0, 0.97))
    cross = lines((x * 0.75 + y * 0.66) * 105 + 0.15 * phase, (dark - 0.60).clip(0, 1) * 1.25)
    ink = np.maximum(ink, cross)
    spray = (
        smoothstep(0.72, 0.80, noise(rng, 70, 2))
        * smoothstep(0.09, 0.0, np.abs(y - rock_line[None] - 0.005))
        * (y > 0.70)
    )
    ink = ink * (1 - spray)
    margin = smoothstep(0.478, 0.476, np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)))
    rule = smoothstep(0.0025, 0.0012, np.abs(np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) - 0.485))
    ink = np.maximum(ink * margin, rule) * (0.86 + 0.14 * noise(rng, 90, 2))
    laid = 0.018 * np.sin(y * SIZE * 2 * np.pi / 11) + 0.05 * (noise(rng, 6, 4) - 0.5)
    paper = flat("#ecdfc0") * (1 + laid[..., None])
    return grain(blend(paper, "#2b1a12", ink), rng, 0.014)


def tower(dark: Array, phase: Array) -> tuple[Array, Array]:
    """The lighthouse: a tapering round tower with a gallery and a lit lantern."""
    x, y = grid()
    cx, top, foot = 0.655, 0.30, 0.672
    half = 0.030 + 0.026 * ((y - top) / (foot - top)).clip(0, 1) ** 1.4
    across = (x - cx) / half
    shaft = (np.abs(across) < 1) & (y > top) & (y < foot)
    band = (np.floor((y - top) / 0.078) % 2) * 0.35
    dark = np.where(
        shaft, 0.12 + 0.55 * ((across + 0.75) / 1.75).clip(0, 1) ** 1.5 + band + 0.25 * (across < -0.9), dark
    )
    phase = np.where(shaft, y * 110 + 2.2 * np.sqrt((1 - across**2).clip(0)), phase)
    parts = ((0.050, 0.292, 0.304, 0.95), (0.024, 0.240, 0.292, 0.02), (0.031, 0.228, 0.240, 0.95))
    for wide, upper, lower, tone in parts:
        dark = np.where((np.abs(x - cx) < wide) & (y > upper) & (y < lower), tone, dark)
    roof = (np.abs(x - cx) < 0.031 * ((y - 0.185) / 0.043).clip(0, 1)) & (y > 0.185) & (y < 0.229)
    dark = np.where(roof, 0.9, dark)
    for bar in (-0.024, -0.008, 0.008, 0.024):
        dark = np.where((np.abs(x - cx - bar) < 0.0016) & (y > 0.24) & (y < 0.292), 0.97, dark)
    for window in (0.37, 0.46, 0.55):
        dark = np.where((np.abs(x - cx + 0.008) < 0.008) & (np.abs(y - window) < 0.014), 0.97, dark)
    return dark, phase
