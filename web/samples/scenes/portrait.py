"""A portrait in soft window light: a modelled head in the manner of a clay figure, hair in a knot, a knitted collar.

Source: sphere-traced ellipsoids joined smoothly (Quilez' polynomial minimum); skin with warm shadow edges.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .raymarch import Array, Noise, developed, march, normals, occlusion, rays, shadow, sphere, unit

SKIN, HAIR, WOOL, EYE, LIPS, BROW, RING = range(7)
KEY = unit(np.array([-0.62, 0.50, -0.60], np.float32))
RIM = unit(np.array([0.85, 0.35, 0.55], np.float32))
noise = Noise(23)


def join(a: Array, b: Array, soft: float) -> Array:
    """The smaller of two distances, rounded where they meet."""
    near = np.clip(soft - np.abs(a - b), 0, None) / soft
    return np.minimum(a, b) - near * near * soft * 0.25


def cut(a: Array, b: Array, soft: float) -> Array:
    """The first solid without the second, rounded at the edge."""
    return -join(-a, b, soft)


def ellipsoid(p: Array, centre: tuple[float, ...], radii: tuple[float, ...]) -> Array:
    """Distance to an ellipsoid, nearly."""
    q = (p - np.array(centre, np.float32)) / np.array(radii, np.float32)
    k = np.linalg.norm(q, axis=1)
    slope = np.linalg.norm(q / np.array(radii, np.float32), axis=1)
    return k * (k - 1) / np.maximum(slope, 1e-4)


def turned(p: Array) -> Array:
    """Points in the head's own axes: it looks a little to the left and is slightly bowed."""
    a, b = 0.34, 0.05
    q = p - np.array([0, 0.1, 0], np.float32)
    x, z = q[:, 0] * np.cos(a) - q[:, 2] * np.sin(a), q[:, 0] * np.sin(a) + q[:, 2] * np.cos(a)
    y, z = q[:, 1] * np.cos(b) - z * np.sin(b), q[:, 1] * np.sin(b) + z * np.cos(b)
    return np.stack([x, y + 0.1, z], 1).astype(np.float32)


def mirrored(p: Array) -> Array:
    """Both halves of the face as one."""
    return np.concatenate([np.abs(p[:, :1]), p[:, 1:]], 1)


def skin(p: Array, h: Array) -> Array:
    """Distance to head, ears and neck."""
    m = mirrored(h)
    head = join(
        ellipsoid(h, (0, 0.22, 0.06), (0.74, 0.86, 0.84)), ellipsoid(h, (0, -0.34, -0.16), (0.52, 0.56, 0.56)), 0.34
    )
    head = join(head, ellipsoid(m, (0.36, -0.16, -0.46), (0.24, 0.20, 0.22)), 0.24)  # cheeks
    head = join(head, ellipsoid(h, (0, -0.74, -0.50), (0.17, 0.13, 0.15)), 0.16)  # chin
    head = cut(head, ellipsoid(m, (0.29, 0.07, -0.90), (0.20, 0.13, 0.16)), 0.20)  # eye sockets
    bridge = ellipsoid(h, (0, -0.05, -0.77), (0.070, 0.24, 0.11))
    tip = join(sphere(h, (0, -0.215, -0.855), 0.088), sphere(m, (0.085, -0.24, -0.775), 0.056), 0.06)
    head = join(head, join(bridge, tip, 0.10), 0.10)
    head = cut(head, sphere(m, (0.045, -0.305, -0.855), 0.018), 0.03)
    lid = ellipsoid(m, (0.29, 0.05, -0.655), (0.172, 0.118, 0.13))
    slit = ellipsoid(m, (0.29, 0.030, -0.80), (0.150, 0.078, 0.20))
    head = join(head, cut(lid, slit, 0.02), 0.05)
    ear = cut(
        ellipsoid(m, (0.77, -0.02, 0.10), (0.09, 0.21, 0.14)), ellipsoid(m, (0.86, 0.0, 0.05), (0.06, 0.13, 0.08)), 0.04
    )
    head = join(head, ear, 0.05)
    q = p - np.array([0, -1.15, 0.16], np.float32)
    neck = np.maximum(np.hypot(q[:, 0], q[:, 2] - 0.1 * q[:, 1]) - 0.32 - 0.05 * q[:, 1] ** 2, np.abs(q[:, 1]) - 0.8)
    return join(head, neck, 0.20)


