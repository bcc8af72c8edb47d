"""Art nouveau: whiplash curves, enamel colours, gold outlines; a peacock in an arched frame.

Source: families of spirals and Catmull-Rom curves drawn as ribbons that swell and taper.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from .canvas import (
    SIZE,
    Array,
    Random,
    blend,
    curve,
    grain,
    grid,
    noise,
    ramp,
    relief,
    rgb,
    ribbon,
    smoothstep,
    stretch,
)

SCALE = 2 * SIZE
GOLD, INK = "#d9aa4a", "#132430"


def tint(colour: str) -> tuple[int, ...]:
    """A hex colour as whole numbers for drawing."""
    return tuple((rgb(colour) * 255).astype(int))


def shape(draw: ImageDraw.ImageDraw, points: Array, fill: str, outline: str = INK, width: int = 6) -> None:
    """A filled, outlined shape; points in units of the picture."""
    at = [(float(px) * SCALE, float(py) * SCALE) for px, py in points]
    draw.polygon(at, fill=tint(fill))
    if width:
        draw.line([*at, at[0]], fill=tint(outline), width=width, joint="curve")


def oval(cx: float, cy: float, a: float, b: float, turn: float) -> Array:
    """Outline of a pointed oval (a feather's eye)."""
    t = np.linspace(0, 2 * np.pi, 40)
    px, py = a * np.cos(t) * (1 - 0.18 * np.cos(t)), b * np.sin(t)
    return np.stack([cx + px * np.cos(turn) - py * np.sin(turn), cy + px * np.sin(turn) + py * np.cos(turn)], 1)


def feather(
    draw: ImageDraw.ImageDraw,
    rng: Random,
    root: tuple[float, float],
    tip: tuple[float, float],
    bend: float,
    size: float,
) -> None:
    """A tail feather: a curving quill, barbs that sweep off it, and its eye."""
    root_, tip_ = np.array(root), np.array(tip)
    across = np.array([-(tip_ - root_)[1], (tip_ - root_)[0]])
    quill = curve([root_, root_ * 0.55 + tip_ * 0.45 + across * bend, tip_], 60)
    tangent = np.gradient(quill, axis=0)
    turn = np.arctan2(tangent[:, 1], tangent[:, 0])
    for i in range(14, 58, 2):
        for side in (-1, 1):
            t = np.linspace(0, 1, 12)
            a = turn[i] + side * (1.15 - 0.95 * t)
            long = size * (0.75 + 0.75 * (i / 60)) * rng.uniform(0.9, 1.1)
            barb = quill[i] + np.cumsum(np.stack([np.cos(a), np.sin(a)], 1), 0) * long / 12
            colour = ("#1f7a6a", "#2fa08a", "#0f5a5f", "#7fae4a")[int(rng.integers(4))]
            line = ribbon(barb, 0.0075 * np.sin(np.linspace(0.5, np.pi, 12)))
            draw.polygon([(float(px) * SCALE, float(py) * SCALE) for px, py in line], fill=tint(colour))
    draw.line([(float(px) * SCALE, float(py) * SCALE) for px, py in quill], fill=tint(GOLD), width=7, joint="curve")
    cx, cy = quill[-1]
    for a, b, colour in (
        (1.15, 0.82, "#b8923a"),
        (1.0, 0.68, "#e2b95a"),
        (0.80, 0.56, "#1f8f7a"),
        (0.58, 0.42, "#2fc0c0"),
        (0.36, 0.28, "#1a2f8f"),
    ):
        shape(draw, oval(cx, cy, size * a, size * b, turn[-1]), colour, INK, 4)


def peacock(rng: Random) -> Array:
    """A peacock on a blossoming bough, its train pouring down, framed by gold whiplash lines."""
    x, y = grid()
    ground = ramp(
        stretch(np.hypot(x - 0.5, y - 0.30) + 0.08 * noise(rng, 6, 3)), ["#f6e6b4", "#f0cf8a", "#e09f5f", "#b8603f"]
    )
    rays = 0.5 + 0.5 * np.cos(np.arctan2(y - 0.30, x - 0.5) * 36)
    ground = blend(ground, "#fff3cf", smoothstep(0.35, 0.65, rays) * 0.35)
    image = Image.fromarray((ground.clip(0, 1) * 255).astype(np.uint8)).resize((SCALE, SCALE))
    draw = ImageDraw.Draw(image)
    shape(
        draw,
        np.stack([0.5 + 0.25 * np.cos(np.linspace(0, 6.29, 90)), 0.30 + 0.25 * np.sin(np.linspace(0, 6.29, 90))], 1),
        "#f7d98a",
        GOLD,
        16,
    )
    bough(draw, rng)
    tips = [
        (0.10, 0.60),
        (0.13, 0.745),
        (0.19, 0.86),
        (0.285, 0.93),
        (0.39, 0.955),
        (0.50, 0.935),
        (0.60, 0.96),
        (0.70, 0.90),
        (0.79, 0.81),
        (0.855, 0.69),
        (0.25, 0.66),
        (0.33, 0.78),
        (0.43, 0.82),
        (0.54, 0.80),
        (0.64, 0.76),
        (0.72, 0.655),
        (0.36, 0.655),
        (0.47, 0.69),
        (0.58, 0.655),
    ]
    for k, tip in enumerate(tips):
        feather(
            draw, rng, (0.50, 0.45), tip, 0.13 * (1 if tip[0] < 0.47 else -1) + rng.normal(0, 0.02), 0.056 - 0.0008 * k
        )
    body(draw, rng)
    frame(draw)
    picture = np.asarray(image.reduce(2), np.float32) / 255
    enamel = stretch(noise(rng, 26, 4)) + 0.7 * stretch(noise(rng, 120, 2))
    return grain(relief(picture * (0.93 + 0.1 * noise(rng, 9, 4))[..., None], enamel, 0.30, 0.1), rng, 0.016)


def body(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """Breast, neck, head and crown of the bird, scaled with small overlapping feathers."""
    spine = curve(
        [(0.455, 0.60), (0.525, 0.53), (0.548, 0.45), (0.525, 0.345), (0.455, 0.265), (0.46, 0.165), (0.50, 0.135)], 80
    )
    width = np.interp(
        np.linspace(0, 1, 80),
        [0, 0.10, 0.22, 0.40, 0.6, 0.85, 0.95, 1],
        [0.01, 0.11, 0.175, 0.175, 0.115, 0.058, 0.062, 0.045],
    )
    shape(draw, ribbon(spine, width), "#1a3f9a", INK, 8)
    for i in range(3, 68, 3):
        tangent = spine[i + 1] - spine[i]
        normal = np.array([-tangent[1], tangent[0]]) / np.linalg.norm(tangent)
        rows = max(2, int(width[i] / 0.022))
        for j in range(rows):
            at = spine[i] + normal * width[i] * ((j + 0.5 + 0.5 * (i % 2)) / rows - 0.5) * 0.86
            colour = ("#1f6fc0", "#2f9ad0", "#1a4fa8", "#3fc0c8")[int(rng.integers(4))]
            shape(draw, oval(*at, 0.013, 0.011, np.arctan2(-tangent[1], -tangent[0])), colour, "#0f2a6a", 3)
    shape(draw, np.array([(0.51, 0.122), (0.575, 0.150), (0.515, 0.152)]), "#e8c15a", INK, 5)
    shape(draw, oval(0.492, 0.138, 0.015, 0.011, 0.2), "#fbf3d8", INK, 4)
    shape(draw, oval(0.494, 0.138, 0.006, 0.006, 0), INK, INK, 2)
    for k in np.linspace(-0.9, 0.7, 6):
        tip = np.array([0.475 + 0.075 * np.sin(k - 0.25), 0.118 - 0.058 * np.cos(k - 0.25)])
        draw.line([(0.475 * SCALE, 0.118 * SCALE), (tip[0] * SCALE, tip[1] * SCALE)], fill=tint(INK), width=5)
        shape(draw, oval(*tip, 0.013, 0.009, k - np.pi / 2), "#2fc0c0", INK, 4)


def bough(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """A bending bough with blossoms at both sides."""
    for knots in (
        [(-0.05, 0.62), (0.12, 0.50), (0.30, 0.53), (0.52, 0.555), (0.75, 0.50), (0.90, 0.53), (1.05, 0.44)],
        [(0.12, 0.50), (0.10, 0.36), (0.17, 0.24), (0.13, 0.13)],
        [(0.86, 0.52), (0.90, 0.38), (0.84, 0.26), (0.89, 0.15)],
    ):
        path = curve(knots, 70)
        shape(draw, ribbon(path, np.linspace(0.034, 0.010, 70)), "#7a4a2a", INK, 6)
        for at in path[8::5]:
            if 0.30 < at[0] < 0.72:
                continue
            cx, cy = at + rng.normal(0, 0.028, 2)
            size = rng.uniform(0.016, 0.027)
            for a in np.arange(5) * 2 * np.pi / 5 + rng.uniform(0, 1):
                colour = ("#f7b8c0", "#fbe0dc", "#e8788f")[int(rng.integers(3))]
                shape(
                    draw, oval(cx + size * np.cos(a), cy + size * np.sin(a), size, size * 0.62, a), colour, "#7a2a3f", 4
                )
            shape(draw, oval(cx, cy, size * 0.36, size * 0.36, 0), "#f2c94a", "#7a2a3f", 3)


def frame(draw: ImageDraw.ImageDraw) -> None:
    """The arched frame: teal corners, gold whiplash lines that cross and curl."""
    left, right = 0.045, 0.955
    t = np.linspace(np.pi, 2 * np.pi, 60)
    arch = np.stack([0.5 + 0.455 * np.cos(t), 0.40 + 0.36 * np.sin(t)], 1)
    window = np.vstack([[(left, 0.965)], arch, [(right, 0.965)]])
    for side in (0, 1):
        corner = np.vstack([[(side, -0.01)], [(side, 0.40)], arch[:30] if side == 0 else arch[:29:-1], [(0.5, -0.01)]])
        shape(draw, corner, "#124a52", GOLD, 0)
        for k, s in enumerate((0.0, 0.028, 0.056)):
            knots = np.array(
                [
                    (0.03 + s, 0.36),
                    (0.035 + s, 0.20),
                    (0.11 + s, 0.07 + s),
                    (0.26, 0.035 + 0.3 * s),
                    (0.19 + s, 0.095),
                    (0.12 + s, 0.10 + s),
                ]
            )
            knots[:, 0] = knots[:, 0] if side == 0 else 1 - knots[:, 0]
            line = ribbon(curve(knots, 60), 0.010 * np.sin(np.linspace(0.2, 3.0, 60)))
            shape(draw, line, ("#e2b95a", "#2fa08a", "#f0d9a0")[k], INK, 3)
    for box in ((0, 0, 1, 0.036), (0, 0.965, 1, 1), (0, 0.38, 0.045, 1), (0.955, 0.38, 1, 1)):
        draw.rectangle([v * SCALE for v in box], fill=tint("#124a52"))
    at = [(float(px) * SCALE, float(py) * SCALE) for px, py in window]
    draw.line([*at, at[0]], fill=tint(INK), width=22, joint="curve")
    draw.line([*at, at[0]], fill=tint("#e2b95a"), width=12, joint="curve")
