"""Pastel: crossing strokes of chalk that catch only on the tooth of dark paper.

Source: stroke-based rendering with the paper's height as a threshold for deposit (as for wax crayons,
Rudolf, Mould & Neufeld 2003).
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from .canvas import (
    SIZE,
    Array,
    Random,
    below,
    blend,
    disc,
    flat,
    grain,
    grid,
    noise,
    polygon,
    ramp,
    ridge,
    sample,
    scatter,
    smoothstep,
    streamlines,
    stretch,
)


def chalk(
    sheet: Array,
    tooth: Array,
    guide: Array,
    angle: Array,
    rng: Random,
    spacing: float,
    width: int,
    length: float,
    cover: float,
    mask: Array | None = None,
    jitter: float = 0.07,
) -> Array:
    """One pass of chalk strokes in the guide's colours; `cover` in [0, 1] is how deep into the tooth it reaches."""
    starts = scatter(rng, spacing, mask)
    paths = streamlines(angle, starts, length * rng.uniform(0.6, 1.3, len(starts)), 6)
    inks = sample(guide, starts) * (1 + rng.normal(0, jitter, (len(starts), 1))) + rng.normal(
        0, jitter / 2, (len(starts), 3)
    )
    press = rng.uniform(0.55, 1.0, (len(starts), 1))
    inks = (np.clip(np.concatenate([inks, press], 1), 0, 1) * 255).astype(int)
    layer = Image.new("RGBA", (SIZE, SIZE))
    draw = ImageDraw.Draw(layer)
    for path, ink in zip(paths, inks, strict=True):
        draw.line(path.ravel().tolist(), fill=tuple(ink), width=width)
    pixels = np.asarray(layer, np.float32) / 255
    grip = smoothstep(-0.12, 0.12, tooth - 1 + cover * pixels[..., 3] * 1.25)
    return blend(sheet, pixels[..., :3], grip * (pixels[..., 3] > 0))


def lavender(rng: Random) -> Array:
    """Rows of lavender running to a farmhouse under an apricot evening sky."""
    x, y = grid()
    tooth = stretch(0.7 * noise(rng, 420, 1) + 0.35 * noise(rng, 160, 2, (1, 1.6)))
    sheet = flat("#a0879a") * (0.85 + 0.3 * tooth)[..., None]
    horizon = ridge(rng, 0.44, 0.018, 3)
    guide = ramp(
        (y / 0.44 + 0.25 * (noise(rng, 4, 3, (0.7, 2.5)) - 0.5)).clip(0, 1),
        ["#4f7fc0", "#8fb8d8", "#f2d6b8", "#ffb878", "#ff8a5f"],
    )
    guide = blend(guide, "#fff0b0", disc(0.72, 0.33, 0.05, 0.02))
    far = ridge(rng, 0.38, 0.035, 3)
    guide = blend(guide, ramp(stretch(noise(rng, 8, 2)), ["#4a4f9a", "#7f6fb8", "#b58ab8"]), below(far))
    guide = blend(guide, ramp(stretch(noise(rng, 9, 3)), ["#5f7a3a", "#a8b04a", "#d9c25a"]), below(horizon))
    depth = (y - 0.455).clip(0.002)
    row = (x - 0.60) / (depth + 0.03) * 1.55
    crest = np.abs(row - np.round(row)) * 2
    bush = 0.80 + 0.25 * (noise(rng, 24, 2, (1, 1)) - 0.5)
    violet = ramp(
        stretch(noise(rng, 30, 2) + 0.9 * (0.5 - crest) + 0.35 * np.sin(np.round(row) * 2.3)),
        ["#2f1f6a", "#5a3aa8", "#8f5fd0", "#c99af0", "#f2d0ff"],
    )
    soil = ramp(noise(rng, 16, 2), ["#7a3a4a", "#c2704a", "#5f7a3a", "#e0a05a"])
    field = below(horizon + 0.012)
    guide = blend(guide, np.where((crest < bush)[..., None], violet, soil), field)
    heading = np.arctan2(depth + 0.03, (x - 0.60)) + 0.0
    angle = np.where(field > 0.5, heading + np.where(crest < bush, 0.9 * np.sign(row - np.round(row)), 0), 0.5)
    guide = farm(guide)
    for spacing, width, length, cover, turn in (
        (13, 10, 70, 0.85, 0.0),
        (13, 8, 60, 0.74, 1.15),
        (11, 6, 46, 0.76, 0.25),
        (11, 5, 38, 0.80, -0.7),
    ):
        sheet = chalk(
            sheet, tooth, guide, angle + turn * np.where(field > 0.5, 0.45, 1), rng, spacing, width, length, cover
        )
    sharp = smoothstep(0.10, 0.0, np.abs(y - 0.41))
    sheet = chalk(sheet, tooth, guide, np.full_like(x, 1.35), rng, 7, 5, 15, 0.85, sharp)
    sparkle = np.clip(guide * 1.35 + 0.08, 0, 1)
    sheet = chalk(sheet, tooth, sparkle, angle + 0.3, rng, 20, 5, 30, 0.8, field * (crest < 0.6) * 1.0)
    return grain(sheet, rng, 0.014)


def farm(guide: Array) -> Array:
    """A farmhouse with an orange roof and three cypresses on the skyline."""
    x, y = grid()
    for points, colour in (
        ([(0.27, 0.455), (0.27, 0.375), (0.41, 0.375), (0.41, 0.455)], "#f7dcb8"),
        ([(0.41, 0.455), (0.41, 0.385), (0.48, 0.39), (0.48, 0.455)], "#c99a8a"),
        ([(0.255, 0.38), (0.30, 0.335), (0.395, 0.335), (0.425, 0.38)], "#e8602f"),
        ([(0.405, 0.392), (0.425, 0.36), (0.485, 0.365), (0.495, 0.395)], "#b8402a"),
    ):
        guide = blend(guide, colour, polygon(points))
    for wx in (0.295, 0.335, 0.375):
        guide = blend(guide, "#3a3a7a", polygon([(wx, 0.40), (wx + 0.014, 0.40), (wx + 0.014, 0.43), (wx, 0.43)]))
    for cx, top, wide in ((0.20, 0.22, 0.026), (0.235, 0.29, 0.02), (0.525, 0.26, 0.024)):
        half = wide * np.sqrt(((y - top) / (0.46 - top)).clip(0, 1)) * (y < 0.46)
        guide = blend(
            guide,
            ramp(((x - cx) / (2 * wide) + 0.5).clip(0, 1), ["#0f2a3a", "#1f5a4a", "#6f9a4a"]),
            (np.abs(x - cx) < half) * 1.0,
        )
    return guide
