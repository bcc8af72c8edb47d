"""A house by a road at dusk: lit windows, wet asphalt, poplars, hills and the first stars.

Source: sphere-traced boxes, slabs and noisy spheres; one mirror bounce on the wet road.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .raymarch import Array, Noise, box, developed, march, normals, occlusion, rays, sphere, unit

noise = Noise(37)
AFTERGLOW = unit(np.array([0.75, 0.16, 0.85], np.float32))
WINDOWS = ((-2.62, 0.78), (-1.55, 0.78), (-0.48, 0.78), (-2.62, 1.92), (-1.55, 1.92), (-0.48, 1.92))
POPLARS = ((-4.6, 5.6, 3.9), (-5.9, 7.5, 4.6), (4.3, 9.0, 4.3), (5.9, 12.0, 5.4), (3.4, 13.0, 4.4), (-7.8, 10.0, 5.2))


def ground(p: Array) -> Array:
    """Distance (upwards) to the land: flat by the road, hills far off, a low verge."""
    x, z = p[:, 0], p[:, 2]
    road = np.abs(x - road_centre(z))
    verge = 0.10 * np.clip((road - 1.25) / 0.5, 0, 1) + 0.035 * noise(x, z, 2.0, 1) * np.clip((road - 1.35) * 2, 0, 1)
    hills = np.clip((z - 16) / 26, 0, 1) ** 1.4 * (2.6 + 2.6 * noise(x, z, 60, 2))
    return (p[:, 1] - verge - hills) * 0.72


def road_centre(z: Array) -> Array:
    """x of the road's middle line: it bends behind the house."""
    return 1.55 + 0.012 * (z - 2) ** 2 * (z > 2) - 0.06 * (z - 2)


def house(p: Array) -> Array:
    """Distance to walls, with a wing."""
    return np.minimum(box(p, (-1.55, 1.3, 5.2), (1.75, 1.3, 1.5)), box(p, (-3.55, 0.85, 5.5), (0.8, 0.85, 1.1)))


def roof(p: Array) -> Array:
    """Distance to the tiled gable roofs and the chimney."""
    q = p - np.array([-1.55, 2.6, 5.2], np.float32)
    slope = np.maximum(np.abs(q[:, 2]) * 0.62 + q[:, 1] * 0.78 - 1.10, -q[:, 1] - 0.02)
    main = np.maximum(slope, np.abs(q[:, 0]) - 2.0)
    w = p - np.array([-3.55, 1.7, 5.5], np.float32)
    wing = np.maximum(
        np.maximum(np.abs(w[:, 2]) * 0.62 + w[:, 1] * 0.78 - 0.80, -w[:, 1] - 0.02), np.abs(w[:, 0]) - 0.95
    )
    return np.minimum(np.minimum(main, wing), box(p, (-0.55, 4.05, 5.35), (0.20, 0.65, 0.20)))


def foliage(p: Array, period: float, rough: int) -> Array:
    """Noise in space from three planes."""
    x, y, z = p.T
    return noise(x, y, period, rough) + noise(z + 3.3, y, period, rough) + noise(x, z + 1.7, period, rough)


def leaves(p: Array) -> Array:
    """Distance to the poplars, a round tree and hedges (noisy)."""
    rough = 0.055 * foliage(p, 1.9, 1)
    nearest = np.full(len(p), 99.0, np.float32)
    for cx, cz, tall in POPLARS:
        q = (p - np.array([cx, tall * 0.52, cz], np.float32)) / np.array([0.62, tall * 0.5, 0.62], np.float32)
        nearest = np.minimum(nearest, (np.linalg.norm(q, axis=1) - 1) * 0.55)
    nearest = np.minimum(nearest, sphere(p, (-5.1, 1.75, 3.6), 1.05))
    nearest = np.minimum(nearest, sphere(p, (-4.5, 2.25, 3.9), 0.75))
    for cx, cz, r in (
        (-3.3, 3.6, 0.42),
        (-2.1, 3.55, 0.36),
        (-0.95, 3.6, 0.40),
        (3.1, 4.6, 0.55),
        (3.9, 5.6, 0.7),
        (3.4, 3.2, 0.45),
    ):
        nearest = np.minimum(nearest, sphere(p, (cx, 0.3, cz), r))
    return (nearest - rough) * 0.62


def posts(p: Array) -> Array:
    """Distance to the street lamp, the fence along the road and tree trunks."""
    lamp = np.maximum(np.hypot(p[:, 0] - 0.15, p[:, 2] - 3.1) - 0.035, np.abs(p[:, 1] - 1.4) - 1.4)
    lamp = np.minimum(lamp, box(p, (0.38, 2.80, 3.1), (0.26, 0.025, 0.03)))
    z = p[:, 2] - np.clip(np.round(p[:, 2] / 0.62), 2, 18) * 0.62
    fence = np.maximum(
        np.maximum(np.abs(p[:, 0] - 3.05 - 0.02 * p[:, 2] ** 1.0) - 0.035, np.abs(z) - 0.035),
        np.abs(p[:, 1] - 0.30) - 0.36,
    )
    rails = np.maximum(
        np.maximum(
            np.abs(p[:, 0] - 3.05 - 0.02 * p[:, 2]) - 0.018,
            np.minimum(np.abs(p[:, 1] - 0.30), np.abs(p[:, 1] - 0.53)) - 0.026,
        ),
        np.abs(p[:, 2] - 6.2) - 5.0,
    )
    trunk = np.maximum(np.hypot(p[:, 0] + 4.95, p[:, 2] - 3.7) - 0.11, np.abs(p[:, 1] - 0.6) - 0.7)
    return np.minimum.reduce([lamp, fence, rails, trunk])


