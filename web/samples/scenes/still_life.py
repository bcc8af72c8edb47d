"""Breakfast by a window: a jug, a cup, a bowl, lemons and a pear on a wooden table in morning light.

Source: solids of revolution as distance fields, two bounces of sampled area light (path tracing in the small).
"""

from __future__ import annotations

import numpy as np

from .raymarch import Array, Noise, box, developed, march, normals, occlusion, rays, shadow, sphere, unit

noise = Noise(23)
WINDOW = unit(np.array([-0.72, 0.62, -0.25], np.float32))


def turned(p: Array, centre: tuple[float, float, float], profile: list[tuple[float, float]], wall: float) -> Array:
    """Distance to a thin vessel turned on a wheel: profile of (height, radius), wall thickness."""
    q = p - np.array(centre, np.float32)
    radius, level = np.hypot(q[:, 0], q[:, 2]), q[:, 1]
    heights, radii = np.array(profile, np.float32).T
    nearest = np.full(len(p), 9.0, np.float32)
    for h0, r0, h1, r1 in zip(heights[:-1], radii[:-1], heights[1:], radii[1:], strict=True):
        along = np.clip(
            ((radius - r0) * (r1 - r0) + (level - h0) * (h1 - h0)) / ((r1 - r0) ** 2 + (h1 - h0) ** 2), 0, 1
        )
        nearest = np.minimum(nearest, np.hypot(radius - r0 - along * (r1 - r0), level - h0 - along * (h1 - h0)))
    return nearest - wall


def spline(knots: list[tuple[float, float]], count: int = 14) -> list[tuple[float, float]]:
    """A smooth profile through a few knots (height, radius)."""
    at = np.linspace(0, 1, len(knots))
    fit = np.polyfit(at, np.array(knots), len(knots) - 1)
    return [tuple(np.array([np.polyval(fit[:, c], t) for c in (0, 1)])) for t in np.linspace(0, 1, count)]


JUG = spline([(0.02, 0.26), (0.16, 0.36), (0.42, 0.38), (0.66, 0.25), (0.86, 0.17), (1.02, 0.23)], 40)
CUP = spline([(0.02, 0.13), (0.09, 0.215), (0.20, 0.25), (0.34, 0.27)], 16)
BOWL = spline([(0.02, 0.16), (0.06, 0.30), (0.15, 0.42), (0.27, 0.50)], 14)
LEMONS = ((0.62, 0.34, 0.62, 0.3), (0.92, 0.335, 0.78, -0.5), (0.76, 0.42, 0.95, 1.1), (0.20, 0.165, 0.02, 0.5))


def lemon(p: Array, cx: float, cy: float, cz: float, turn: float) -> Array:
    """A lemon lying in direction `turn`, pointed at both ends."""
    q = p - np.array([cx, cy, cz], np.float32)
    u = q[:, 0] * np.cos(turn) + q[:, 2] * np.sin(turn)
    v = np.hypot(-q[:, 0] * np.sin(turn) + q[:, 2] * np.cos(turn), q[:, 1])
    bulge = 0.158 * np.sqrt(np.clip(1 - (u / 0.215) ** 2, 0.0, 1)) + 0.035 * np.exp(-(((np.abs(u) - 0.20) / 0.05) ** 2))
    return np.maximum((v - bulge) * 0.72, np.abs(u) - 0.245)


