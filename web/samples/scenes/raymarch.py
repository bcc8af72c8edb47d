"""A small ray marcher in numpy for the sample photos: distance fields, soft shadows, ambient occlusion.

Source: sphere tracing (Hart 1996); soft shadows and occlusion from distance fields (Quilez). Points and
directions are float32 [N, 3], x right, y up, z away from the camera; colours are linear RGB.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

Array = np.ndarray
Distance = Callable[[Array], Array]


def unit(v: Array) -> Array:
    """Vectors scaled to length 1."""
    return (v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9)).astype(np.float32)


def rays(
    width: int, height: int, eye: tuple[float, ...], target: tuple[float, ...], zoom: float, jitter: tuple[float, float]
) -> tuple[Array, Array]:
    """Origins and directions [H*W, 3] of a pinhole camera; `zoom` is focal length over half the width."""
    forward = unit(np.array(target, np.float32) - np.array(eye, np.float32))
    right = unit(np.cross(np.array([0, 1, 0], np.float32), forward))
    up = np.cross(forward, right)
    u = (np.arange(width) + jitter[0] - width / 2) / (width / 2)
    v = -(np.arange(height) + jitter[1] - height / 2) / (width / 2)
    u, v = np.meshgrid(u.astype(np.float32), v.astype(np.float32))
    directions = unit(u[..., None] * right + v[..., None] * up + zoom * forward).reshape(-1, 3)
    return np.broadcast_to(np.array(eye, np.float32), directions.shape), directions


def march(distance: Distance, origin: Array, direction: Array, far: float, steps: int = 90) -> tuple[Array, Array]:
    """Distance along each ray to the surface, and whether it was hit before `far`."""
    t = np.full(len(origin), 0.02, np.float32)
    alive = np.arange(len(origin))
    hit = np.zeros(len(origin), bool)
    for _ in range(steps):
        gap = distance(origin[alive] + direction[alive] * t[alive, None])
        t[alive] += gap * 0.9
        close = gap < 0.0006 * t[alive] + 0.0004
        hit[alive[close]] = True
        alive = alive[~close & (t[alive] < far)]
        if not len(alive):
            break
    return t, hit


def normals(distance: Distance, points: Array, step: float = 0.002) -> Array:
    """Surface normals from four samples of the field (tetrahedron)."""
    total = np.zeros_like(points)
    for k in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        offset = np.array(k, np.float32)
        total += offset * distance(points + offset * step)[:, None]
    return unit(total)


def shadow(distance: Distance, points: Array, light: Array, softness: float, far: float, steps: int = 28) -> Array:
    """1 where the light arrives, 0 in shadow, a penumbra between."""
    t = np.full(len(points), 0.03, np.float32)
    lit = np.ones(len(points), np.float32)
    for _ in range(steps):
        gap = distance(points + light * t[:, None])
        lit = np.minimum(lit, softness * gap / t)
        t += np.clip(gap, 0.02, far / 12)
    return np.clip(lit, 0, 1)


def occlusion(distance: Distance, points: Array, normal: Array, reach: float) -> Array:
    """Ambient occlusion: 1 in the open, less in corners."""
    total = np.zeros(len(points), np.float32)
    for k in range(1, 6):
        away = reach * k / 5
        total += (away - distance(points + normal * away)) / 2**k
    return np.clip(1 - 2.2 * total / reach, 0, 1)


def box(p: Array, centre: tuple[float, ...], half: tuple[float, ...], rounding: float = 0.0) -> Array:
    """Distance to a box."""
    q = np.abs(p - np.array(centre, np.float32)) - (np.array(half, np.float32) - rounding)
    return np.linalg.norm(np.maximum(q, 0), axis=1) + np.minimum(q.max(1), 0) - rounding


def sphere(p: Array, centre: tuple[float, ...], radius: float) -> Array:
    """Distance to a ball."""
    return np.linalg.norm(p - np.array(centre, np.float32), axis=1) - radius


class Noise:
    """Tileable fractal noise on a table, read at any (x, z)."""

    def __init__(self, seed: int, size: int = 512) -> None:
        rng = np.random.default_rng(seed)
        spectrum = np.fft.fft2(rng.standard_normal((size, size)))
        frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(size) * size, np.fft.fftfreq(size) * size))
        self.size = size
        self.tables = []
        for slope in (1.0, 1.55, 2.1):
            field = np.fft.ifft2(spectrum / np.maximum(frequency, 1.5) ** slope).real
            self.tables.append(((field - field.mean()) / field.std()).astype(np.float32))

    def __call__(self, x: Array, z: Array, period: float, rough: int = 1) -> Array:
        """Value about 0 +- 1 at points; `period` is the tile's side, `rough` 0 (grain) to 2 (smooth)."""
        at = np.stack([z, x]) * (self.size / period)
        return ndimage.map_coordinates(self.tables[rough], at, order=1, mode="grid-wrap")


def developed(linear: Array, exposure: float) -> Array:
    """Linear light to display values in [0, 1] by a filmic curve (Hable-like rational approximation)."""
    v = np.maximum(linear * exposure, 0)
    mapped = v * (2.51 * v + 0.03) / (v * (2.43 * v + 0.59) + 0.14)
    return np.clip(mapped, 0, 1) ** (1 / 2.2)
