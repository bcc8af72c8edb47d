"""A street of tall old houses in one-point perspective, by day and by night: shops, lamps, trees, parked cars.

Source: sphere-traced rows of houses, each lot with a height, a colour and a grid of windows of its own; one mirror
bounce on window panes and on the wet road at night.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from .raymarch import Array, Noise, box, developed, march, normals, occlusion, rays, shadow, unit

HALF_ROAD, FACADE, CURB = 3.1, 5.3, 0.14  # metres from the middle; the pavement's height
STOREY, SHOP = 3.1, 3.7  # metres, of the upper floors and of the ground floor
FAR = 150.0
PLASTER = (
    (0.74, 0.60, 0.38), (0.62, 0.30, 0.22), (0.80, 0.75, 0.66), (0.50, 0.58, 0.58),
    (0.78, 0.54, 0.42), (0.66, 0.66, 0.58), (0.44, 0.50, 0.62), (0.82, 0.70, 0.48),
)  # fmt: skip
AWNINGS = ((0.42, 0.06, 0.06), (0.05, 0.20, 0.14), (0.60, 0.42, 0.10), (0.07, 0.12, 0.30))
GROUND, HOUSE, LEAF, IRON, PAINT, TYRE, BULB, CLOTH = range(8)

noise = Noise(91)


@dataclass(frozen=True)
class Street:
    """What makes one street: its houses' seed, its light, the camera, cars as (x, z, colour)."""

    seed: int
    night: bool
    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    cars: tuple[tuple[float, float, tuple[float, float, float]], ...]
    trees: tuple[tuple[float, float], ...]


DAY = Street(
    4, False, (-0.9, 1.75, -9.0), (0.35, 3.05, 12.0),
    ((2.15, 3.5, (0.50, 0.07, 0.05)), (2.15, 9.6, (0.62, 0.64, 0.66)), (-2.15, 14.0, (0.09, 0.20, 0.36))),
    ((4.1, 6.8), (4.1, 17.5), (-4.1, 20.0), (4.1, 29.0)),
)  # fmt: skip
NIGHT = Street(
    11, True, (1.0, 1.6, -9.0), (-0.5, 2.75, 12.0),
    ((-2.15, 2.2, (0.10, 0.16, 0.30)), (-2.15, 8.4, (0.42, 0.43, 0.45)), (2.15, 12.5, (0.36, 0.05, 0.05))),
    ((-4.1, 13.5), (4.1, 22.0), (-4.1, 31.0)),
)  # fmt: skip
SUN = unit(np.array([0.30, 0.66, -0.62], np.float32))
LAMPS = tuple((side * 3.45, z) for z in (1.0, 13.0, 25.0, 37.0, 49.0) for side in (-1, 1))
LAMP_HEIGHT = 4.3


def hashed(*numbers: Array) -> Array:
    """A number in [0, 1) that looks random for whole numbers."""
    total = sum(number * factor for number, factor in zip(numbers, (127.1, 311.7, 74.7, 269.5), strict=False))
    return np.modf(np.abs(np.sin(total) * 43758.547))[0]


