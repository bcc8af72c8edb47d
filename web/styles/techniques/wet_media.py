"""Watercolour and ink wash: transparent pigment on rough paper.

Source: the effects of computer-generated watercolour (Curtis et al. 1997): edge darkening, granulation in the
paper's valleys, backruns, wet-in-wet bleeding; washes multiply as glazes do.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from .canvas import (
    SIZE,
    Array,
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
    rgb,
    ribbon,
    ridge,
    smoothstep,
    stretch,
)


class Sheet:
    """A sheet of rough paper that takes washes."""

    def __init__(self, rng: Random, tint: str) -> None:
        self.rng = rng
        self.tooth = stretch(0.6 * noise(rng, 150, 3) + 0.4 * noise(rng, 50, 2))
        self.light = np.ones((SIZE, SIZE, 3), np.float32) * rgb(tint)
        self.warp = np.stack([noise(rng, 9, 5), noise(rng, 9, 5)]) - 0.5

    def rough(self, mask: Array, amount: float) -> Array:
        """The mask's edge wandering by about `amount` px."""
        y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
        return ndimage.map_coordinates(
            mask, [y + self.warp[0] * amount, x + self.warp[1] * amount], order=1, mode="nearest"
        )

    def wash(
        self,
        mask: Array,
        colour: Array | str,
        strength: float = 1.0,
        bleed: float = 1.5,
        edge: float = 0.35,
        granulation: float = 0.35,
        wander: float = 24,
    ) -> None:
        """Lay pigment: `bleed` px of softness, `edge` darkening, `granulation`, edges that `wander` px."""
        wet = self.rough(ndimage.gaussian_filter(mask, bleed), wander)
        rim = (wet - ndimage.gaussian_filter(wet, 9)).clip(0) * (wet > 0.05)
        flow = 0.62 + 0.55 * stretch(noise(self.rng, 5, 5))
        density = wet * flow * strength + rim * edge * 2.2 * strength
        density = density * (1 + granulation * (0.5 - self.tooth) * 2)
        pigment = rgb(colour) if isinstance(colour, str) else colour
        absorbed = -np.log(np.clip(pigment, 0.02, 0.995))
        self.light = self.light * np.exp(-absorbed * density.clip(0, 2.2)[..., None])

    def lift(self, mask: Array, amount: float) -> None:
        """Wash pigment out again where mask is, toward the bare paper."""
        self.light = self.light + (1 - self.light) * (mask * amount)[..., None]

    def backrun(self, cx: float, cy: float, radius: float) -> None:
        """A bloom: water pushed the pigment to a crinkled rim."""
        x, y = grid()
        reach = np.hypot(x - cx, y - cy) / radius + 0.9 * (noise(self.rng, 14, 4) - 0.5)
        self.lift(smoothstep(1.0, 0.7, reach), 0.25)
        self.wash(
            smoothstep(0.10, 0.0, np.abs(reach - 1)) * (reach < 1.1), self.light.mean((0, 1)), 0.22, 0.5, 0, 0.2, 0
        )

    def dry(self) -> Array:
        """The finished sheet with its tooth lit from the side."""
        return grain(relief(self.light, self.tooth, 0.32), self.rng, 0.010)