def parts(p: Array) -> list[Array]:
    """Distances to table, wall, jug, cup, bowl, lemons, pear, pear stem, tea and cloth."""
    jug = turned(p, (-0.52, 0, 0.75), JUG, 0.018)
    q = p - np.array([-0.52 - 0.36, 0.58, 0.75], np.float32)
    handle = np.hypot(np.hypot(q[:, 0] * 1.15, q[:, 1]) - 0.21, q[:, 2]) - 0.030
    cup = turned(p, (0.02 + 0.02, 0.02, -0.42), CUP, 0.013)
    c = p - np.array([0.04 + 0.275, 0.22, -0.42], np.float32)
    cup = np.minimum(cup, np.hypot(np.hypot(c[:, 0], c[:, 1]) - 0.085, c[:, 2]) - 0.019)
    saucer = turned(p, (0.04, 0.0, -0.42), [(0.012, 0.02), (0.014, 0.24), (0.045, 0.36)], 0.010)
    pear = np.minimum(sphere(p, (-0.92, 0.20, -0.10), 0.20), 9)
    neck = sphere(p, (-0.90, 0.44, -0.08), 0.105)
    blend = np.clip(0.5 + 0.5 * (neck - pear) / 0.16, 0, 1)
    pear = neck + (pear - neck) * blend - 0.16 * blend * (1 - blend)
    stem = np.hypot(p[:, 0] + 0.885 - 0.25 * (p[:, 1] - 0.53), p[:, 2] + 0.08) - 0.010
    stem = np.maximum(stem, np.abs(p[:, 1] - 0.575) - 0.055)
    tea = np.maximum(np.hypot(p[:, 0] - 0.04, p[:, 2] + 0.42) - 0.245, np.abs(p[:, 1] - 0.265) - 0.01)
    fold = 0.012 * np.sin(p[:, 0] * 9 + 3 * p[:, 2]) + 0.010 * np.sin(p[:, 2] * 13 - 2 * p[:, 0])
    cloth = box(p - np.stack([0 * fold, fold, 0 * fold], 1), (0.98, 0.012, -0.28), (0.46, 0.012, 0.30), 0.01) * 0.8
    return [
        p[:, 1],
        3.2 - p[:, 2],
        np.minimum(jug, handle),
        np.minimum(cup, saucer),
        turned(p, (0.78, 0, 0.80), BOWL, 0.017),
        np.minimum.reduce([lemon(p, *where) for where in LEMONS]),
        pear,
        stem,
        tea,
        cloth,
    ]


def scene(p: Array) -> Array:
    """Distance to the nearest surface."""
    return np.minimum.reduce(parts(p))


def paint(p: Array, which: Array) -> tuple[Array, Array]:
    """Colour and gloss of surface points by what they belong to."""
    x, y, z = p.T
    plank = np.floor(z / 0.46)
    ring = noise(x * 0.35 + plank * 1.7, z * 3.2, 2.6, 1)
    wood = np.array([0.34, 0.18, 0.085], np.float32) * (1 + 0.22 * ring + 0.10 * noise(x * 0.3, z * 9, 1.1, 0))[:, None]
    wood *= (1 - 0.75 * np.exp(-((np.abs(z / 0.46 - np.round(z / 0.46)) * 0.46 / 0.006) ** 2)))[:, None]
    wall = (
        np.array([0.40, 0.43, 0.41], np.float32)
        * (1 + 0.05 * noise(x, y, 1.9, 1) + 0.02 * noise(x, y, 0.5, 0))[:, None]
    )
    speckle = np.clip(noise(x + z, y, 0.6, 0) - 1.4, 0, 1)
    band = ((y > 0.24) & (y < 0.40)) * 1.0
    glaze = np.array([0.10, 0.24, 0.38], np.float32) * (1 + 0.10 * noise(x + z, y, 1.3, 1))[:, None]
    glaze = glaze + (np.array([0.66, 0.62, 0.52], np.float32) - glaze) * (band * 0.9)[:, None] - 0.1 * speckle[:, None]
    porcelain = np.full_like(p, 0.74) - np.array([0.56, 0.40, 0.12], np.float32) * (np.abs(y - 0.325) < 0.014)[:, None]
    bowl = np.array([0.50, 0.20, 0.12], np.float32) * (1 + 0.12 * noise(x, y + z, 0.8, 1))[:, None]
    yellow = np.array([0.86, 0.60, 0.045], np.float32) * (1 + 0.06 * noise(x + y, z, 0.35, 0))[:, None]
    blush = np.clip((x + 0.86) * 3.2 + 0.3 * noise(x, y, 0.7, 1), 0, 1)[:, None]
    pear = np.array([0.42, 0.46, 0.10], np.float32) * (1 - blush) + np.array([0.58, 0.20, 0.07], np.float32) * blush
    linen = np.array([0.62, 0.60, 0.55], np.float32) * (1 + 0.05 * np.sin(x * 420) * np.sin(z * 420))[:, None]
    linen = (
        linen
        - np.array([0.42, 0.44, 0.34], np.float32)
        * ((np.abs((x + 0.06 * z) * 7 % 1 - 0.5) < 0.09) | (np.abs(z * 7 % 1 - 0.5) < 0.09))[:, None]
        * 0.8
    )
    stem, tea = np.full_like(p, 0.07), np.broadcast_to(np.array([0.24, 0.075, 0.02], np.float32), p.shape)
    palette = np.stack([wood, wall, glaze, porcelain, bowl, yellow, pear, stem, tea, linen])
    gloss = np.array([0.20, 0.0, 0.65, 0.7, 0.45, 0.25, 0.22, 0.0, 0.9, 0.0], np.float32)
    return palette[which, np.arange(len(p))], gloss[which]


