"""Facets: cubist still life, low-poly mountains, futurist motion.

Source: line arrangements (each cell of random cuts shows the motif from a shifted view), Delaunay triangulation,
chronophotographic repetition of a form along its motion.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.spatial import Delaunay

from .canvas import (SIZE, Array, Oil, Random, below, blend, curve, disc, flat, grain, grid, noise, polygon, ramp, relief,
                     ribbon, ridge, sample, scatter, smoothstep, stretch, weave)


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
    guide = ramp(stretch(noise(rng, 3, 3) + y * 0.6), ["#6f7a74", "#a39a80", "#c9b58a"])
    guide = blend(guide, ramp(stretch(noise(rng, 4, 3)), ["#5a3420", "#8f5a2c", "#b37a3c"]), polygon([(0.08, 0.62), (0.90, 0.52), (1.0, 0.90), (0.12, 1.02)]))
    paper = polygon([(0.10, 0.70), (0.40, 0.61), (0.47, 0.86), (0.16, 0.95)])
    print_lines = 0.5 + 0.5 * np.sin((y + 0.28 * x) * 330)
    guide = blend(guide, ramp(print_lines * (noise(rng, 30, 1, (3, 1)) > 0.3), ["#ece3c8", "#5f5a50"]), paper)
    bottle = polygon(curve([(0.235, 0.20), (0.235, 0.36), (0.19, 0.43), (0.185, 0.74), (0.325, 0.74), (0.32, 0.43), (0.275, 0.36), (0.275, 0.20)], 60))
    guide = blend(guide, ramp(((x - 0.185) / 0.14).clip(0, 1), ["#122a26", "#3f7a5f", "#a8c08a", "#1f4a3c"]), bottle)
    guide = blend(guide, "#e6d9b0", polygon([(0.19, 0.52), (0.322, 0.52), (0.324, 0.64), (0.187, 0.64)]))
    body = np.maximum.reduce([disc(0.56, 0.67, 0.185), disc(0.645, 0.44, 0.135), polygon([(0.47, 0.58), (0.54, 0.42), (0.75, 0.47), (0.71, 0.66)])])
    wood = ramp(stretch(np.sin((x * 0.9 + y * 0.35) * 60 + 4 * noise(rng, 4, 2)) * 0.12 + (x - y * 0.5)), ["#7a3f16", "#b8691f", "#e0a24a", "#f2cf8a"])
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
    for cx, cy, r, hue in ((0.46, 0.90, 0.062, ["#f2c04a", "#c2561f"]), (0.57, 0.925, 0.055, ["#b8402a", "#5a1a1a"]), (0.365, 0.89, 0.05, ["#a8b04a", "#4a5a2a"])):
        guide = blend(guide, ramp((((x - cx) + (y - cy)) / (2 * r) + 0.5).clip(0, 1), hue), disc(cx, cy, r))
    return guide


def cubist(rng: Random) -> Array:
    """The still life broken into facets, each a little displaced, turned and lit from its own side."""
    guide = still_life(rng)
    labels, edge = arrangement(rng, 26)
    count = int(labels.max()) + 1
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    area = np.bincount(labels.ravel(), minlength=count).clip(1)
    cx, cy = (np.bincount(labels.ravel(), v.ravel(), count) / area for v in (x, y))
    turn, zoom = rng.normal(0, 0.14, count), rng.uniform(0.86, 1.12, count)
    shift = rng.normal(0, 24, (2, count))
    dx, dy = x - cx[labels], y - cy[labels]
    c, s = np.cos(turn)[labels] * zoom[labels], np.sin(turn)[labels] * zoom[labels]
    at = np.stack([cy[labels] + s * dx + c * dy + shift[1][labels], cx[labels] + c * dx - s * dy + shift[0][labels]])
    view = sample(guide, np.moveaxis(at[::-1], 0, -1))
    light = rng.uniform(0, 2 * np.pi, count)
    slope = (dx * np.cos(light)[labels] + dy * np.sin(light)[labels]) / np.sqrt(area)[labels]
    view = view * (1.0 + 0.55 * np.clip(slope, -0.8, 0.8))[..., None]
    view = blend(view, "#2a1d16", smoothstep(34, 0, edge) * (slope < 0) * 0.55)
    view = blend(view, "#f3e6c4", smoothstep(5.0, 2.5, edge) * (slope > 0.1) * 0.75)
    view = blend(view, "#17110e", smoothstep(3.4, 1.6, edge) * (slope <= 0.1) * 0.9)
    oil = Oil(view, rng)
    angle = (light + np.pi / 2)[labels] + 0.3 * (noise(rng, 8, 2) - 0.5)
    inner = smoothstep(4, 18, edge)
    oil.layer(view, angle, 15, 16, 30, mask=inner, jitter=0.06, streak=0.10)
    oil.layer(view, angle, 10, 8, 16, mask=smoothstep(2, 6, edge), jitter=0.06, streak=0.08)
    return oil.varnished(1.8, 0.15) * weave(0.025, rng)[..., None]


def low_poly(rng: Random) -> Array:
    """Folded-paper mountains at sunset doubled in a lake; facets graded and edged with light."""
    x, y = grid()
    guide = ramp((y / 0.62).clip(0, 1), ["#2b1b5a", "#6a2c86", "#c9437a", "#ff7f5a", "#ffd27a"])
    guide = blend(guide, "#fff2b8", disc(0.38, 0.40, 0.085))
    edges = [disc(0.38, 0.40, 0.085)]
    for base, height, hues in ((0.43, 0.15, ["#ff9f7a", "#a8478f", "#4a2a7a"]), (0.53, 0.13, ["#e05f7f", "#5f2f86", "#221a56"]), (0.595, 0.05, ["#2f8a8f", "#17466f", "#0f1f4a"])):
        line = ridge(rng, base, height, 4, 4)
        side = stretch(ndimage.gaussian_filter(noise(rng, 6, 2), 5) + 0.4 * np.gradient(ndimage.gaussian_filter1d(line, 12))[None] * SIZE + (y - line[None]))
        guide = blend(guide, ramp(side, hues), below(line))
        edges.append(below(line))
    lake = 0.625
    mirror = guide[np.clip((2 * lake * SIZE - np.arange(SIZE)).astype(int), 0, SIZE - 1)]
    guide = blend(guide, mirror * np.array([0.72, 0.78, 0.95], np.float32), smoothstep(lake - 0.001, lake + 0.001, y))
    shore = below(np.interp(x[0], [0, 0.3, 0.55, 0.75, 1], [0.80, 0.90, 0.97, 0.92, 0.84]).astype(np.float32) + ridge(rng, 0, 0.015, 9))
    guide = blend(guide, ramp(stretch(noise(rng, 7, 3) + 0.7 * (x - y)), ["#0a1030", "#1f2f5f", "#3f3a7a"]), shore)
    edges += [smoothstep(lake, lake + 0.001, y), shore]
    detail = np.maximum.reduce([np.hypot(*np.gradient(ndimage.gaussian_filter(e, 2))) for e in edges])
    points = np.vstack([scatter(rng, 62), scatter(rng, 20, (detail > 0.08) * 0.9), [(0, 0), (SIZE, 0), (0, SIZE), (SIZE, SIZE)]])
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
    mean = mean * rng.uniform(0.84, 1.16, (count, 1))
    where = mesh.transform[label]
    two = np.einsum("nij,nj->ni", where[:, :2], pixels - where[:, 2])
    bary = np.concatenate([two, 1 - two.sum(1, keepdims=True)], 1)
    near = bary.min(1).reshape(SIZE, SIZE)
    slope = (bary[:, 0] - bary[:, 1]).reshape(SIZE, SIZE)
    label = label.reshape(SIZE, SIZE)
    face = mean[label].astype(np.float32) * (1 + 0.20 * slope)[..., None]
    scale = np.sqrt(area)[label]
    face = blend(face, face * 1.45 + 0.05, smoothstep(3.2, 1.0, near * scale) * 0.8)
    fibre = stretch(noise(rng, 130, 3)) * 0.7 + stretch(noise(rng, 30, 3, (2, 1))) * 0.6
    return grain(relief(face, fibre, 0.5), rng, 0.022)


def futurist(rng: Random) -> Array:
    """A racing machine: wheels and bodies repeated along their motion, rays of force and light."""
    x, y = grid()
    focus = (0.86, 0.60)
    turn, far = np.arctan2(y - focus[1], x - focus[0]), np.hypot(x - focus[0], y - focus[1])
    wedge = np.floor((turn / np.pi + 1) * 17 + 0.25 * np.sin(far * 9))
    tone = rng.random(64)[wedge.astype(int) % 64]
    guide = ramp((0.55 * tone + 0.45 * (1 - far)).clip(0, 1), ["#101c3c", "#1f4a6f", "#3f8f8f", "#d9a43f", "#f6dfa0"])
    angle = turn
    for k in range(11):
        t = k / 10
        cx, scale = 0.02 + 0.66 * t**1.15, 0.72 + 0.42 * t
        strength = 0.28 + 0.5 * t
        hull = curve([(-0.26, 0.06), (-0.20, -0.04), (-0.02, -0.13), (0.12, -0.10), (0.30, 0.0), (0.34, 0.07), (0.0, 0.09), (-0.26, 0.06)], 50)
        body = polygon(hull * scale + [cx, 0.60])
        red = ramp((0.5 + (y - 0.60) * 3.4 + 0.2 * np.sin(x * 44)).clip(0, 1), ["#ffd9a0", "#f0592a", "#b01f2a", "#3f0f2a"])
        guide = blend(guide, red, body * strength)
        for ox, r in ((-0.15, 0.105), (0.20, 0.095)):
            hx, hy = cx + ox * scale, 0.695
            spin, reach = np.arctan2(y - hy, x - hx), np.hypot(x - hx, y - hy) / (r * scale)
            spokes = 0.5 + 0.5 * np.cos(spin * 7 + reach * 2.5 - k)
            wheel = ramp((0.6 * spokes + 0.4 * reach).clip(0, 1), ["#0d1020", "#2f3a5f", "#e8c98a", "#fff4d8"])
            guide = blend(guide, wheel, (reach < 1) * strength * (0.45 + 0.55 * ((reach > 0.78) | (reach < 0.2))))
            angle = np.where(reach < 1, spin + np.pi / 2, angle)
    for radius in np.arange(0.12, 1.2, 0.105):
        arc = smoothstep(0.022, 0.0, np.abs(np.hypot(x - 1.02, (y - 0.63) * 1.15) - radius)) * (y < 0.70)
        guide = blend(guide, ramp(np.full_like(x, (radius * 1.7) % 1), ["#f9efc8", "#f2b83f", "#4fb0b0", "#e8602f"]), arc * 0.55)
    speed = lines_of_speed(rng)
    ground = smoothstep(0.78, 0.80, y)
    guide = blend(guide, ramp(stretch(noise(rng, 9, 3, (0.3, 6)) + 0.3 * y), ["#1a1426", "#5a2f3a", "#c97a3f", "#f2d79a", "#2f5a6f"]), ground)
    guide = blend(guide, "#fff3cf", speed * 0.7)
    angle = np.where(y > 0.79, 0.05 * np.sin(x * 9), angle)
    oil = Oil(guide, rng)
    oil.layer(guide, angle, 17, 18, 60, jitter=0.06, streak=0.12)
    oil.layer(guide, angle, 12, 9, 34, jitter=0.08, streak=0.12)
    return oil.varnished(1.8, 0.2)


def lines_of_speed(rng: Random) -> Array:
    """Thin bright streaks trailing behind the machine."""
    mask = np.zeros((SIZE, SIZE), np.float32)
    for _ in range(26):
        start, level = rng.uniform(-0.1, 0.5), rng.uniform(0.42, 0.9)
        path = curve([(start, level), (start + 0.2, level - 0.012), (start + rng.uniform(0.3, 0.6), level + 0.01)], 20)
        mask = np.maximum(mask, polygon(ribbon(path, 0.010 * np.sin(np.linspace(0.05, 3.1, 20)))))
    return mask
