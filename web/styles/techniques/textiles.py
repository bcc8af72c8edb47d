"""Textiles: satin-stitch embroidery and a woven tapestry.

Source: stitches as short lit threads along a direction field of each shape; weft-faced weave as bumps of
weft over hidden warps, colours snapped to a few dyed yarns.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from .canvas import (
    SIZE,
    Array,
    Oil,
    Random,
    blend,
    curve,
    disc,
    flat,
    grain,
    grid,
    noise,
    polygon,
    ramp,
    relief,
    rgb,
    ribbon,
    sample,
    scatter,
    smoothstep,
    streamlines,
)


class Hoop:
    """Cloth with shapes waiting to be stitched: colour, stitch direction and coverage per pixel."""

    def __init__(self) -> None:
        self.colour = flat("#141a33")
        self.angle = np.zeros((SIZE, SIZE), np.float32)
        self.cover = np.zeros((SIZE, SIZE), np.float32)

    def add(self, mask: Array, colours: Array, angle: Array | float) -> None:
        """A shape on top of the earlier ones."""
        inside = mask > 0.5
        self.colour = blend(self.colour, colours, mask)
        self.angle = np.where(inside, angle, self.angle).astype(np.float32)
        self.cover = np.maximum(self.cover, mask)


def flower(
    hoop: Hoop, cx: float, cy: float, size: float, petals: int, palette: list[str], heart: list[str], spin: float = 0.0
) -> None:
    """A round flower of petals shaded from heart to rim, stitched outwards."""
    x, y = grid()
    for k in range(petals):
        turn = spin + 2 * np.pi * k / petals
        px, py = cx + 0.58 * size * np.cos(turn), cy + 0.58 * size * np.sin(turn)
        u = (x - px) * np.cos(turn) + (y - py) * np.sin(turn)
        v = -(x - px) * np.sin(turn) + (y - py) * np.cos(turn)
        notch = 0.10 * size * np.exp(-((v / (0.12 * size)) ** 2))
        mask = smoothstep(
            1.04, 0.98, np.hypot((u + notch * (u > 0)) / (0.46 * size), v / (0.40 * size * (1.9 / petals**0.36)))
        )
        along = ((np.hypot(x - cx, y - cy) / size) + (0.10 if k % 2 else 0)).clip(0, 1)
        hoop.add(mask, ramp(along, palette), np.arctan2(y - cy, x - cx))
    hoop.add(
        disc(cx, cy, size * 0.27),
        ramp((np.hypot(x - cx, y - cy) / (0.27 * size)).clip(0, 1), heart),
        np.arctan2(y - cy, x - cx) + np.pi / 2,
    )


def leaf(hoop: Hoop, root: tuple[float, float], tip: tuple[float, float], wide: float, palette: list[str]) -> None:
    """A leaf of slanting satin stitches either side of its rib."""
    x, y = grid()
    a, b = np.array(root), np.array(tip)
    d = (b - a) / np.linalg.norm(b - a)
    side = (x - a[0]) * -d[1] + (y - a[1]) * d[0]
    body = curve([a, (a + b) / 2 + np.array([-d[1], d[0]]) * wide * 0.3, b], 40)
    mask = polygon(ribbon(body, wide * np.sin(np.linspace(0.08, np.pi - 0.02, 40)) ** 0.85))
    colours = ramp((0.5 + side / wide).clip(0, 1), palette)
    hoop.add(mask, colours, np.arctan2(d[1], d[0]) + np.where(side > 0, 0.75, -0.75))


def stem(hoop: Hoop, knots: list[tuple[float, float]], colour: str, wide: float = 0.012) -> None:
    """A stem in stem stitch."""
    path = curve(knots, 80)
    x, y = grid()
    tree = cKDTree(path)
    tangent = np.gradient(path, axis=0)
    mask = polygon(ribbon(path, wide))
    angle = np.zeros((SIZE, SIZE), np.float32)
    inside = mask > 0
    _, near = tree.query(np.stack([x[inside], y[inside]], 1), workers=1)
    angle[inside] = np.arctan2(tangent[near, 1], tangent[near, 0]) + 0.35
    hoop.add(mask, flat(colour), angle)


def embroidery(rng: Random) -> Array:
    """Folk flowers and two birds in silk on midnight linen."""
    x, y = grid()
    hoop = Hoop()
    rose, sun = ["#7a0f2a", "#d92f4a", "#ff7f7a", "#ffd0c0"], ["#c2560f", "#f7a21f", "#ffe06a", "#fff4c0"]
    blue, white = ["#12306f", "#2f6fd0", "#7fc0f0", "#e0f4ff"], ["#c9a0a8", "#f4dcd8", "#fffaf0", "#ffffff"]
    green, teal = ["#0f4a2f", "#2f8a4a", "#a8d05a"], ["#0f4a5a", "#1f8a8a", "#8fe0c0"]
    for s in (-1, 1):

        def m(px: float, s: int = s) -> float:
            return 0.5 + s * px

        stem(hoop, [(0.5, 0.93), (m(0.10), 0.80), (m(0.24), 0.76), (m(0.33), 0.62)], "#3f8a3f")
        stem(hoop, [(0.5, 0.80), (m(0.08), 0.64), (m(0.22), 0.54), (m(0.24), 0.38)], "#3f8a3f")
        stem(hoop, [(m(0.24), 0.76), (m(0.36), 0.80), (m(0.40), 0.88)], "#3f8a3f")
        stem(hoop, [(m(0.23), 0.50), (m(0.35), 0.44), (m(0.40), 0.32)], "#3f8a3f")
        for (rx, ry), (tx, ty), wide, tone in (
            ((0.08, 0.83), (0.15, 0.93), 0.060, green),
            ((0.16, 0.775), (0.11, 0.69), 0.055, teal),
            ((0.06, 0.68), (0.17, 0.70), 0.052, green),
            ((0.12, 0.60), (0.05, 0.50), 0.055, teal),
            ((0.29, 0.70), (0.41, 0.70), 0.058, green),
            ((0.30, 0.78), (0.27, 0.90), 0.055, teal),
            ((0.235, 0.47), (0.14, 0.42), 0.05, green),
            ((0.36, 0.42), (0.44, 0.47), 0.045, teal),
            ((0.40, 0.34), (0.45, 0.24), 0.042, green),
        ):
            leaf(hoop, (m(rx), ry), (m(tx), ty), wide, tone)
        flower(hoop, m(0.34), 0.585, 0.105, 6, rose, sun, 0.3)
        flower(hoop, m(0.245), 0.325, 0.085, 5, blue, sun, 0.1)
        flower(hoop, m(0.405), 0.895, 0.065, 6, sun, rose, 0.2)
        flower(hoop, m(0.405), 0.285, 0.052, 5, white, sun, 0.5)
        bird(hoop, m, s, blue, sun)
    stem(hoop, [(0.5, 0.97), (0.505, 0.72), (0.495, 0.50)], "#2f7a3a", 0.016)
    flower(hoop, 0.5, 0.44, 0.135, 8, white, blue, 0.2)
    flower(hoop, 0.5, 0.44, 0.088, 8, rose, sun, 0.6)
    flower(hoop, 0.5, 0.775, 0.085, 6, sun, rose, 0.0)
    inset = 0.5 - np.maximum(np.abs(x - 0.5), np.abs(y - 0.5))
    along = np.where(np.abs(x - 0.5) > np.abs(y - 0.5), y, x)
    lozenge = np.abs((along * 16) % 1 - 0.5) * 0.052 + np.abs(inset - 0.036)
    upright = np.where(np.abs(x - 0.5) > np.abs(y - 0.5), 0.0, np.pi / 2)
    dyed = ramp((np.floor(along * 16) % 4) / 3, ["#d92f4a", "#f7a21f", "#f4f0e0", "#2f8a8a"])
    hoop.add(smoothstep(0.0215, 0.0205, lozenge), dyed, upright)
    hoop.add(smoothstep(0.0065, 0.0055, np.abs(inset - 0.012)), flat("#f7c04a"), upright + 0.6)
    return stitched(hoop, rng)


def bird(hoop: Hoop, m: Callable[[float], float], s: int, blue: list[str], sun: list[str]) -> None:
    """A small bird beside the middle, tail, wing and beak."""
    _, y = grid()
    body = curve(
        [
            (m(0.045), 0.185),
            (m(0.075), 0.155),
            (m(0.105), 0.175),
            (m(0.16), 0.215),
            (m(0.145), 0.255),
            (m(0.095), 0.265),
            (m(0.055), 0.235),
            (m(0.045), 0.185),
        ],
        60,
    )
    for spread in (0.0, 0.016, 0.032):
        leaf(hoop, (m(0.14), 0.225), (m(0.245 - spread), 0.175 + spread * 2.2), 0.026, sun)
    hoop.add(polygon(body), ramp(((y - 0.15) / 0.12).clip(0, 1), ["#e8453a", "#f7803f", "#ffd08a"]), 0.5 * s + 0.3)
    leaf(hoop, (m(0.085), 0.205), (m(0.165), 0.225), 0.045, blue)
    hoop.add(polygon([(m(0.05), 0.175), (m(0.018), 0.188), (m(0.048), 0.195)]), flat("#f7c93f"), 0.0)
    hoop.add(disc(m(0.068), 0.180, 0.007), flat("#0c0f1f"), 0.0)


def stitched(hoop: Hoop, rng: Random) -> Array:
    """Linen weave under silk threads, each a raised, shining stitch."""
    x, y = grid()
    slub = noise(rng, 60, 2, (2.5, 0.4)) + noise(rng, 60, 2, (0.4, 2.5))
    linen = 0.5 + 0.5 * np.sin(x * SIZE * 0.9 + slub) * np.sin(y * SIZE * 0.9 + slub)
    cloth = flat("#182040") * (0.55 + 0.55 * linen + 0.20 * (slub - 1))[..., None]
    shadow = ndimage.shift(ndimage.gaussian_filter(hoop.cover, 5), (5, 4), order=1)
    cloth = cloth * (1 - 0.6 * shadow * (1 - hoop.cover))[..., None]
    oil = Oil(cloth, rng)
    for spacing in (6.5, 6.0):
        starts = scatter(rng, spacing, (hoop.cover > 0.55) * 1.0)
        paths = streamlines(hoop.angle, starts, rng.uniform(20, 32, len(starts)), 5)
        kept = sample(hoop.cover, paths[:, 0]) * sample(hoop.cover, paths[:, -1]) > 0.2
        inks = sample(hoop.colour, starts)[kept] * rng.uniform(0.86, 1.10, (int(kept.sum()), 1))
        oil.strokes(paths[kept], 5.5, np.clip(inks, 0, 1), 0.10, 3, 0.0)
    picture = oil.varnished(2.3, 0.25)
    sheen = 0.5 + 0.5 * np.cos(2 * (hoop.angle - 0.9))
    picture = picture * (1 + hoop.cover * (0.38 * sheen - 0.12))[..., None]
    return grain(picture, rng, 0.014)


def tapestry_design() -> Array:
    """A tree of life with birds, a deer on either side, sun and border, in flat colours."""
    x, y = grid()
    mirrored = np.abs(x - 0.5)
    guide = ramp((y * 1.1).clip(0, 1), ["#16304a", "#1f4a5a", "#2f5f4a", "#3f4f2a"])
    guide = blend(guide, "#e2b04a", disc(0.5, 0.22, 0.12))
    rays = (np.cos(np.arctan2(y - 0.22, x - 0.5) * 20) > 0) * disc(0.5, 0.22, 0.165)
    guide = blend(guide, "#c9622f", rays * (1 - disc(0.5, 0.22, 0.125)))
    trunk = polygon(ribbon(curve([(0.5, 0.88), (0.5, 0.6), (0.5, 0.24)], 30), np.linspace(0.07, 0.02, 30)))
    guide = blend(guide, "#7a4a24", trunk)
    for k, (level, reach) in enumerate(((0.70, 0.27), (0.58, 0.31), (0.46, 0.27), (0.35, 0.18))):
        for s in (-1, 1):
            bough = curve([(0.5, level), (0.5 + s * reach * 0.55, level - 0.015), (0.5 + s * reach, level - 0.10)], 40)
            guide = blend(guide, "#7a4a24", polygon(ribbon(bough, 0.018)))
            for i in range(8, 40, 5):
                for side in (-1, 1):
                    cx, cy = bough[i] + np.array([0, side * 0.034])
                    petal = np.hypot((x - cx) / 0.021, (y - cy) / 0.030) < 1
                    guide = blend(
                        guide, ("#6f9a3f", "#a8b04a", "#c9622f", "#2f7a6a")[(i // 5 + k + (side > 0)) % 4], petal * 1.0
                    )
            cx, cy = bough[-1]
            for r, colour in ((0.046, "#b8322f"), (0.030, "#f0c86a"), (0.015, "#7a1f2a")):
                guide = blend(guide, colour, disc(cx, cy, r))
    deer = deer_mask(mirrored, y)
    guide = blend(guide, "#e8cf9a", deer)
    spots = deer * ((np.sin(mirrored * 190) * np.sin(y * 190)) > 0.55)
    guide = blend(guide, "#b8703a", spots)
    hills = (y > 0.865 + 0.012 * np.sin(x * 40)) * 1.0
    guide = blend(guide, "#2a4a2a", hills)
    for k in range(24):
        cx = 0.08 + 0.84 * ((k * 0.381) % 1)
        cy = 0.885 + 0.02 * (k % 3)
        guide = blend(guide, ("#e8cf9a", "#d95f3f", "#f0c86a", "#8fb0c0")[k % 4], disc(cx, cy, 0.010))
    return bordered(guide)


def deer_mask(mirrored: Array, y: Array) -> Array:
    """Two deer facing the tree (in the mirrored coordinate 0 at the middle)."""

    def blob(cx: float, cy: float, a: float, b: float) -> Array:
        return (np.hypot((mirrored - cx) / a, (y - cy) / b) < 1) * 1.0

    mask = np.maximum(blob(0.285, 0.765, 0.095, 0.043), blob(0.215, 0.755, 0.045, 0.042))
    neck = np.abs(mirrored - (0.205 - 0.34 * (0.755 - y))) < 0.024
    mask = np.maximum(mask, neck * (y > 0.655) * (y < 0.765))
    mask = np.maximum(mask, blob(0.158, 0.655, 0.038, 0.019))
    for foot in (0.205, 0.235, 0.335, 0.362):
        mask = np.maximum(mask, (np.abs(mirrored - foot) < 0.0095) * (y > 0.77) * (y < 0.875))
    for lean in (-0.35, 0.25, 0.8):
        horn = np.abs(mirrored - (0.185 + lean * (0.645 - y))) < 0.006
        mask = np.maximum(mask, horn * (y < 0.645) * (y > 0.565))
    return mask


def bordered(guide: Array) -> Array:
    """A border of stepped diamonds between plain stripes."""
    x, y = grid()
    inset = 0.5 - np.maximum(np.abs(x - 0.5), np.abs(y - 0.5))
    along = np.where(np.abs(x - 0.5) > np.abs(y - 0.5), y, x)
    lozenge = np.abs(((along * 15) % 1) - 0.5) * 2 * 0.026 + np.abs(inset - 0.034)
    band = np.where((lozenge < 0.024)[..., None], rgb("#e8cf9a"), rgb("#7a1f2a"))
    band = np.where((lozenge < 0.012)[..., None], rgb("#1f4a5a"), band)
    guide = np.where((inset < 0.068)[..., None], rgb("#e2b04a"), guide)
    guide = np.where((inset < 0.060)[..., None], band, guide)
    return np.where((inset < 0.008)[..., None], rgb("#16304a"), guide).astype(np.float32)


def tapestry(rng: Random) -> Array:
    """The tree of life woven in wool."""
    x, y = grid()
    rows, columns = 172, 104
    sway = 0.0028 * (noise(rng, 5, 2) - 0.5)
    row = np.floor((y + sway) * rows)
    column = np.floor((x + 0.0022 * (noise(rng, 4, 2) - 0.5)) * columns + 0.5 * (row % 2))
    at = np.stack([(column + 0.5 - 0.5 * (row % 2)) / columns, (row + 0.5) / rows], -1) * SIZE
    guide = tapestry_design()
    yarns = rgb(
        [
            "#16304a",
            "#1f4a5a",
            "#2f5f4a",
            "#3f4f2a",
            "#e2b04a",
            "#c9622f",
            "#7a4a24",
            "#6f9a3f",
            "#a8b04a",
            "#2f7a6a",
            "#b8322f",
            "#f0c86a",
            "#7a1f2a",
            "#e8cf9a",
            "#b8703a",
            "#2a4a2a",
            "#8fb0c0",
            "#d95f3f",
        ]
    )
    _, dyed = cKDTree(yarns).query(sample(guide, at), workers=1)
    lot = 1 + 0.13 * (noise(rng, 5, 1, (0.3, 14)) - 0.5) + 0.10 * (sample(noise(rng, 300, 1), at) - 0.5)
    u = (x * columns + 0.5 * (row % 2)) % 1 - 0.5
    v = ((y + sway) * rows) % 1 - 0.5
    bump = np.sqrt((1 - (v * 1.95) ** 2).clip(0)) * (0.62 + 0.38 * np.cos(u * 2 * np.pi))
    twist = 0.5 + 0.5 * np.sin(x * SIZE * 0.55 + v * 4.5)
    wool = yarns[dyed] * (lot * (0.50 + 0.55 * bump) * (0.90 + 0.16 * twist))[..., None]
    fuzz = noise(rng, 230, 2)
    return grain(relief(wool, bump * 4 + fuzz, 0.16), rng, 0.03)