def bulb(p: Array) -> Array:
    """Distance to the lamp's glass."""
    return sphere(p, (0.58, 2.72, 3.1), 0.085)


def parts(p: Array) -> list[Array]:
    """Distances to ground, walls, roofs, leaves, posts and the lamp."""
    return [ground(p), house(p), roof(p), leaves(p), posts(p), bulb(p)]


def scene(p: Array) -> Array:
    """Distance to the nearest surface."""
    return np.minimum.reduce(parts(p))


def sky(d: Array) -> Array:
    """Dusk: orange along the horizon where the sun went, teal, then night blue; cloud bands and stars."""
    up = np.clip(d[:, 1], 0, 1)
    glow = np.clip(0.5 + 0.5 * (d @ AFTERGLOW), 0, 1) ** 2.2
    low = np.array([1.55, 0.52, 0.16], np.float32) * glow[:, None] + np.array([0.22, 0.20, 0.34], np.float32)
    colour = (
        low * np.exp(-9 * up)[:, None]
        + np.array([0.20, 0.30, 0.44], np.float32) * np.exp(-3.2 * up)[:, None]
        + np.array([0.022, 0.042, 0.13], np.float32)
    )
    u, v = d[:, 0] / (up + 0.10), d[:, 2] / (up + 0.10)
    cloud = np.clip(noise(u * 0.7, v * 1.9 + 3, 11, 1) + 0.35 * noise(u, v * 2, 2.6, 0) - 0.25, 0, 1) * np.clip(
        up * 10, 0, 1
    )
    tint = np.array([1.0, 0.36, 0.24], np.float32) * (glow * np.exp(-3.5 * up))[:, None] * 1.5 + np.array(
        [0.06, 0.065, 0.12], np.float32
    )
    colour = colour + (tint - colour) * (0.75 * cloud)[:, None]
    star = np.clip(noise(u * 3, v * 3, 2.0, 0) - 3.3, 0, 1) * np.clip((up - 0.28) * 4, 0, 1) * (1 - cloud)
    return colour + star[:, None] * 1.2


def windows(p: Array, normal: Array) -> Array:
    """Warm light of the panes in the front wall (0 elsewhere)."""
    lit = np.zeros(len(p), np.float32)
    front = normal[:, 2] < -0.7
    for k, (cx, cy) in enumerate(WINDOWS):
        u, v = np.abs(p[:, 0] - cx) / 0.27, np.abs(p[:, 1] - cy) / 0.38
        pane = (u < 1) & (v < 1) & (u > 0.09) & (np.abs(v - 0.25) > 0.05) & front & (p[:, 0] > -3.3)
        curtain = 0.6 + 0.4 * np.cos(p[:, 0] * 40) * (u > 0.5)
        lit = np.where(pane, (1.0, 1.15, 0.9, 0.0, 0.85, 1.05)[k] * curtain + 0.06, lit)
    return lit


def lamps(p: Array, normal: Array) -> Array:
    """Warm light that lamp and windows throw on their surroundings."""
    to = np.array([0.58, 2.66, 3.1], np.float32) - p
    far = np.linalg.norm(to, axis=1)
    street = np.clip((to * normal).sum(1) / far, 0, 1) / (0.8 + far**2) * 2.6
    to = np.array([-1.5, 0.9, 2.9], np.float32) - p
    far = np.linalg.norm(to, axis=1)
    spill = np.clip((to * normal).sum(1) / far + 0.2, 0, 1) / (1.2 + far**2) * 1.0 * (p[:, 2] < 3.75)
    return (street + spill)[:, None] * np.array([1.0, 0.60, 0.24], np.float32)


