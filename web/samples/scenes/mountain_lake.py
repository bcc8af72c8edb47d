"""A mountain lake on a clear morning: ray-marched terrain with snow, rock and meadow, mirrored in water.

Source: ridged fractal terrain (Musgrave 1993), aerial perspective, Fresnel reflection (Schlick 1994).
"""

from __future__ import annotations

import numpy as np

from .raymarch import Array, Noise, developed, rays, unit

SUN = unit(np.array([-0.62, 0.42, -0.30], np.float32))
LEVEL = 0.0
noise = Noise(11)
forest = Noise(5)


def terrain(x: Array, z: Array, fine: bool = True) -> Array:
    """Height of the ground at points: a valley with the lake, ridges rising behind and beside it."""
    valley = np.clip((z - 9) / 16, 0, 1) ** 1.3 + 0.55 * np.clip((np.abs(x + 0.10 * z) - 3.4) / 9, 0, 1) ** 1.2
    ridges = 1 - np.abs(noise(x + 3.1, z, 38, 2)) * 0.9
    height = (
        -0.55
        + valley * (2.4 + 3.4 * ridges)
        + 0.28 * noise(x, z, 16, 2) * (0.25 + valley)
        + 0.16 * noise(x, z, 16, 1) * valley
    )
    peak = 4.2 * np.exp(-(((x - 2.2) / 4.0) ** 2 + ((z - 25) / 5.0) ** 2))
    height = height + peak * (0.75 + 0.35 * ridges)
    if fine:
        height = height + 0.035 * noise(x, z, 4.1, 1) * np.clip(height + 0.4, 0.1, 1.5)
    return height


def trees(x: Array, z: Array, ground: Array) -> Array:
    """Extra height where conifers stand: pointed crowns on gentle low slopes."""
    near = np.clip((3.1 - ground) / 1.2, 0, 1) * np.clip((ground - 0.12) / 0.15, 0, 1)
    cell = 0.23
    cx, cz = np.floor(x / cell), np.floor(z / cell)
    rx = np.abs(np.sin(cx * 127.1 + cz * 311.7) * 43758.5453) % 1
    rz = np.abs(np.sin(cx * 269.5 + cz * 183.3) * 43758.5453) % 1
    px, pz = (cx + 0.3 + 0.4 * rx) * cell, (cz + 0.3 + 0.4 * rz) * cell
    away = np.hypot(x - px, z - pz)
    grove = np.clip(forest(px, pz, 9, 2) * 1.8 + 0.75, 0, 1) * (rx * 0.7 + 0.5)
    return near * grove * np.clip(0.36 * (1 - away / 0.115), 0, None)


def sky(d: Array) -> Array:
    """Light of the sky in a direction, with thin clouds."""
    up = np.clip(d[:, 1], 0.01, 1)
    blue = (
        np.array([0.16, 0.36, 0.78], np.float32) * (1 - 0.35 * up[:, None])
        + np.array([0.62, 0.66, 0.66], np.float32) * np.exp(-6 * up)[:, None]
    )
    sun = np.clip(d @ SUN, 0, 1)
    blue = blue + np.array([1.0, 0.8, 0.5], np.float32) * (0.25 * sun**8 + 0.5 * sun**60)[:, None]
    u, v = d[:, 0] / (up + 0.12), d[:, 2] / (up + 0.12)
    cloud = np.clip(0.85 * noise(u + 1.7, v * 1.6, 9, 1) + 0.3 * noise(u, v, 2.4, 0) - 0.02, 0, 1.2) * np.clip(
        (up - 0.02) * 9, 0, 1
    )
    white = np.array([1.15, 1.08, 1.0], np.float32) * (1.05 - 0.35 * np.clip(cloud - 0.5, 0, 1))[:, None]
    return blue + (white - blue) * np.clip(cloud, 0, 0.92)[:, None]


def hit(origin: Array, direction: Array, far: float, steps: int) -> Array:
    """Distance along each ray to the terrain (`far` where it leaves)."""
    t = np.full(len(origin), 0.4, np.float32)
    last, alive = t.copy(), np.arange(len(origin))
    for _ in range(steps):
        p = origin[alive] + direction[alive] * t[alive, None]
        ground = terrain(p[:, 0], p[:, 2])
        above = p[:, 1] - ground - trees(p[:, 0], p[:, 2], ground)
        under = above < 0.0012 * t[alive]
        moving = alive[~under & (t[alive] < far)]
        last[moving] = t[moving]
        t[moving] += np.clip(0.38 * above[~under & (t[alive] < far)], 0.006 * t[moving], 3.0)
        alive = moving
        if not len(alive):
            break
    t[alive] = far
    return np.where(t < far, (t + last) / 2, far)


