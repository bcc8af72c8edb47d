"""Stained glass and mosaic: cells of Voronoi diagrams under lead or set in mortar.

Source: Voronoi cells and cell-edge distances (Worley 1996); tesserae in rows along the design's contours
after Hausner's decorative mosaics (2001).
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
    relief,
    ribbon,
    sample,
    scatter,
    smoothstep,
    stretch,
)


def cells(points: Array) -> tuple[Array, Array]:
    """Voronoi diagram of points in px: index of each pixel's cell, and px to the nearest cell border."""
    x, y = grid()
    pixels = np.stack([x, y], -1).reshape(-1, 2) * SIZE
    distance, index = cKDTree(points).query(pixels, k=2, workers=1)
    gap = np.linalg.norm(points[index[:, 0]] - points[index[:, 1]], axis=1) + 1e-6
    edge = (distance[:, 1] ** 2 - distance[:, 0] ** 2) / (2 * gap)
    return index[:, 0].reshape(SIZE, SIZE), edge.reshape(SIZE, SIZE).astype(np.float32)


def borders(labels: Array) -> Array:
    """Px from each pixel to the nearest change of label."""
    change = np.zeros(labels.shape, bool)
    change[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    change[1:] |= labels[1:] != labels[:-1]
    return ndimage.distance_transform_edt(~change).astype(np.float32)


def stained_glass(rng: Random) -> Array:
    """A window: a sun with rays behind lilies over water, glowing between leads."""
    x, y = grid()
    cx, cy = 0.5, 0.36
    radius, turn = np.hypot(x - cx, y - cy), np.arctan2(y - cy, x - cx)
    ray = np.floor((turn + np.pi) / (2 * np.pi) * 24).astype(int)
    ring = np.digitize(radius + 0.008 * np.sin(turn * 12), [0.085, 0.15, 0.24, 0.36, 0.50])
    labels = np.where(ring == 0, 0, ring * 24 + ray)
    tone = rng.random(200)
    suns = [
        ["#fff2a0", "#ffd23f"],
        ["#ffb01f", "#ff7a1a"],
        ["#e8391f", "#ff8f2f"],
        ["#c21f4a", "#7a1f8a"],
        ["#3a2a9a", "#1f5fd0"],
        ["#10309a", "#1f8fd0"],
    ]
    colour = np.zeros((SIZE, SIZE, 3), np.float32)
    for k, palette in enumerate(suns):
        colour = np.where((ring == k)[..., None], ramp(tone[labels % 200], palette), colour)
    water_line = 0.70 + 0.018 * np.sin(x * 13)
    band = np.floor((y - water_line + 0.014 * np.sin(x * 17 + y * 30)) / 0.052).astype(int)
    piece = np.floor(x * 6 + 0.5 * (band % 2) + 0.3 * np.sin(y * 20)).astype(int)
    wet = y > water_line
    labels = np.where(wet, 1000 + band * 10 + piece, labels)
    deep = ramp(rng.random(400), ["#0a3f7a", "#0f8f8a", "#1f6fc0", "#3fc0a0", "#5a2f9a"])
    colour = np.where(wet[..., None], deep[labels % 400], colour)
    colour, labels = lilies(colour, labels, rng)
    frame = np.maximum(np.abs(x - 0.5), np.abs(y - 0.5))
    tile = np.where(np.abs(x - 0.5) > np.abs(y - 0.5), np.floor(y * 14), 20 + np.floor(x * 14)).astype(int)
    outer = frame > 0.447
    labels = np.where(outer, 5000 + tile + 100 * (x + y > 1), labels)
    rim = ramp(rng.random(300), ["#8e1230", "#e2a01f", "#0f5f4a", "#b8232f", "#1f2f7a"])
    colour = np.where(outer[..., None], rim[labels % 300], colour)
    return leaded(colour, borders(labels), rng)


def lilies(colour: Array, labels: Array, rng: Random) -> tuple[Array, Array]:
    """Three lilies with stems and leaves as glass pieces."""
    label = 3000
    pieces: list[tuple[Array, list[str]]] = []
    for foot, top, bend in ((0.30, 0.50, -0.05), (0.72, 0.46, 0.05), (0.51, 0.62, 0.02)):
        stem = curve([(0.5 + (foot - 0.5) * 0.5, 1.0), (foot + bend, 0.82), (foot, top)])
        pieces.append((ribbon(stem, 0.020), ["#0f7a3f", "#2fa85a"]))
        for side in (-1, 1):
            tip = (foot + side * 0.13, 0.74 + 0.05 * side)
            blade = curve([(0.5 + (foot - 0.5) * 0.6, 0.985), (foot + side * 0.05, 0.85), tip], 30)
            pieces.append((ribbon(blade, 0.055 * np.sin(np.linspace(0.3, np.pi, 30))), ["#0a5a3a", "#7fc04a"]))
        for spread, long, palette in (
            (-1.15, 0.13, ["#f2a0c0", "#ffd6e6"]),
            (1.15, 0.13, ["#ff8fb4", "#ffe0ea"]),
            (-0.55, 0.17, ["#ffe6ee", "#ff9fc4"]),
            (0.55, 0.17, ["#ffd0e0", "#fff2f4"]),
            (0, 0.18, ["#fff8f0", "#ffc0d8"]),
        ):
            tip = (foot + long * np.sin(spread), top - long * np.cos(spread) * 0.9 + 0.01)
            middle = (foot + 0.62 * long * np.sin(spread * 0.75), top - 0.62 * long * np.cos(spread * 0.75))
            petal = curve([(foot, top + 0.015), middle, tip], 30)
            pieces.append((ribbon(petal, 0.072 * np.sin(np.linspace(0.25, np.pi, 30)) ** 0.8), palette))
        pieces.append(
            (
                curve(
                    [
                        (foot - 0.02, top),
                        (foot, top - 0.028),
                        (foot + 0.02, top),
                        (foot, top + 0.028),
                        (foot - 0.02, top),
                    ],
                    24,
                ),
                ["#ffd23f", "#ff9a1f"],
            )
        )
    for outline, palette in pieces:
        inside = polygon(outline) > 0.5
        label += 1
        labels = np.where(inside, label, labels)
        colour = np.where(inside[..., None], ramp(np.array(rng.random()), palette), colour)
    return colour, labels


def leaded(colour: Array, edge: Array, rng: Random) -> Array:
    """Glass with bubbles, streaks and light falling through, between rounded leads."""
    x, y = grid()
    streaks = stretch(noise(rng, 9, 4, (1, 3)))
    seeds = noise(rng, 90, 2)
    glow = (
        0.62
        + 0.5 * streaks
        + 0.35 * smoothstep(0.75, 1, seeds)
        + 0.25 * np.exp(-((x - 0.5) ** 2 + (y - 0.36) ** 2) / 0.06)
    )
    glass = colour * glow[..., None] + 0.10 * (streaks**3)[..., None]
    glass = glass * (0.55 + 0.45 * smoothstep(4, 34, edge))[..., None]
    glass = relief(glass, stretch(noise(rng, 26, 3)) * 5, 0.35, 0.3)
    lead = np.sqrt((1 - (edge / 7.0) ** 2).clip(0))
    metal = relief(np.full_like(colour, 0.10) + 0.05 * noise(rng, 60, 2)[..., None], lead * 6, 0.28, 0.5)
    return grain(blend(glass, metal, smoothstep(7.4, 5.6, edge)), rng, 0.012)


def koi_design(rng: Random) -> Array:
    """Two koi circling in a pond with lily pads, as flat colours."""
    x, y = grid()
    swirl = np.hypot(x - 0.5, y - 0.5) * 26 + np.arctan2(y - 0.5, x - 0.5) * 2
    guide = ramp(0.5 + 0.5 * np.sin(swirl + 3 * noise(rng, 4, 2)), ["#0b2f5a", "#125f86", "#1f8f9a", "#62c0b0"])
    for cx, cy, r in ((0.13, 0.15, 0.13), (0.87, 0.84, 0.15), (0.90, 0.11, 0.09), (0.10, 0.88, 0.10)):
        turn = np.arctan2(y - cy, x - cx)
        pad = disc(cx, cy, r) * (np.abs(turn - 1.0) > 0.28)
        vein = 0.5 + 0.5 * np.cos(turn * 9)
        guide = blend(guide, ramp(vein, ["#1f5a2a", "#4f9a3a", "#a8c84a"]), pad)
    for flip in (1, -1):
        body = curve([(0.16, 0.62), (0.20, 0.38), (0.38, 0.20), (0.60, 0.17), (0.76, 0.25)], 70)
        if flip < 0:
            body = 1 - body
        t = np.linspace(0, 1, 70)
        wide = 0.175 * np.sin(np.pi * (0.08 + 0.9 * t)) ** 0.8 * (0.35 + 0.65 * t**0.6)
        tail = np.vstack(
            [
                body[6],
                body[0] + flip * np.array([-0.075, 0.05]),
                body[0] + flip * np.array([-0.02, 0.16]),
                body[2] + flip * np.array([0.04, 0.05]),
                body[0] + flip * np.array([0.08, 0.13]),
            ]
        )
        guide = blend(guide, "#ffb25c" if flip > 0 else "#f6efe0", polygon(tail))
        for at, side, size in ((46, 1, 0.13), (46, -1, 0.12), (22, 1, 0.08)):
            d = body[at + 1] - body[at]
            d = d / np.linalg.norm(d)
            n = np.array([-d[1], d[0]]) * side
            root = body[at] + n * wide[at] * 0.4
            fin = [root + d * 0.03, root + n * size - d * 0.05, root + n * size * 0.75 - d * 0.11, root - d * 0.05]
            guide = blend(guide, "#ffd59a" if flip > 0 else "#ffe9d6", polygon(np.array(fin)))
        shape = polygon(ribbon(body, wide))
        spots = stretch(noise(rng, 9, 2))
        koi = ["#ff5a1f", "#ff7a1f", "#ffb347", "#fff0d8"] if flip > 0 else ["#fff6e6", "#fff6e6", "#e2331f", "#c21f1f"]
        guide = blend(guide, ramp(smoothstep(0.35, 0.75, spots), koi), shape)
        for side in (-1, 1):
            d = body[64] - body[60]
            n = np.array([-d[1], d[0]]) / np.linalg.norm(d) * side * wide[62] * 0.34
            guide = blend(guide, "#0c1020", disc(*(body[63] + n), 0.011))
    return guide


def koi_mosaic(rng: Random) -> Array:
    """Two koi in tesserae of glass and gold set along their contours in dark mortar."""
    guide = koi_design(rng)
    x, y = grid()
    quant = np.round(guide * 4) @ np.array([25.0, 5.0, 1.0])
    edge = borders(ndimage.median_filter(quant.astype(np.int32), 7))
    smooth = ndimage.gaussian_filter(edge, 4)
    gy, gx = np.gradient(smooth)
    # Lloyd's relaxation in a frame turned along the contours gives rows of nearly square stones.
    points = scatter(rng, 15.5)
    pixels = (np.stack([x, y], -1) * SIZE)[::2, ::2].reshape(-1, 2)
    for _ in range(5):
        _, index = cKDTree(points).query(pixels, workers=1, p=1)
        count = np.bincount(index, minlength=len(points)).clip(1)
        means = np.stack([np.bincount(index, pixels[:, c], len(points)) / count for c in (0, 1)], 1)
        means = means + ((np.round(sample(smooth, means) / 13) * 13 + 6 - sample(smooth, means)) * 0.35)[
            :, None
        ] * np.stack([sample(gx, means), sample(gy, means)], 1)
        points = np.where(count[:, None] > 1, means, points)
    index, gap = cells(points)
    stone = sample(guide, points) * (1 + rng.normal(0, 0.13, (len(points), 1))) + rng.normal(0, 0.03, (len(points), 3))
    stone = np.where(rng.random((len(points), 1)) < 0.06, np.array([[0.93, 0.74, 0.30]]), stone)
    tilt = rng.normal(0, 1, (2, len(points)))
    dome = np.minimum(gap, 4.5) / 4.5
    height = (
        dome * 5
        + (tilt[0][index] * (x * SIZE - points[index, 0]) + tilt[1][index] * (y * SIZE - points[index, 1])) * 0.05
    )
    face = stone[index].astype(np.float32) * (0.85 + 0.25 * noise(rng, 120, 2))[..., None]
    face = relief(face, height, 0.22, 0.5)
    mortar = np.array([0.16, 0.14, 0.15], np.float32) * (0.7 + 0.6 * noise(rng, 150, 2))[..., None]
    return grain(blend(mortar, face, smoothstep(0.9, 2.1, gap)), rng, 0.015)