def watercolour(rng: Random) -> Array:
    """A mountain lake at sunrise with an island of birches, splashes and blooms left as they dried."""
    x, y = grid()
    sheet = Sheet(rng, "#fdfaf2")
    border = smoothstep(0.468, 0.455, np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) + 0.03 * (noise(rng, 8, 4) - 0.5))
    sun = smoothstep(0.17, 0.03, np.hypot(x - 0.64, y - 0.33))
    sheet.wash(
        border * smoothstep(0.62, 0.0, y) * (1 - sun),
        ramp(y / 0.6, ["#3f7fc8", "#7fb0e0", "#e8b8c8", "#ffd9a0"]),
        1.0,
        14,
        0.1,
    )
    sheet.wash(border * smoothstep(0.30, 0.0, np.abs(y - 0.44)) * (1 - sun * 0.7), "#ff9f6a", 0.65, 22, 0.05)
    clouds = smoothstep(0.52, 0.75, noise(rng, 4, 4, (1, 2.2))) * smoothstep(0.4, 0.1, y)
    sheet.lift(clouds * border, 0.65)
    sheet.wash(clouds * ndimage.shift(1 - clouds, (-16, -10), order=1) * border, "#8f7fc0", 0.5, 9, 0.15)
    lake = 0.585
    for base, height, colour, power in (
        (0.43, 0.085, "#8a8fd0", 0.65),
        (0.485, 0.06, "#5f78b8", 0.85),
        (0.545, 0.035, "#2f6f7a", 1.0),
    ):
        line = ridge(rng, base, height, 4)
        hill = below(line) * smoothstep(lake + 0.003, lake - 0.003, y) * border
        sheet.wash(
            hill * smoothstep(base + 0.22, base - 0.02, y + 0.03 * noise(rng, 6, 3)) + 0.25 * hill, colour, power, 1.5
        )
        mirrored = hill[np.clip((2 * lake * SIZE - np.arange(SIZE)).astype(int), 0, SIZE - 1)] * (y > lake)
        sheet.wash(mirrored, colour, power * 0.55, 8, 0.1, wander=40)
    water = smoothstep(lake - 0.002, lake + 0.002, y) * border
    sheet.wash(
        water * smoothstep(1.2, 0.6, 1.35 - y + 0.2 * noise(rng, 5, 3, (0.4, 4))),
        ramp((y - lake) / 0.4, ["#ffc9a0", "#7fc0d0", "#2f7fb0", "#1f4f8f"]),
        0.95,
        5,
        0.2,
    )
    sheet.lift(
        water * smoothstep(0.66, 0.75, noise(rng, 8, 3, (0.7, 9))) * smoothstep(0.3, 0.02, np.abs(x - 0.62)), 0.7
    )
    foreground(sheet, border)
    for cx, cy, r in ((0.20, 0.17, 0.08), (0.83, 0.80, 0.09), (0.42, 0.12, 0.05), (0.60, 0.70, 0.05)):
        sheet.backrun(cx, cy, r)
    splashes(sheet, rng, ["#2f6f9a", "#e0784a", "#3f8a5a", "#6f5fb0"])
    return sheet.dry()


def foreground(sheet: Sheet, border: Array) -> None:
    """The near bank: an autumn tree, its trunk, grasses and their reflection."""
    x, y = grid()
    rng = sheet.rng
    bank = (
        smoothstep(0, 0.01, y - (0.83 + 0.16 * (x - 0.05) - 0.05 * np.sin(x * 6))) * smoothstep(0.72, 0.40, x) * border
    )
    sheet.wash(bank, ramp(noise(rng, 7, 3), ["#5a7a2f", "#b08a2f", "#2f5a4a"]), 1.05, 2)
    trunk = curve([(0.205, 0.90), (0.215, 0.70), (0.195, 0.52), (0.225, 0.34)], 40)
    limbs = [(trunk, np.linspace(0.036, 0.008, 40))]
    for at, tip in ((16, (0.36, 0.47)), (20, (0.07, 0.42)), (27, (0.31, 0.33)), (30, (0.13, 0.28))):
        limb = curve([trunk[at], (trunk[at] + tip) / 2 + np.array([0.0, 0.02]), tip], 24)
        limbs.append((limb, np.linspace(0.014, 0.003, 24)))
    for limb, width in limbs:
        sheet.wash(polygon(ribbon(limb, width)), "#4a3038", 1.15, 1.0, 0.4, 0.5, 8)
    for colour, count, power in (
        ("#ffcf4a", 190, 0.75),
        ("#f0922f", 170, 0.8),
        ("#d9482f", 130, 0.85),
        ("#7a2f4a", 70, 0.8),
    ):
        sheet.wash(foliage(rng, count) * border, colour, power, 1.6, 0.5, 0.4, 14)
    blades = np.zeros((3, SIZE, SIZE), np.float32)
    for k in range(54):
        foot = rng.uniform(0.05, 0.62)
        y0 = 0.94 + rng.uniform(-0.09, 0.02) + 0.1 * (foot - 0.2)
        tall, lean = rng.uniform(0.05, 0.13), rng.uniform(-0.04, 0.05)
        blade = curve([(foot, y0), (foot + lean * 0.4, y0 - tall * 0.6), (foot + lean, y0 - tall)], 16)
        blades[k % 3] = np.maximum(blades[k % 3], polygon(ribbon(blade, np.linspace(0.008, 0.001, 16))))
    for grass, colour in zip(blades, ("#3f6a2f", "#8a7a1f", "#2f4a4a"), strict=True):
        sheet.wash(grass * border, colour, 0.95, 0.7, 0.2, 0.3, 4)


