"""Facets: cubist still life, low-poly mountains, futurist motion.

Source: line arrangements (each cell of random cuts shows the motif from a shifted view), Delaunay triangulation,
chronophotographic repetition of a form along its motion.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.spatial import Delaunay

from .canvas import (
    SIZE,
    Array,
    Oil,
    Random,
    below,
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
    ridge,
    sample,
    scatter,
    smoothstep,
    stretch,
    weave,
)


def arrangement(rng: Random, count: int) -> tuple[Array, Array]:
    """Cut the picture by random lines: label of each cell, and px to the nearest cut."""
    x, y = grid()
    code, edge = np.zeros((SIZE, SIZE), np.int64), np.full((SIZE, SIZE), 99.0, np.float32)
    for k in range(count):
        turn = rng.choice([0.35, 1.2, 1.75, 2.6]) + rng.normal(0, 0.16)
        px, py = rng.uniform(0.12, 0.88, 2)
        along = (x - px) * np.sin(turn) - (y - py) * np.cos(turn)
        reach = (x - px) * np.cos(turn) + (y - py) * np.sin(turn)
        active = np.abs(reach) < rng.uniform(0.25, 0.6)
        code += np.where((along > 0) & active, 1 << k, 0)
        edge = np.where(active, np.minimum(edge, np.abs(along) * SIZE), edge)
    _, labels = np.unique(code, return_inverse=True)
    return labels.reshape(SIZE, SIZE), edge


def still_life(rng: Random) -> Array:
    """Guitar, bottle, glass, fruit and a newspaper on a tilted table, as flat shaded shapes."""
    x, y = grid()
    guide = ramp(stretch(noise(rng, 3, 3) + x - 0.6 * y), ["#2f4a52", "#5f7f78", "#a8a27a", "#d9b878", "#c9825a"])
    guide = blend(
        guide,
        ramp(stretch(noise(rng, 4, 3)), ["#5a3420", "#8f5a2c", "#b37a3c"]),
        polygon([(0.08, 0.62), (0.90, 0.52), (1.0, 0.90), (0.12, 1.02)]),
    )
    paper = polygon([(0.10, 0.70), (0.40, 0.61), (0.47, 0.86), (0.16, 0.95)])
    print_lines = 0.5 + 0.5 * np.sin((y + 0.28 * x) * 330)
    guide = blend(guide, ramp(print_lines * (noise(rng, 30, 1, (3, 1)) > 0.3), ["#ece3c8", "#5f5a50"]), paper)
    bottle = polygon(
        curve(
            [
                (0.235, 0.20),
                (0.235, 0.36),
                (0.19, 0.43),
                (0.185, 0.74),
                (0.325, 0.74),
                (0.32, 0.43),
                (0.275, 0.36),
                (0.275, 0.20),
            ],
            60,
        )
    )
    guide = blend(guide, ramp(((x - 0.185) / 0.14).clip(0, 1), ["#122a26", "#3f7a5f", "#a8c08a", "#1f4a3c"]), bottle)
    guide = blend(guide, "#e6d9b0", polygon([(0.19, 0.52), (0.322, 0.52), (0.324, 0.64), (0.187, 0.64)]))
    body = np.maximum.reduce(
        [
            disc(0.56, 0.67, 0.185),
            disc(0.645, 0.44, 0.135),
            polygon([(0.47, 0.58), (0.54, 0.42), (0.75, 0.47), (0.71, 0.66)]),
        ]
    )
    wood = ramp(
        stretch(np.sin((x * 0.9 + y * 0.35) * 60 + 4 * noise(rng, 4, 2)) * 0.12 + (x - y * 0.5)),
        ["#7a3f16", "#b8691f", "#e0a24a", "#f2cf8a"],
    )
    guide = blend(guide, wood, body)
    rim = smoothstep(0.2, 0.6, ndimage.gaussian_filter(body, 4)) * (1 - body)
    guide = blend(guide, "#1c120e", rim)
    guide = blend(guide, "#1f130d", disc(0.605, 0.555, 0.056))
    guide = blend(guide, "#d9b56a", smoothstep(0.006, 0.003, np.abs(np.hypot(x - 0.605, y - 0.555) - 0.066)))
    neck = polygon(ribbon(np.array([(0.59, 0.60), (0.70, 0.29), (0.79, 0.04)]), 0.046))
    guide = blend(guide, "#2a1a14", neck)
    for k in (-0.012, -0.004, 0.004, 0.012):
        guide = blend(guide, "#f0e4c0", polygon(ribbon(np.array([(0.545 + k, 0.74), (0.79 + k, 0.04)]), 0.0028)))
    glass = polygon([(0.80, 0.56), (0.93, 0.55), (0.89, 0.72), (0.88, 0.84), (0.85, 0.84), (0.84, 0.72)])
    guide = blend(guide, ramp(((x - 0.8) / 0.13).clip(0, 1), ["#8fb0b8", "#e6f0ea", "#6a8f9a"]), glass * 0.8)
    for cx, cy, r, hue in (
        (0.46, 0.90, 0.062, ["#f2c04a", "#c2561f"]),
        (0.57, 0.925, 0.055, ["#b8402a", "#5a1a1a"]),
        (0.365, 0.89, 0.05, ["#a8b04a", "#4a5a2a"]),
    ):
        guide = blend(guide, ramp((((x - cx) + (y - cy)) / (2 * r) + 0.5).clip(0, 1), hue), disc(cx, cy, r))
    return guide


def cubist(rng: Random) -> Array:
    """The still life broken into facets, each a little displaced, turned and lit from its own side."""
    guide = still_life(rng)
    labels, edge = arrangement(rng, 17)
    count = int(labels.max()) + 1
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    area = np.bincount(labels.ravel(), minlength=count).clip(1)
    cx, cy = (np.bincount(labels.ravel(), v.ravel(), count) / area for v in (x, y))
    turn, zoom = rng.normal(0, 0.10, count), rng.uniform(0.90, 1.10, count)
    shift = rng.normal(0, 17, (2, count))
    dx, dy = x - cx[labels], y - cy[labels]
    c, s = np.cos(turn)[labels] * zoom[labels], np.sin(turn)[labels] * zoom[labels]
    at = np.stack([cy[labels] + s * dx + c * dy + shift[1][labels], cx[labels] + c * dx - s * dy + shift[0][labels]])
    view = sample(guide, np.moveaxis(at[::-1], 0, -1))
    light = rng.uniform(0, 2 * np.pi, count)
    slope = (dx * np.cos(light)[labels] + dy * np.sin(light)[labels]) / np.sqrt(area)[labels]
    view = view * (1.0 + 0.55 * np.clip(slope, -0.8, 0.8))[..., None]
    view = blend(view, "#2a1d16", smoothstep(34, 0, edge) * (slope < 0) * 0.55)
    oil = Oil(view, rng)
    angle = (light + np.pi / 2)[labels] + 0.3 * (noise(rng, 8, 2) - 0.5)
    inner = smoothstep(4, 18, edge)
    oil.layer(view, angle, 15, 16, 30, mask=inner, jitter=0.06, streak=0.10)
    oil.layer(view, angle, 10, 8, 16, mask=smoothstep(2, 6, edge), jitter=0.06, streak=0.08)
    painted = 0.55 * oil.varnished(1.8, 0.15) + 0.45 * view
    painted = blend(painted, "#f7e9c4", smoothstep(5.0, 2.5, edge) * (slope > 0.1) * 0.8)
    painted = blend(painted, "#17110e", smoothstep(4.2, 2.2, edge) * (slope <= 0.1) * 0.9)
    return grain(painted * weave(0.04, rng)[..., None], rng, 0.012)


def low_poly(rng: Random) -> Array:
    """Folded-paper mountains at sunset doubled in a lake; facets graded and edged with light."""
    x, y = grid()
    guide = ramp((y / 0.62).clip(0, 1), ["#2b1b5a", "#6a2c86", "#c9437a", "#ff7f5a", "#ffd27a"])
    guide = blend(guide, "#fff2b8", disc(0.38, 0.40, 0.085))
    edges = [disc(0.38, 0.40, 0.085)]
    for base, height, hues in (
        (0.43, 0.15, ["#ff9f7a", "#a8478f", "#4a2a7a"]),
        (0.53, 0.13, ["#e05f7f", "#5f2f86", "#221a56"]),
        (0.595, 0.05, ["#2f8a8f", "#17466f", "#0f1f4a"]),
    ):
        line = ridge(rng, base, height, 4, 4)
        side = stretch(
            ndimage.gaussian_filter(noise(rng, 6, 2), 5)
            + 0.4 * np.gradient(ndimage.gaussian_filter1d(line, 12))[None] * SIZE
            + (y - line[None])
        )
        guide = blend(guide, ramp(side, hues), below(line))
        edges.append(below(line))
    lake = 0.625
    mirror = guide[np.clip((2 * lake * SIZE - np.arange(SIZE)).astype(int), 0, SIZE - 1)]
    guide = blend(guide, mirror * np.array([0.72, 0.78, 0.95], np.float32), smoothstep(lake - 0.001, lake + 0.001, y))
    shore = below(
        np.interp(x[0], [0, 0.3, 0.55, 0.75, 1], [0.80, 0.90, 0.97, 0.92, 0.84]).astype(np.float32)
        + ridge(rng, 0, 0.015, 9)
    )
    guide = blend(guide, ramp(stretch(noise(rng, 7, 3) + 0.7 * (x - y)), ["#0a1030", "#1f2f5f", "#3f3a7a"]), shore)
    edges += [smoothstep(lake, lake + 0.001, y), shore]
    detail = np.maximum.reduce([np.hypot(*np.gradient(ndimage.gaussian_filter(e, 2))) for e in edges])
    points = np.vstack(
        [scatter(rng, 92), scatter(rng, 19, (detail > 0.05) * 0.95), [(0, 0), (SIZE, 0), (0, SIZE), (SIZE, SIZE)]]
    )
    return folded(guide, points, rng)


def folded(guide: Array, points: Array, rng: Random) -> Array:
    """Triangles between points in the guide's mean colours, each shaded as a tilted sheet of paper."""
    x, y = grid()
    mesh = Delaunay(points)
    pixels = np.stack([x, y], -1).reshape(-1, 2) * SIZE
    label = mesh.find_simplex(pixels).clip(0)
    count = len(mesh.simplices)
    area = np.bincount(label, minlength=count).clip(1)
    mean = np.stack([np.bincount(label, guide[..., c].ravel(), count) / area for c in range(3)], 1)
    mean = mean * rng.uniform(0.80, 1.20, (count, 1))
    where = mesh.transform[label]
    two = np.einsum("nij,nj->ni", where[:, :2], pixels - where[:, 2])
    bary = np.concatenate([two, 1 - two.sum(1, keepdims=True)], 1)
    near = bary.min(1).reshape(SIZE, SIZE)
    slope = (bary[:, 0] - bary[:, 1]).reshape(SIZE, SIZE)
    label = label.reshape(SIZE, SIZE)
    face = mean[label].astype(np.float32) * (1 + 0.20 * slope)[..., None]
    scale = np.sqrt(area)[label]
    face = blend(face, face * 1.25 + 0.03, smoothstep(2.6, 0.8, near * scale) * 0.6)
    fibre = stretch(noise(rng, 130, 3)) * 0.7 + stretch(noise(rng, 30, 3, (2, 1))) * 0.6
    return grain(relief(face, fibre, 0.5), rng, 0.022)