def hair(h: Array) -> Array:
    """Distance to the hair, parted at the side, and its knot."""
    cap = ellipsoid(h, (0, 0.34, 0.15), (0.86, 0.88, 0.90))
    face = ellipsoid(h, (0.06, -0.22, -0.80), (0.66, 0.80, 0.72))
    below = h[:, 1] + 0.16 - 0.25 * h[:, 2]
    strands = 0.012 * np.sin(46 * np.arctan2(h[:, 1] - 0.2, h[:, 2] - 0.1) + 7 * h[:, 0]) + 0.010 * noise(
        h[:, 0] * 3, h[:, 1] + h[:, 2], 2, 1
    )
    swept = cut(np.maximum(cap, -below), face, 0.10)
    knot = ellipsoid(h, (0.0, 1.18, 0.46), (0.36, 0.32, 0.36))
    turns = 0.022 * np.sin(20 * h[:, 1] + 9 * np.arctan2(h[:, 2] - 0.46, h[:, 0]))
    return join(swept + strands, knot + turns, 0.10) * 0.8


def wool(p: Array) -> Array:
    """Distance to shoulders and collar, knitted."""
    m = mirrored(p)
    body = join(
        ellipsoid(m, (0.62, -2.35, 0.25), (0.86, 0.66, 0.56)), ellipsoid(p, (0, -2.4, 0.2), (1.0, 1.02, 0.66)), 0.5
    )
    q = p - np.array([0, -1.44, 0.18], np.float32)
    ring = np.hypot(np.hypot(q[:, 0], q[:, 2]) - 0.43, q[:, 1] * 0.72) - 0.155
    rib = 0.012 * np.sin(np.arctan2(q[:, 2], q[:, 0]) * 64)
    knit = 0.008 * np.sin(p[:, 1] * 62 + np.abs(np.mod(p[:, 0] * 11, 1) - 0.5) * 6)
    return join(body + knit, ring + rib, 0.10) * 0.8


def parts(p: Array) -> list[Array]:
    """Distances in the order of the materials."""
    h = turned(p)
    m = mirrored(h)
    lips = join(
        ellipsoid(m, (0.080, -0.487, -0.690), (0.130, 0.030, 0.075)),
        ellipsoid(h, (0, -0.540, -0.690), (0.150, 0.042, 0.075)),
        0.03,
    )
    arch = m - np.array([0.0, 0.0, 0.0], np.float32)
    arch[:, 1] = arch[:, 1] + 0.9 * (arch[:, 0] - 0.30) ** 2
    brow = ellipsoid(arch, (0.31, 0.275, -0.70), (0.185, 0.030, 0.075))
    ear_ring = np.hypot(np.hypot(m[:, 1] + 0.33, m[:, 2] - 0.08) - 0.085, m[:, 0] - 0.79) - 0.014
    return [skin(p, h), hair(h), wool(p), sphere(m, (0.29, 0.040, -0.625), 0.142), lips, brow, ear_ring]


def scene(p: Array) -> Array:
    """Distance to the nearest surface."""
    return (np.minimum.reduce(parts(p)) * 0.85).astype(np.float32)


def eyes(p: Array) -> Array:
    """White, iris and pupil, looking at the camera."""
    h = turned(p)
    middle = np.stack([np.sign(h[:, 0]) * 0.29, np.full(len(h), 0.045), np.full(len(h), -0.625)], 1)
    look = unit(np.array([0.20, 0.0, -1.0], np.float32))
    off = np.arccos(np.clip(unit(h - middle) @ look, -1, 1))
    colour = np.where(
        (off < 0.52)[:, None], np.array([0.16, 0.085, 0.035], np.float32) * (0.6 + 1.6 * off[:, None]), np.float32(0.74)
    )
    return np.where(
        (off < 0.22)[:, None],
        np.float32(0.008),
        np.where((np.abs(off - 0.52) < 0.05)[:, None], np.float32(0.05), colour),
    )