def foliage(rng: Random, count: int) -> Array:
    """Mask of leaf dabs, dense within the crown's boughs and loose about them."""
    mask = Image.new("L", (SIZE, SIZE))
    draw = ImageDraw.Draw(mask)
    boughs = np.array(
        [(0.215, 0.30), (0.11, 0.385), (0.33, 0.42), (0.31, 0.28), (0.12, 0.27), (0.20, 0.19), (0.26, 0.38)]
    )
    for _ in range(count):
        px, py = (boughs[int(rng.integers(len(boughs)))] + rng.normal(0, 0.042, 2)) * SIZE
        a, b = rng.uniform(5, 17, 2)
        draw.ellipse((px - a, py - b, px + a, py + b), fill=255)
    return np.asarray(mask, np.float32) / 255


def splashes(sheet: Sheet, rng: Random, colours: list[str]) -> None:
    """Drops flicked from a loaded brush."""
    x, y = grid()
    for colour in colours:
        drops = np.zeros((SIZE, SIZE), np.float32)
        for _ in range(16):
            cx, cy, r = rng.uniform(0.05, 0.95), rng.uniform(0.05, 0.95), rng.uniform(0.0015, 0.0075)
            drops = np.maximum(drops, smoothstep(r + 0.001, r - 0.001, np.hypot(x - cx, y - cy)))
        sheet.wash(drops, colour, 0.55, 0.8, 0.5, 0.2, 6)


def ink_wash(rng: Random) -> Array:
    """Peaks standing in mist, a leaning pine, a red sun and a seal; black ink on silk-toned paper."""
    x, y = grid()
    sheet = Sheet(rng, "#efe6d2")
    ink = "#2a2d33"
    sheet.wash(disc(0.70, 0.20, 0.07, 0.006), "#d8402a", 0.95, 2, 0.3, 0.3, 5)
    for base, height, cells_, power, fade in (
        (0.36, 0.13, 3, 0.22, 0.22),
        (0.47, 0.18, 4, 0.42, 0.24),
        (0.60, 0.20, 3, 0.78, 0.27),
    ):
        line = ridge(rng, base, height, cells_, 6)
        depth = y - line[None]
        mist = smoothstep(fade, 0.0, depth + 0.10 * (noise(rng, 5, 3, (1, 2)) - 0.5))
        mass = below(line, 0.003) * mist
        sheet.wash(mass, ink, power, 2.0, 0.2, 0.45, 16)
        drawn = smoothstep(0.012, 0.0, np.abs(depth - 0.004)) * smoothstep(0.35, 0.6, noise(rng, 12, 3))
        sheet.wash(drawn, ink, power * 1.2, 1.0, 0.1, 0.6, 16)
        streak = (
            smoothstep(0.55, 0.85, noise(rng, 18, 4, (2.2, 0.5))) * below(line) * smoothstep(fade * 0.8, 0.02, depth)
        )
        sheet.wash(streak, ink, power * 1.1, 1.2, 0.1, 0.7, 30)
    water = smoothstep(0.80, 0.86, y) * smoothstep(0.60, 0.80, noise(rng, 6, 3, (0.5, 7)))
    sheet.wash(water, ink, 0.35, 3, 0.1)
    pine(sheet, rng)
    for cx, cy, s in (
        (0.52, 0.25, 0.013),
        (0.555, 0.215, 0.018),
        (0.60, 0.245, 0.011),
        (0.575, 0.285, 0.014),
        (0.49, 0.19, 0.010),
    ):
        wing = curve(
            [
                (cx - s, cy),
                (cx - 0.4 * s, cy - 0.5 * s),
                (cx, cy),
                (cx + 0.45 * s, cy - 0.65 * s),
                (cx + s, cy - 0.35 * s),
            ],
            20,
        )
        sheet.wash(polygon(ribbon(wing, 0.0036)), ink, 1.3, 0.5, 0, 0.2, 2)
    fishing_boat(sheet)
    picture = sheet.dry()
    seal = polygon([(0.885, 0.875), (0.945, 0.873), (0.947, 0.935), (0.886, 0.936)])
    carved = np.maximum.reduce(
        [smoothstep(0.005, 0.003, np.abs(x - c)) * (np.abs(y - 0.905) < 0.022) for c in (0.902, 0.916, 0.930)]
    )
    carved = np.maximum(carved, smoothstep(0.005, 0.003, np.abs(y - 0.897)) * (np.abs(x - 0.916) < 0.02))
    return blend(picture, "#b8261c", seal * (1 - carved) * smoothstep(0.12, 0.3, noise(rng, 60, 2)) * 0.92)