def shade(p: Array, direction: Array, t: Array) -> tuple[Array, Array, Array]:
    """Light from surface points; also their normals and whether they are road."""
    which = np.argmin(np.stack(parts(p)), 0)
    normal = normals(scene, p, 0.004)
    x, y, z = p.T
    across = np.abs(x - road_centre(z))
    road = (which == 0) & (across < 1.27) & (z < 30)
    grass = (
        np.array([0.055, 0.085, 0.032], np.float32)
        * (1.2 + 0.45 * noise(x, z, 0.9, 0) + 0.4 * noise(x, z, 5, 1))[:, None]
    )
    asphalt = np.array([0.050, 0.052, 0.060], np.float32) * (1 + 0.22 * noise(x, z, 0.7, 0))[:, None]
    dash = (np.abs(x - road_centre(z)) < 0.045) & ((z * 0.55) % 1 < 0.55)
    asphalt = np.where((dash | (np.abs(across - 1.16) < 0.03))[:, None], 0.42, asphalt)
    wall = (
        np.array([0.46, 0.42, 0.37], np.float32)
        * (1 + 0.05 * noise(x, y, 1.2, 0) - 0.35 * np.exp(-np.clip(y, 0, None) * 3.5))[:, None]
    )
    frames = np.zeros(len(p), bool)
    for cx, cy in WINDOWS:
        frames |= (np.abs(x - cx) < 0.33) & (np.abs(y - cy) < 0.44) & (x > -3.3)
    wall = np.where((frames & (normal[:, 2] < -0.7))[:, None], np.array([0.55, 0.55, 0.52], np.float32), wall)
    door = (np.abs(x + 3.55) < 0.26) & (y < 1.15) & (normal[:, 2] < -0.7)
    wall = np.where(door[:, None], np.array([0.20, 0.045, 0.035], np.float32), wall)
    row = np.abs((y * 9) % 1 - 0.5)
    tile = np.array([0.23, 0.085, 0.055], np.float32) * (0.72 + 0.6 * row + 0.16 * noise(x * 2, y * 4, 0.8, 0))[:, None]
    leaf = np.array([0.040, 0.070, 0.028], np.float32) * (1.2 + 0.6 * foliage(p, 0.9, 0))[:, None]
    base = np.where(road[:, None], asphalt, grass)
    colour = np.choose(which[:, None], [base, wall, tile, leaf, np.full_like(p, 0.16), np.full_like(p, 1.0)])
    open_ = occlusion(scene, p, normal, 0.5)
    sky_light = (0.5 + 0.5 * normal[:, 1])[:, None] * np.array([0.24, 0.33, 0.52], np.float32) + np.clip(
        normal @ AFTERGLOW, 0, 1
    )[:, None] * np.array([1.0, 0.42, 0.18], np.float32) * 0.4
    light = colour * (sky_light * open_[:, None] * 1.5 + lamps(p, normal) * 1.6)
    light = light + windows(p, normal)[:, None] * (which == 1)[:, None] * np.array([1.7, 0.86, 0.25], np.float32)
    light = np.where((which == 5)[:, None], np.array([6.0, 3.9, 1.9], np.float32), light)
    air = 1 - np.exp(-0.012 * np.clip(t - 7, 0, None))
    haze = sky(unit(direction * np.array([1, 0, 1], np.float32) + np.array([0, 0.03, 0], np.float32)))
    return light + (haze * 0.8 - light) * air[:, None], normal, road


def seen(origin: Array, direction: Array, steps: int) -> tuple[Array, Array, Array, Array]:
    """Colour along rays, with hit points, normals and whether the ray met the road."""
    t, hit = march(scene, origin, direction, 70.0, steps)
    hit |= t < 70.0  # rays that graze the ground run out of steps, not of ground
    colour, normal, road = sky(direction), np.zeros_like(direction), np.zeros(len(t), bool)
    p = origin + direction * t[:, None]
    colour[hit], normal[hit], road[hit] = shade(p[hit], direction[hit], t[hit])
    return colour, p, normal, road


def render(width: int, height: int) -> Array:
    """The picture as display values [H, W, 3] in [0, 1], two samples a pixel."""
    total = np.zeros((height * width, 3), np.float32)
    for jitter in ((0.25, 0.75), (0.75, 0.25)):
        origin, direction = rays(width, height, (1.35, 1.30, -3.6), (-0.35, 1.62, 5.0), 1.30, jitter)
        colour, p, _, road = seen(origin, direction, 120)
        q, d = p[road], direction[road]
        puddle = np.clip(0.55 + 0.9 * noise(q[:, 0], q[:, 2], 5, 2), 0.12, 1)
        ripple = (0.02 + 0.05 * (1 - puddle))[:, None] * np.stack(
            [noise(q[:, 0], q[:, 2], 0.5, 0), np.zeros(len(q)), noise(q[:, 0] + 5, q[:, 2], 0.5, 0)], 1
        )
        normal = unit(np.array([0, 1, 0], np.float32) + ripple)
        mirror = unit(d - 2 * (d * normal).sum(1, keepdims=True) * normal)
        mirror[:, 1] = np.abs(mirror[:, 1]) + 0.004
        reflected = seen(q + np.array([0, 0.02, 0], np.float32), unit(mirror), 70)[0]
        fresnel = 0.04 + 0.80 * (1 - np.abs(d[:, 1])) ** 4
        colour[road] = colour[road] + reflected * (fresnel * puddle)[:, None]
        total += colour
    picture = (total / 2).reshape(height, width, 3)
    bright = np.clip(picture - 1.0, 0, 6)
    bloom = sum(ndimage.gaussian_filter(bright, (s, s, 0)) for s in (3, 12, 34))
    return developed(picture + 0.12 * bloom, 0.88)