def ground_light(p: Array, t: Array, d: Array) -> Array:
    """Colour of the terrain at points, lit by sun and sky and veiled by air."""
    x, z = p[:, 0], p[:, 2]
    e = np.maximum(0.004 * t, 0.01)

    def height(px: Array, pz: Array) -> Array:
        ground = terrain(px, pz)
        return ground + trees(px, pz, ground)

    h = height(x, z)
    normal = unit(np.stack([height(x - e, z) - height(x + e, z), 2 * e, height(x, z - e) - height(x, z + e)], 1))
    bare = terrain(x, z)
    wooded = np.clip((h - bare) * 14, 0, 1)
    rock = np.array([0.155, 0.135, 0.125], np.float32) * (1 + 0.35 * noise(x, p[:, 1] * 3 + z, 2.3, 0))[:, None]
    grass = (
        np.array([0.17, 0.21, 0.055], np.float32)
        + np.array([0.10, 0.05, 0.0], np.float32) * np.clip(noise(x, z, 5, 1), -1, 1)[:, None]
    )
    colour = rock + (grass - rock) * np.clip((normal[:, 1] - 0.55) * 4 - np.clip(bare - 2.6, 0, 1) * 2, 0, 1)[:, None]
    snow = np.clip((bare - 4.4 + 0.7 * noise(x, z, 9, 1)) * 1.2, 0, 1) * np.clip((normal[:, 1] - 0.42) * 5, 0, 1)
    colour = colour + (np.array([0.92, 0.94, 0.98], np.float32) - colour) * snow[:, None]
    shore = np.clip(1 - np.abs(bare - 0.03) / 0.09, 0, 1)
    colour = colour + (np.array([0.27, 0.23, 0.18], np.float32) - colour) * (0.8 * shore * (1 - wooded))[:, None]
    pine = (
        np.array([0.035, 0.075, 0.03], np.float32)
        * (0.7 + 1.2 * np.clip((h - bare) * 3, 0, 1) + 0.3 * forest(x, z, 1.7, 0))[:, None]
    )
    colour = colour + (pine - colour) * wooded[:, None]
    lit = np.clip(normal @ SUN, 0, 1)
    reach = np.full(len(p), 0.05, np.float32)
    clear = np.ones(len(p), np.float32)
    for _ in range(22):
        q = p + SUN * reach[:, None]
        above = q[:, 1] - terrain(q[:, 0], q[:, 2], False)
        clear = np.minimum(clear, 0.5 + 9 * above / reach)
        reach *= 1.28
    sun = (lit * np.clip(clear, 0, 1))[:, None] * np.array([3.3, 2.75, 2.1], np.float32)
    ambient = (0.5 + 0.5 * normal[:, 1])[:, None] * np.array([0.34, 0.48, 0.72], np.float32)
    light = colour * (sun + ambient)
    air = 1 - np.exp(-0.011 * np.clip(t - 5, 0, None))
    return light + (np.array([0.50, 0.62, 0.80], np.float32) - light) * air[:, None]


def seen(origin: Array, direction: Array, far: float, steps: int) -> tuple[Array, Array]:
    """Colour along rays (sky or terrain), and their distance."""
    t = hit(origin, direction, far, steps)
    colour = sky(direction)
    ground = t < far * 0.999
    colour[ground] = ground_light(origin[ground] + direction[ground] * t[ground, None], t[ground], direction[ground])
    return colour, t


def render(width: int, height: int) -> Array:
    """The picture as display values [H, W, 3] in [0, 1]."""
    origin, direction = rays(width, height, (0.0, 0.62, 0.0), (0.35, 1.15, 9.0), 1.45, (0.5, 0.5))
    colour, t = seen(origin, direction, 70.0, 230)
    to_water = np.where(direction[:, 1] < -1e-4, (LEVEL - origin[:, 1]) / np.minimum(direction[:, 1], -1e-4), 1e9)
    wet = to_water < t
    p = origin[wet] + direction[wet] * to_water[wet, None]
    small = np.clip(1 / (0.25 * to_water[wet] + 0.6), 0, 1)
    normal = unit(
        np.stack(
            [
                0.006 * small * noise(p[:, 0] * 0.6, p[:, 2] * 1.6, 2.6, 2),
                np.ones(len(p)),
                0.012 * small * noise(p[:, 0] * 0.6 + 9, p[:, 2] * 1.8, 2.2, 2),
            ],
            1,
        )
    )
    d = direction[wet]
    mirror = unit(d - 2 * (d * normal).sum(1, keepdims=True) * normal)
    mirror[:, 1] = np.abs(mirror[:, 1]) + 1e-3
    reflected, _ = seen(p, unit(mirror), 70.0, 120)
    fresnel = 0.03 + 0.97 * (1 - np.clip(-(d * normal).sum(1), 0, 1)) ** 4
    depth = np.clip(-terrain(p[:, 0], p[:, 2]), 0, 0.6)
    bottom = np.array([0.21, 0.24, 0.16], np.float32) * (1 + 0.4 * noise(p[:, 0], p[:, 2], 0.9, 0))[:, None]
    body = bottom * np.exp(-depth[:, None] * np.array([7.0, 3.6, 3.0], np.float32)) + np.array(
        [0.012, 0.075, 0.085], np.float32
    )
    colour[wet] = (
        body * (1 - fresnel)[:, None] + reflected * np.array([0.86, 0.93, 0.95], np.float32) * fresnel[:, None]
    )
    return developed(colour, 0.62).reshape(height, width, 3)