def swallow(span: float, beat: float) -> Array:
    """Outline of a swallow about (0, 0) flying right; `beat` in [-1, 1] lifts its wings."""
    up = -0.62 * beat
    knots = [
        (0.56, -0.02),
        (0.34, -0.12),
        (0.10, -0.12),
        (-0.30, -0.30 + up),
        (-0.62, -0.42 + 1.5 * up),
        (-0.22, -0.02 + 0.3 * up),
        (-0.34, 0.02),
        (-0.95, -0.10),
        (-0.58, 0.06),
        (-0.98, 0.20),
        (-0.32, 0.13),
        (-0.02, 0.16),
        (0.10, 0.55 - 0.6 * up),
        (0.02, 0.85 - up),
        (0.34, 0.40 - 0.4 * up),
        (0.34, 0.12),
        (0.56, -0.02),
    ]
    return curve(knots, 160) * span


def futurist(rng: Random) -> Array:
    """Flight of swallows: one bird at every instant of its swoop, over planes cut by arcs and lines of force."""
    x, y = grid()
    planes = np.zeros((SIZE, SIZE), np.float32)
    angle = np.arctan2(y - 1.25, x + 0.15) + np.pi / 2
    for cx, cy, step, weight in ((-0.15, 1.25, 0.145, 1.0), (1.2, 1.05, 0.19, 0.8), (0.25, -0.5, 0.21, 0.7)):
        reach = np.hypot(x - cx, y - cy) / step
        planes += weight * (np.floor(reach) % 2 + 0.55 * (reach % 1))
    warm = ramp(stretch(planes), ["#0f2748", "#1f5a86", "#3fa0a8", "#f4e3b0", "#f2b03f", "#e2602f"])
    cool = ramp(stretch(planes), ["#1a1236", "#3a2f7a", "#2f7fae", "#bfe0d0", "#f7d98a", "#f08a4a"])
    guide = blend(warm, cool, smoothstep(0.35, 0.75, x * 0.7 + y * 0.6))
    for turn in (0.55, 0.80, 1.05, 1.32):
        beam = (x + 0.15) * np.sin(turn) - (1.25 - y) * np.cos(turn)
        guide = blend(guide, guide * 1.35 + 0.05, smoothstep(0.0, 0.004, beam) * smoothstep(0.075, 0.02, beam) * 0.8)
    sharp = np.zeros_like(x)
    for k in range(6):
        t = k / 5
        cx, cy = 0.07 + 0.64 * t, 0.87 - 0.34 * t - 0.26 * t**2 + 0.10 * np.sin(t * np.pi)
        heading, span = -0.05 - 0.75 * t, 0.095 + 0.165 * t
        bird = swallow(span, (0.9, -0.2, -0.9, 0.5, -0.5, 0.25)[k])
        c, s = np.cos(heading), np.sin(heading)
        mask = polygon(np.stack([cx + bird[:, 0] * c - bird[:, 1] * s, cy + bird[:, 0] * s + bird[:, 1] * c], 1))
        across = ((y - cy) * c - (x - cx) * s) / span
        plumage = ramp((0.5 + 0.9 * across).clip(0, 1), ["#0b1030", "#1f3f8f", "#2f6fc0", "#f7ead0", "#e2502f"])
        rim = ndimage.gaussian_filter(mask, 3)
        guide = blend(guide, "#fff4d2", (rim * (1 - mask) * 2).clip(0, 1))
        guide = blend(guide, plumage, mask * (0.75 + 0.25 * t))
        angle = np.where(mask > 0.5, heading + 0.5 * np.sin(across * 5), angle)
        sharp = np.maximum(sharp, (rim > 0.02) * 1.0)
    oil = Oil(guide, rng)
    oil.layer(guide, angle, 16, 15, 46, jitter=0.06, streak=0.12)
    oil.layer(guide, angle, 10, 8, 24, jitter=0.07, streak=0.10)
    oil.layer(guide, angle, 7, 5, 12, mask=sharp, jitter=0.05)
    oil.layer(guide, angle, 5, 4, 8, mask=sharp, jitter=0.04)
    return grain(0.65 * oil.varnished(1.9, 0.2) + 0.35 * guide, rng, 0.012)