def panes(p: Array) -> Array:
    """Sunlight that the window lets through to points: bright panes, soft dark bars."""
    away = (p[:, 0] + 3.0) / -WINDOW[0]
    level, along = p[:, 1] + WINDOW[1] * away, p[:, 2] + WINDOW[2] * away
    soft = 0.02 + 0.02 * away
    bars = np.minimum(np.abs((along / 1.35 + 0.02) % 1 - 0.5) * 1.35, np.abs((level / 1.30 + 0.12) % 1 - 0.5) * 1.30)
    inside = np.minimum(np.minimum(along + 2.9, 1.35 - along), np.minimum(level - 1.5, 4.6 - level))
    return np.clip((bars - 0.045) / soft, 0, 1) * np.clip(inside / soft, 0, 1)


def outdoors(d: Array) -> Array:
    """What a glossy surface mirrors: the bright window with its bars, the dim room."""
    room = np.array([0.16, 0.15, 0.14], np.float32) * (0.6 + 0.6 * np.clip(d[:, 1], 0, 1))[:, None]
    u, v = d[:, 0] + 0.72, d[:, 1] - 0.55
    pane = (np.abs(u) < 0.20) & (np.abs(v) < 0.24) & (np.abs(u) > 0.018) & (np.abs(v) > 0.016)
    return room + pane[:, None] * np.array([3.6, 3.9, 4.4], np.float32)


def render(width: int, height: int) -> Array:
    """The picture as display values [H, W, 3] in [0, 1], two samples a pixel."""
    total = np.zeros((height * width, 3), np.float32)
    for jitter in ((0.25, 0.25), (0.75, 0.75)):
        origin, direction = rays(width, height, (0.05, 1.28, -3.3), (0.02, 0.32, 0.35), 2.35, jitter)
        t, _ = march(scene, origin, direction, 12.0, 80)
        p = origin + direction * t[:, None]
        which = np.argmin(np.stack(parts(p)), 0)
        normal = normals(scene, p)
        colour, gloss = paint(p, which)
        off = p + normal * 0.006
        sun = np.clip(normal @ WINDOW, 0, 1) * shadow(scene, off, WINDOW, 7.0, 3.0) * panes(p)
        beam = np.clip(1.25 - 0.33 * np.hypot(p[:, 0] + 0.1, p[:, 2] - 0.2), 0.12, 1)
        open_ = occlusion(scene, p, normal, 0.30)
        sky = (0.55 + 0.45 * (normal @ unit(np.array([-0.6, 0.7, -0.3], np.float32)))) * open_
        bounce = np.clip(0.5 - 0.5 * normal[:, 1], 0, 1) * open_
        light = (sun * beam)[:, None] * np.array([3.4, 2.75, 1.95], np.float32) + sky[:, None] * np.array(
            [0.36, 0.43, 0.52], np.float32
        )
        light = light + bounce[:, None] * np.array([0.30, 0.17, 0.09], np.float32)
        mirror = unit(direction - 2 * (direction * normal).sum(1, keepdims=True) * normal)
        fresnel = gloss * (0.05 + 0.95 * (1 - np.clip(-(direction * normal).sum(1), 0, 1)) ** 5)
        total += colour * light + outdoors(mirror) * (fresnel * (0.35 + 0.65 * open_))[:, None]
    return developed(total / 2, 0.80).reshape(height, width, 3)