def pine(sheet: Sheet, rng: Random) -> None:
    """A pine leaning out from a rock: dry-brush trunk, branches, and fans of needles."""
    x, y = grid()
    ink = "#16181c"
    rock = below(
        np.interp(x[0], [0, 0.10, 0.22, 0.34, 0.42], [0.74, 0.76, 0.83, 0.93, 1.1]).astype(np.float32)
        + 0.03 * ridge(rng, 0, 1, 9)
    )
    sheet.wash(rock * smoothstep(0.15, 0.7, noise(rng, 9, 4, (1.4, 0.8))), ink, 1.0, 2, 0.3, 0.7, 14)
    sheet.wash(rock, ink, 0.5, 3, 0.3, 0.4, 14)
    trunk = curve([(0.075, 0.80), (0.13, 0.66), (0.10, 0.54), (0.18, 0.42), (0.27, 0.36), (0.38, 0.345)], 70)
    dry = smoothstep(0.25, 0.55, noise(rng, 60, 3, (0.6, 1)))
    sheet.wash(polygon(ribbon(trunk, np.linspace(0.05, 0.010, 70))) * (0.45 + 0.55 * dry), ink, 1.2, 0.8, 0.3, 0.8, 9)
    tufts = []
    for at, tip in (
        (22, (0.27, 0.565)),
        (34, (0.015, 0.43)),
        (42, (0.30, 0.455)),
        (48, (0.13, 0.29)),
        (58, (0.37, 0.41)),
        (54, (0.27, 0.265)),
        (69, (0.46, 0.36)),
    ):
        bough = curve([trunk[at], (trunk[at] + np.array(tip)) / 2 - np.array([0, 0.012]), tip], 30)
        sheet.wash(polygon(ribbon(bough, np.linspace(0.014, 0.004, 30))), ink, 1.2, 0.7, 0.2, 0.7, 8)
        tufts += [bough[k] for k in (14, 19, 24, 29)]
    needles = np.zeros((SIZE, SIZE), np.float32)
    for tuft in tufts:
        centre = tuft + rng.normal(0, 0.012, 2)
        turn, far = np.arctan2(y - centre[1], x - centre[0]), np.hypot((x - centre[0]), (y - centre[1]) * 1.25)
        fan = 0.5 + 0.5 * np.cos(turn * 34 + 3 * noise(rng, 12, 2))
        reach = 0.048 * rng.uniform(0.8, 1.2)
        needles = np.maximum(
            needles, smoothstep(0.45, 0.8, fan) * smoothstep(reach, reach * 0.8, far) * (turn < 0.6) * (turn > -3.7)
        )
    sheet.wash(needles, ink, 1.2, 0.6, 0.1, 0.4, 3)
    sheet.wash(ndimage.gaussian_filter(needles, 12).clip(0, 1) * 1.3, ink, 0.4, 5, 0.1, 0.3, 18)


def fishing_boat(sheet: Sheet) -> None:
    """A small boat on the still water with its reflection."""
    hull = curve([(0.60, 0.800), (0.635, 0.815), (0.70, 0.817), (0.755, 0.795)], 24)
    sheet.wash(
        polygon(ribbon(hull, 0.016 * np.sin(np.linspace(0.2, np.pi - 0.2, 24)))), "#16181c", 1.25, 0.6, 0.2, 0.3, 3
    )
    sheet.wash(
        polygon([(0.655, 0.808), (0.668, 0.775), (0.705, 0.775), (0.718, 0.808)]), "#3a3d42", 0.9, 0.8, 0.3, 0.3, 3
    )
    sheet.wash(
        polygon(ribbon(curve([(0.62, 0.80), (0.585, 0.74), (0.555, 0.70)], 12), 0.004)), "#16181c", 1.1, 0.5, 0, 0.2, 2
    )
    sheet.wash(polygon([(0.62, 0.832), (0.74, 0.832), (0.70, 0.852), (0.65, 0.848)]), "#2a2d33", 0.35, 5, 0.1, 0.3, 20)