def shade(p: Array, direction: Array) -> Array:
    """Light from surface points."""
    which = np.argmin(np.stack(parts(p)), 0)
    normal = normals(scene, p, 0.003)
    h = turned(p)
    m = mirrored(h)
    blush = np.exp(-((m[:, 0] - 0.40) ** 2 + (m[:, 1] + 0.22) ** 2) * 16) + 0.7 * np.exp(
        -(h[:, 0] ** 2 + (h[:, 1] + 0.25) ** 2) * 60
    )
    flesh = np.array([0.60, 0.355, 0.25], np.float32) + blush[:, None] * np.array([0.07, -0.035, -0.025], np.float32)
    flesh = flesh * (1 + 0.025 * noise(h[:, 0] * 3, h[:, 1] * 3, 1.5, 0))[:, None]
    dark = (
        np.array([0.075, 0.036, 0.022], np.float32)
        * (1 + 0.5 * np.sin(46 * np.arctan2(h[:, 1] - 0.2, h[:, 2] - 0.1) + 7 * h[:, 0]))[:, None]
    )
    knit = np.array([0.62, 0.40, 0.12], np.float32) * (1 + 0.10 * noise(p[:, 0], p[:, 1], 0.8, 0))[:, None]
    solid = [
        flesh,
        dark,
        knit,
        eyes(p),
        np.array([0.50, 0.16, 0.145], np.float32),
        np.array([0.06, 0.03, 0.02], np.float32),
        np.array([0.80, 0.58, 0.22], np.float32),
    ]
    colour = np.choose(which[:, None], [np.broadcast_to(each, p.shape) for each in solid])
    facing = normal @ KEY
    lit = 0.25 + 0.75 * shadow(scene, p + normal * 0.02, KEY, 4.5, 4.0, 44)
    soft = np.clip(facing * 0.8 + 0.2, 0, 1)[:, None] * lit[:, None]
    edge = (
        np.exp(-((facing - 0.02) ** 2) * 26)[:, None]
        * lit[:, None]
        * np.array([0.22, 0.05, 0.02], np.float32)
        * (which == SKIN)[:, None]
    )
    open_ = occlusion(scene, p, normal, 0.45)[:, None]
    fill = (0.5 + 0.5 * normal[:, 1])[:, None] * np.array([0.34, 0.42, 0.52], np.float32) * open_
    rim = np.clip(normal @ RIM, 0, 1)[:, None] ** 2 * np.array([0.55, 0.42, 0.32], np.float32) * open_
    half = unit(KEY - direction)
    gloss = (
        np.array([0.05, 0.25, 0.0, 1.6, 0.22, 0.0, 1.2], np.float32)[which]
        * np.clip((normal * half).sum(1), 0, 1) ** np.array([22, 34, 1, 240, 48, 1, 40], np.float32)[which]
    )
    return (
        colour * (soft * np.array([1.75, 1.58, 1.36], np.float32) + edge * 0.9 + fill * 0.9 + rim)
        + (gloss * lit)[:, None]
    )


def backdrop(direction: Array) -> Array:
    """A plain wall, lighter where the window's light falls."""
    x, y = direction[:, 0], direction[:, 1]
    glow = np.exp(-((x + 0.05) ** 2 + (y - 0.06) ** 2) * 5)
    wall = np.array([0.13, 0.19, 0.215], np.float32) + glow[:, None] * np.array([0.20, 0.26, 0.27], np.float32)
    return wall * (1 + 0.05 * noise(x * 3, y * 3, 2, 1))[:, None]


def render(width: int, height: int) -> Array:
    """The picture as display values [H, W, 3] in [0, 1], three samples a pixel."""
    total = np.zeros((height * width, 3), np.float32)
    jitters = ((0.17, 0.5), (0.5, 0.83), (0.83, 0.17))
    for jitter in jitters:
        origin, direction = rays(width, height, (-0.25, -0.15, -7.0), (0.0, -0.30, 0.0), 2.35, jitter)
        t, hit = march(scene, origin, direction, 14.0, 110)
        colour = backdrop(direction)
        colour[hit] = shade(origin[hit] + direction[hit] * t[hit, None], direction[hit])
        total += colour
    picture = (total / len(jitters)).reshape(height, width, 3)
    bloom = ndimage.gaussian_filter(np.clip(picture - 0.9, 0, 3), (6, 6, 0))
    return developed(picture + 0.1 * bloom, 0.62)