class Scene:
    """One street's distances and light."""

    def __init__(self, street: Street) -> None:
        self.street = street
        rng = np.random.default_rng(street.seed)
        self.borders = np.concatenate([[-40.0, -30.0], -22 + np.cumsum(rng.uniform(5.4, 8.6, 24))]).astype(np.float32)
        lots = len(self.borders) + 1
        self.floors = rng.integers(2, 5, (2, lots))
        self.heights = (SHOP + STOREY * self.floors - 0.2).astype(np.float32)
        self.colours = rng.permuted(np.tile(np.arange(len(PLASTER)), (2, 8)), axis=1)[:, :lots]
        self.awnings = rng.integers(-2, len(AWNINGS), (2, lots))

    def lot(self, p: Array) -> tuple[Array, Array]:
        """The side (0 left, 1 right) and number of the lot beside each point."""
        return (p[:, 0] > 0).astype(int), np.searchsorted(self.borders, p[:, 2])

    def along(self, p: Array, lot: Array) -> tuple[Array, Array]:
        """Metres from the lot's beginning, and the lot's length."""
        begin, end = self.borders[np.clip(lot - 1, 0, None)], self.borders[np.clip(lot, None, len(self.borders) - 1)]
        return p[:, 2] - begin, np.maximum(end - begin, 1)

    def window(self, p: Array) -> tuple[Array, Array, Array, Array]:
        """Offsets from the middle of the nearest window, along and up, and its half sizes."""
        side, lot = self.lot(p)
        u, length = self.along(p, lot)
        shop = p[:, 1] < SHOP
        count = np.where(shop, np.maximum(np.round(length / 3.4), 1), np.maximum(np.round(length / 1.75), 2))
        pitch = (length - 0.5) / count
        du = np.mod(u - 0.25, pitch) - pitch / 2
        floor = np.clip(np.floor((p[:, 1] - SHOP) / STOREY), 0, self.floors[side, lot] - 1)
        dv = np.where(shop, p[:, 1] - 1.65, p[:, 1] - SHOP - STOREY * (floor + 0.47))
        half = np.where(shop, pitch / 2 - 0.28, 0.47)
        tall = np.where(shop, 1.12, 0.86 - 0.05 * floor)
        return du, dv, half.astype(np.float32), tall.astype(np.float32)

    def houses(self, p: Array) -> Array:
        """Distance to both rows: walls with recessed windows and sills, cornices, pitched roofs, chimneys."""
        side, lot = self.lot(p)
        height, x = self.heights[side, lot], np.abs(p[:, 0])
        depth = FACADE - x  # metres before the facade
        du, dv, half, tall = self.window(p)
        recess = np.maximum(np.maximum(np.abs(du) - half, np.abs(dv) - tall), -depth - 0.16)
        wall = np.maximum(depth, -recess)
        sill = np.maximum(np.maximum(np.abs(du) - half - 0.10, np.abs(dv + tall + 0.06) - 0.05), depth - 0.10)
        cornice = np.maximum(np.abs(p[:, 1] - height + 0.16) - 0.16, depth - 0.30)
        band = np.maximum(np.abs(p[:, 1] - SHOP + 0.22) - 0.15, depth - 0.14)
        top = height + np.clip(x - FACADE, 0, 2.4) * 1.15
        over = (p[:, 1] - top) * 0.66
        u, length = self.along(p, lot)
        stack = np.maximum(np.maximum(np.abs(u - 0.9) - 0.32, np.abs(x - FACADE - 2.2) - 0.45), p[:, 1] - height - 3.7)
        row = np.minimum(np.maximum(np.minimum.reduce([wall, sill, cornice, band]), over), stack)
        # A neighbour may be taller: from above a roof no step leads past the lot's border.
        border = np.minimum(u, length - u)
        beside = np.maximum(np.maximum(border, depth), p[:, 1] - self.heights.max() - 4) + 0.06
        return np.where(p[:, 1] > height - 0.4, np.minimum(row, beside), row) * 0.85

    def awning(self, p: Array) -> Array:
        """Distance to the cloth over some shops."""
        side, lot = self.lot(p)
        u, length = self.along(p, lot)
        depth = FACADE - np.abs(p[:, 0])
        slope = np.abs(p[:, 1] - 3.25 + 0.42 * depth) - 0.03
        inside = np.maximum(np.abs(u - length / 2) - length / 2 + 0.45, np.abs(depth - 0.62) - 0.62)
        return np.where(self.awnings[side, lot] < 0, 9.0, np.maximum(slope * 0.9, inside)) * 0.85

    def ground(self, p: Array) -> Array:
        """Distance to the road and the raised pavements."""
        step = CURB * np.clip((np.abs(p[:, 0]) - HALF_ROAD) / 0.05, 0, 1)
        return (p[:, 1] - step) * 0.9

    def leaves(self, p: Array) -> Array:
        """Distance to the trees' crowns."""
        nearest = np.full(len(p), 99.0, np.float32)
        for x, z in self.street.trees:
            q = p - np.array([x, 4.7, z], np.float32)
            nearest = np.minimum(nearest, np.linalg.norm(q * np.array([1, 0.82, 1], np.float32), axis=1) - 1.55)
            nearest = np.minimum(nearest, np.linalg.norm(q - np.array([0.5, 1.2, 0.4], np.float32), axis=1) - 1.0)
        near = nearest < 0.9
        if near.any():
            x, y, z = p[near].T
            rough = noise(x + 2 * z, y + 0.7 * x, 5.2, 2) * 0.30 + noise(x + z, y - z, 1.6, 1) * 0.16
            rough = rough + noise(x - z, y * 1.1 + z, 0.7, 0) * 0.10
            nearest[near] = nearest[near] - rough
        return nearest * 0.55

    def iron(self, p: Array) -> Array:
        """Distance to lamp posts, trunks and bollards."""
        nearest = np.full(len(p), 99.0, np.float32)
        y = p[:, 1]
        for x, z in LAMPS:
            near = np.hypot(p[:, 0] - x, p[:, 2] - z)
            thick = 0.045 + 0.05 * (y < 0.9)
            nearest = np.minimum(nearest, np.maximum(near - thick, np.abs(y - LAMP_HEIGHT / 2) - LAMP_HEIGHT / 2))
            cap = np.maximum(
                near - 0.26 + 0.9 * np.clip(y - LAMP_HEIGHT - 0.42, 0, 1), np.abs(y - LAMP_HEIGHT - 0.5) - 0.12
            )
            nearest = np.minimum(nearest, cap * 0.7)
        for x, z in self.street.trees:
            near = np.hypot(p[:, 0] - x, p[:, 2] - z)
            nearest = np.minimum(nearest, np.maximum(near - 0.13, np.abs(y - 1.9) - 1.9))
        z = p[:, 2] - np.round(p[:, 2] / 1.9) * 1.9
        post = np.maximum(np.hypot(np.abs(p[:, 0]) - HALF_ROAD - 0.25, z) - 0.055, np.abs(y - 0.5) - 0.5)
        return np.minimum(nearest, post)

    def bulbs(self, p: Array) -> Array:
        """Distance to the lamps' glass."""
        return np.minimum.reduce(
            [np.linalg.norm(p - np.array([x, LAMP_HEIGHT + 0.2, z], np.float32), axis=1) - 0.19 for x, z in LAMPS]
        )

    def bodies(self, p: Array) -> Array:
        """Distance to the parked cars, without wheels."""
        nearest = np.full(len(p), 99.0, np.float32)
        for x, z, _ in self.street.cars:
            q = p - np.array([x, 0, z], np.float32)
            lower = box(q, (0, 0.62, 0), (0.86, 0.33, 2.08), 0.20)
            lean = 1 - 0.22 * np.clip((q[:, 1] - 0.85) / 0.6, 0, 1)
            r = np.stack([q[:, 0] / lean, q[:, 1], (q[:, 2] + 0.18) / lean], 1)
            nearest = np.minimum(nearest, np.minimum(lower, box(r, (0, 1.08, 0), (0.76, 0.40, 1.22), 0.22) * 0.8))
        return nearest

    def wheels(self, p: Array) -> Array:
        """Distance to the cars' wheels."""
        nearest = np.full(len(p), 99.0, np.float32)
        for x, z, _ in self.street.cars:
            for dz in (-1.32, 1.32):
                round_ = np.hypot(p[:, 1] - 0.33, p[:, 2] - z - dz) - 0.33
                nearest = np.minimum(nearest, np.maximum(round_, np.abs(np.abs(p[:, 0] - x) - 0.74) - 0.13))
        return nearest

    def parts(self, p: Array) -> list[Array]:
        """Distances in the order of the materials."""
        return [
            self.ground(p), self.houses(p), self.leaves(p), self.iron(p), self.bodies(p), self.wheels(p),
            self.bulbs(p), self.awning(p),
        ]  # fmt: skip

    def distance(self, p: Array) -> Array:
        """Distance to the nearest surface."""
        return np.minimum.reduce(self.parts(p)).astype(np.float32)

    def sky(self, d: Array) -> Array:
        """By day blue with bright clouds, by night the glow of the town under a dark blue."""
        up = np.clip(d[:, 1], 0, 1)
        u, v = d[:, 0] / (up + 0.12), d[:, 2] / (up + 0.12)
        cloud = np.clip(noise(u * 0.8 + 5, v * 1.1 + 2, 9, 2) * 0.8 + 0.3 * noise(u, v, 2.2, 1) + 0.05, 0, 1)
        cloud = cloud * np.clip(up * 8, 0, 1)
        if self.street.night:
            base = (
                np.array([0.010, 0.016, 0.042], np.float32)
                + np.array([0.075, 0.048, 0.045], np.float32) * np.exp(-5 * up)[:, None]
            )
            return base + cloud[:, None] * np.array([0.020, 0.018, 0.026], np.float32)
        base = (
            np.array([0.17, 0.38, 0.86], np.float32) * (1 - 0.35 * up)[:, None]
            + np.array([0.62, 0.62, 0.56], np.float32) * np.exp(-4.5 * up)[:, None]
        )
        lit = np.array([1.25, 1.22, 1.18], np.float32) - 0.30 * np.clip(noise(u + 0.3, v + 0.5, 4, 2), 0, 1)[:, None]
        return base + (lit - base) * (0.9 * cloud)[:, None]

    def wall(self, p: Array, normal: Array) -> tuple[Array, Array, Array]:
        """The houses' colour, which points are panes, and the light in these."""
        side, lot = self.lot(p)
        height = self.heights[side, lot]
        du, dv, half, tall = self.window(p)
        behind = np.abs(p[:, 0]) - FACADE
        shop = p[:, 1] < SHOP - 0.37
        colour = np.array(PLASTER, np.float32)[self.colours[side, lot]]
        stain = (
            1 + 0.06 * noise(p[:, 2], p[:, 1], 3, 1) - 0.16 * np.clip(noise(p[:, 2] * 2.4, p[:, 1] * 0.4, 5, 1), 0, 1)
        )
        joint = (np.abs(np.mod(p[:, 1], 0.42) - 0.21) > 0.195) & (p[:, 1] < SHOP)
        colour = colour * (stain * np.where(joint, 0.8, 1.0))[:, None]
        stone = np.array([0.62, 0.59, 0.53], np.float32)
        trim = (behind < -0.04) | ((np.abs(du) < half + 0.13) & (np.abs(dv) < tall + 0.13) & (behind < 0.02))
        colour = np.where(trim[:, None], stone * stain[:, None], colour)
        base = np.array([0.10, 0.15, 0.16], np.float32)[None] + 0.12 * hashed(lot, side)[:, None] * np.array(
            [1, 0.5, 0.3], np.float32
        )
        colour = np.where((shop & (behind > -0.04))[:, None], base, colour)
        row = np.mod(p[:, 1] * 3.4, 1)
        tiles = (
            np.array([0.34, 0.15, 0.10], np.float32)
            * (0.62 + 0.55 * row + 0.12 * noise(p[:, 2] * 3, p[:, 1], 1.4, 0))[:, None]
        )
        slate = np.array([0.15, 0.17, 0.20], np.float32) * (0.7 + 0.4 * row)[:, None]
        roof = (p[:, 1] > height) & (normal[:, 1] > 0.2)
        colour = np.where(roof[:, None], np.where((hashed(lot + 7, side) > 0.5)[:, None], tiles, slate), colour)
        pane = (behind > 0.10) & (np.abs(du) < half - 0.05) & (np.abs(dv) < tall - 0.05) & (p[:, 1] < height - 0.4)
        bars = (np.abs(du) < 0.035) | (np.abs(dv - 0.3) < 0.03)
        glazed = pane & ~(bars & ~shop)
        colour = np.where((behind > 0.10)[:, None] & ~shop[:, None], np.array([0.72, 0.71, 0.68], np.float32), colour)
        colour = np.where(glazed[:, None], np.array([0.035, 0.042, 0.05], np.float32), colour)
        u, _ = self.along(p, lot)
        number = np.floor((u - 0.25) / 1.75) + 13 * np.floor((p[:, 1] - SHOP) / STOREY)
        chance = hashed(number, lot, side)
        lit = np.where(shop, 0.42, np.where(chance < 0.34, 0.25 + 0.8 * hashed(number, side, lot), 0.0))
        curtain = 0.55 + 0.45 * np.clip(np.abs(du) / half * 1.4, 0, 1) * (0.7 + 0.3 * np.cos(du * 60))
        goods = noise(p[:, 2] * 2.2 + 5 * lot, p[:, 1] * 1.3, 1.7, 1) > 0.25 + 0.5 * dv
        shelves = (1.1 - 0.55 * goods) * np.where(np.abs(np.mod(p[:, 1] * 1.5, 1) - 0.5) > 0.46, 0.45, 1.0)
        glow = lit * np.where(shop, shelves, curtain) * np.clip(1.15 - 0.35 * (dv / tall), 0.5, 1.4)
        return colour, glazed, glow * glazed

    def floor(self, p: Array) -> Array:
        """The colour of road and pavement: asphalt, slabs, a crossing, a broken line, the kerb."""
        x, _, z = p.T
        asphalt = (
            np.array([0.105, 0.105, 0.112], np.float32)
            * (1 + 0.16 * noise(x, z, 1.1, 0) + 0.18 * noise(x * 2.2, z * 0.5, 9, 2))[:, None]
        )
        across = (np.abs(z + 2.6) < 1.25) & (np.mod(x + 0.35, 1.0) < 0.52) & (np.abs(x) < 2.6)
        line = (np.abs(x) < 0.06) & (np.mod(z, 3.2) < 1.7) & (z > 0.2)
        worn = 0.62 * np.clip(1 + 0.25 * noise(x, z, 0.8, 0), 0.4, 1)
        asphalt = np.where((across | line)[:, None], worn[:, None], asphalt)
        slab = (np.abs(np.mod(x * 1.6, 1) - 0.5) > 0.475) | (
            np.abs(np.mod(z * 1.1 + 0.5 * np.floor(x * 1.6), 1) - 0.5) > 0.48
        )
        paving = (
            np.array([0.36, 0.34, 0.31], np.float32)
            * (1 + 0.10 * noise(x, z, 1.6, 0) + 0.10 * noise(x, z, 7, 2) - 0.35 * slab)[:, None]
        )
        kerb = np.abs(np.abs(x) - HALF_ROAD - 0.09) < 0.12
        paving = np.where(kerb[:, None], np.array([0.48, 0.46, 0.43], np.float32), paving)
        return np.where((np.abs(x) < HALF_ROAD)[:, None], asphalt, paving)

    def car(self, p: Array) -> tuple[Array, Array, Array]:
        """The cars' colour, their glass, and the light of their lamps."""
        colour, glass, light = np.zeros_like(p), np.zeros(len(p), bool), np.zeros_like(p)
        for x, z, paint in self.street.cars:
            q = p - np.array([x, 0, z], np.float32)
            here = (np.abs(q[:, 0]) < 1.1) & (np.abs(q[:, 2]) < 2.4)
            colour[here] = paint
            pillar = np.abs(np.abs(q[:, 2] + 0.18) - 0.62) < 0.0
            side = (np.abs(q[:, 0]) > 0.5) & (np.abs(q[:, 2] + 0.18) < 0.92) & (np.abs(q[:, 2] + 0.1) > 0.05)
            ends = np.abs(q[:, 2] + 0.18) > 0.95
            glass |= here & (q[:, 1] > 0.93) & (q[:, 1] < 1.33) & (side | ends) & ~pillar
            tail = here & (q[:, 2] < -1.9) & (np.abs(np.abs(q[:, 0]) - 0.62) < 0.14) & (np.abs(q[:, 1] - 0.72) < 0.08)
            colour[tail] = (0.5, 0.02, 0.02)
            plate = here & (q[:, 2] < -1.98) & (np.abs(q[:, 0]) < 0.26) & (np.abs(q[:, 1] - 0.55) < 0.06)
            colour[plate] = (0.7, 0.7, 0.66)
            bumper = here & (q[:, 1] < 0.42)
            colour[bumper] = colour[bumper] * 0.35
            if self.street.night and x > 0:
                light[tail] = (2.6, 0.16, 0.10)
        return colour, glass, light

    def lamplight(self, p: Array, normal: Array) -> Array:
        """Warm light of lamps and shop windows on what is near them."""
        total = np.zeros(len(p), np.float32)
        for x, z in LAMPS:
            to = np.array([x, LAMP_HEIGHT + 0.15, z], np.float32) - p
            far = np.linalg.norm(to, axis=1)
            total += np.clip((to * normal).sum(1) / far * 0.85 + 0.15, 0, 1) / (0.6 + far**2) * 3.2
        depth = FACADE - np.abs(p[:, 0])
        toward = np.clip(0.35 + np.sign(p[:, 0]) * normal[:, 0] * 0.6 + 0.35 * normal[:, 1], 0, 1)
        spill = toward * np.exp(-np.clip(depth, 0, None) * 0.55) * np.exp(-np.clip(p[:, 1] - 1.6, 0, None) * 0.9) * 0.30
        return total[:, None] * np.array([1.0, 0.68, 0.36], np.float32) + spill[:, None] * np.array(
            [1.0, 0.74, 0.42], np.float32
        )

    def shade(self, p: Array, direction: Array, t: Array) -> tuple[Array, Array, Array, Array]:
        """Light from surface points, their normals, how much they mirror, and how rough that is."""
        which = np.argmin(np.stack(self.parts(p)), 0)
        normal = normals(self.distance, p, 0.006)
        wall, pane, glow = self.wall(p, normal)
        paint, glass, tail = self.car(p)
        side, lot = self.lot(p)
        stripe = np.mod(p[:, 2] * 2.2, 1) < 0.5
        cloth = np.where(stripe[:, None], np.array(AWNINGS, np.float32)[self.awnings[side, lot]], np.float32(0.66))
        tint = 1 + 0.45 * noise(p[:, 0] + p[:, 2], p[:, 1], 0.8, 0) + 0.25 * noise(p[:, 2], p[:, 0], 3, 1)
        leaf = np.array([0.070, 0.135, 0.030], np.float32) * tint[:, None]
        paint = np.where(glass[:, None], np.float32(0.02), paint)
        colour = np.choose(
            which[:, None],
            [
                self.floor(p),
                wall,
                leaf,
                np.full_like(p, 0.05),
                paint,
                np.full_like(p, 0.02),
                np.full_like(p, 0.8),
                cloth,
            ],
        )
        open_ = occlusion(self.distance, p, normal, 0.9)
        mirror = np.where((which == HOUSE) & pane, 0.9, 0.0) + np.where(which == PAINT, np.where(glass, 0.8, 0.35), 0.0)
        if self.street.night:
            ambient = (0.5 + 0.5 * normal[:, 1])[:, None] * np.array([0.016, 0.022, 0.050], np.float32)
            light = colour * (ambient * open_[:, None] + self.lamplight(p, normal) * (0.35 + 0.65 * open_)[:, None])
            warm = np.array([1.55, 0.92, 0.36], np.float32)
            cool = np.array([0.95, 1.0, 1.05], np.float32)
            kind = (hashed(lot + 3, side) > 0.72) & (p[:, 1] < SHOP)
            light = light + (glow * (which == HOUSE))[:, None] * np.where(kind[:, None], cool, warm) * 0.85
            light = light + tail * (which == PAINT)[:, None]
            light = np.where((which == BULB)[:, None], np.array([7.0, 5.2, 2.9], np.float32), light)
            wet = np.clip(0.45 + 0.8 * noise(p[:, 0], p[:, 2], 6, 2), 0.12, 1)
            mirror = np.where(
                (which == GROUND) & (np.abs(p[:, 0]) < HALF_ROAD), wet, np.where(which == GROUND, 0.3 * wet, mirror)
            )
        else:
            facing = np.clip(normal @ SUN, 0, 1)
            sun = np.zeros(len(p), np.float32)
            toward = facing > 0.01
            start = p[toward] + normal[toward] * 0.03
            sun[toward] = shadow(self.distance, start, SUN, 26, 40.0, 60) * facing[toward]
            blue = (0.55 + 0.45 * normal[:, 1])[:, None] * np.array([0.36, 0.46, 0.66], np.float32)
            bounce = (0.5 - 0.5 * normal[:, 1])[:, None] * np.array([0.20, 0.18, 0.15], np.float32) + 0.10
            through = np.where(which == LEAF, 0.22, 0.0)[:, None] * np.array([1.0, 1.1, 0.3], np.float32)
            light = colour * (
                sun[:, None] * np.array([2.05, 1.86, 1.55], np.float32)
                + (blue + bounce) * (0.25 + 0.75 * open_)[:, None]
                + through
            )
            light = light + (0.06 * (glow > 0) * (which == HOUSE))[:, None] * np.array([1.0, 0.8, 0.5], np.float32)
        air = 1 - np.exp(-(0.006 if self.street.night else 0.004) * np.clip(t - 6, 0, None))
        level = unit(direction * np.array([1, 0, 1], np.float32) + np.array([0, 0.05, 0], np.float32))
        haze = self.sky(level) * (1.5 if self.street.night else 0.95)
        rough = np.where(which == GROUND, 0.05, 0.0)
        return light + (haze - light) * air[:, None], normal, mirror * (1 - air), rough

    def seen(self, origin: Array, direction: Array, steps: int) -> tuple[Array, Array, Array, Array, Array]:
        """Colour along rays, hit points, normals, mirroring and its roughness."""
        t, hit = march(self.distance, origin, direction, FAR, steps)
        hit |= t < 0.8 * FAR  # rays that graze the road run out of steps, not of road
        colour, normal = self.sky(direction), np.zeros_like(direction)
        mirror, rough = np.zeros(len(t), np.float32), np.zeros(len(t), np.float32)
        p = origin + direction * t[:, None]
        colour[hit], normal[hit], mirror[hit], rough[hit] = self.shade(p[hit], direction[hit], t[hit])
        return colour, p, normal, mirror, rough

    def sample(self, width: int, height: int, jitter: tuple[float, float]) -> Array:
        """One sample a pixel, in linear light [H*W, 3], with one mirror bounce."""
        origin, direction = rays(width, height, self.street.eye, self.street.target, 1.45, jitter)
        colour, p, normal, mirror, rough = self.seen(origin, direction, 170)
        shiny = mirror > 0.02
        q, d, n = p[shiny], direction[shiny], normal[shiny]
        ripple = np.stack([noise(q[:, 0], q[:, 2], 0.7, 0), 0 * q[:, 0], noise(q[:, 0] + 5, q[:, 2], 0.7, 0)], 1)
        n = unit(n + rough[shiny][:, None] * 0.6 * ripple)
        out = unit(d - 2 * (d * n).sum(1, keepdims=True) * n)
        fresnel = 0.05 + 0.95 * (1 - np.abs((d * n).sum(1))) ** 4
        reflected = self.seen(q + n * 0.03, out, 90)[0]
        colour[shiny] += np.minimum(reflected, 3.0) * (fresnel * mirror[shiny])[:, None]
        return colour


def by_day(width: int, height: int) -> Array:
    """The street in the sun; display values [H, W, 3] in [0, 1]."""
    return render(width, height, DAY)


def by_night(width: int, height: int) -> Array:
    """Another part of it after rain, lit by lamps and shops; display values [H, W, 3] in [0, 1]."""
    return render(width, height, NIGHT)


def render(width: int, height: int, street: Street) -> Array:
    """A street's picture as display values [H, W, 3] in [0, 1], three samples a pixel."""
    scene = Scene(street)
    jitters = ((0.17, 0.5), (0.5, 0.83), (0.83, 0.17))
    picture = sum(scene.sample(width, height, jitter) for jitter in jitters) / len(jitters)
    picture = picture.reshape(height, width, 3)
    bright = np.clip(picture - 1.1, 0, 5)
    bloom = sum(ndimage.gaussian_filter(bright, (s, s, 0)) for s in (width / 340, width / 85, width / 30))
    return developed(picture + (0.16 if street.night else 0.03) * bloom, 0.70 if street.night else 0.62)
