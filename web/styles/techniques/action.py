"""Action painting: poured skeins, swung drips and wide house-painter's brushes on raw canvas.

Source: stochastic trajectories (damped pendulum with noise) whose speed sets the width of the poured line.
"""

from __future__ import annotations

import numpy as np
from PIL import ImageDraw

from .canvas import SIZE, Array, Oil, Random, curve, flat, grain, noise, rgb, weave


def skein(rng: Random, count: int) -> tuple[Array, Array]:
    """A poured line: path [count, 2] in px and its width, thin where the hand was quick."""
    t = np.linspace(0, rng.uniform(5, 9), count)
    centre = rng.uniform(0.25, 0.75, 2) * SIZE
    path = np.repeat(centre[None], count, 0)
    for _ in range(4):
        reach, speed, phase = rng.uniform(60, 330), rng.uniform(0.5, 2.6), rng.uniform(0, 6.3, 2)
        path = path + reach * np.stack(
            [np.sin(speed * t + phase[0]), np.sin(speed * rng.uniform(0.7, 1.3) * t + phase[1])], 1
        )
    quickness = np.linalg.norm(np.gradient(path, axis=0), axis=1)
    return path, 1 / (0.4 + quickness / quickness.mean())


def pour(draw: ImageDraw.ImageDraw, rng: Random, colour: Array, weight: float) -> None:
    """One skein with its blobs and the drops thrown off where it turns."""
    path, width = skein(rng, 700)
    width = weight * width * (1 + 0.35 * np.sin(np.linspace(0, 90, len(path)) + rng.uniform(0, 6)))
    for i in range(len(path)):
        r = max(width[i], 1.0)
        ink = tuple(
            (np.clip(np.append(colour * rng.uniform(0.93, 1.05), min(0.4 + r / 26, 1.0)), 0, 1) * 255).astype(int)
        )
        draw.ellipse((path[i, 0] - r, path[i, 1] - r, path[i, 0] + r, path[i, 1] + r), fill=ink)
        if i and np.linalg.norm(path[i] - path[i - 1]) > r:
            draw.line([*path[i - 1], *path[i]], fill=ink, width=max(2, int(r * 2)))
        if rng.random() < 0.05:
            spot, s = path[i] + rng.normal(0, 26, 2), abs(rng.normal(0, weight * 0.45)) + 1
            draw.ellipse((spot[0] - s, spot[1] - s, spot[0] + s, spot[1] + s), fill=ink)


def drips(rng: Random) -> Array:
    """Broad gestures in ultramarine, ochre and crimson under skeins of black, white, yellow and silver."""
    ground = flat("#e3d6ba") * (0.93 + 0.1 * noise(rng, 4, 4))[..., None] * weave(0.05, rng, 7)[..., None]
    oil = Oil(ground, rng)
    gestures = [
        ([(0.05, 0.72), (0.30, 0.38), (0.62, 0.52), (0.95, 0.20)], 150, "#1f3f9a"),
        ([(0.12, 0.18), (0.42, 0.30), (0.55, 0.66), (0.90, 0.84)], 120, "#d9852a"),
        ([(0.30, 0.95), (0.42, 0.70), (0.78, 0.62), (0.88, 0.40)], 90, "#b8202f"),
        ([(0.10, 0.46), (0.34, 0.62), (0.50, 0.88)], 80, "#1f8f8a"),
        ([(0.55, 0.10), (0.70, 0.22), (0.86, 0.16)], 70, "#12151f"),
    ]
    for knots, width, colour in gestures:
        path = (curve(knots, 40) * SIZE)[None]
        oil.strokes(path, width, rgb(colour)[None], 0.22, 46, 0.55)
        oil.strokes(path + rng.normal(0, 8, 2), width * 0.6, (rgb(colour) * 1.25)[None], 0.25, 14, 0.9)
    for _ in range(26):
        start = rng.uniform(0.05, 0.95, 2) * SIZE
        fall = np.stack(
            [start[0] + np.cumsum(rng.normal(0, 0.8, 30)), start[1] + np.linspace(0, rng.uniform(60, 260), 30)], 1
        )
        colour = ("#1f3f9a", "#12151f", "#b8202f", "#f4efe2")[int(rng.integers(4))]
        oil.draw.line(
            fall.ravel().tolist(), fill=(*(rgb(colour) * 255).astype(int), 200), width=int(rng.integers(3, 6))
        )
    palette = [
        ("#12151f", 7.5),
        ("#f7f3e6", 5.5),
        ("#12151f", 5.0),
        ("#f2c21f", 5.0),
        ("#9aa3a8", 4.5),
        ("#c2243a", 4.5),
        ("#f7f3e6", 4.0),
        ("#12151f", 3.4),
        ("#1f8f8a", 3.6),
        ("#f7f3e6", 3.0),
    ]
    for colour, weight in palette:
        for _ in range(2):
            pour(oil.draw, rng, rgb(colour), weight * rng.uniform(0.75, 1.2))
    for _ in range(420):
        at, r = rng.uniform(0, SIZE, 2), rng.exponential(2.6) + 1
        colour = palette[int(rng.integers(len(palette)))][0]
        oil.draw.ellipse((at[0] - r, at[1] - r, at[0] + r, at[1] + r), fill=(*(rgb(colour) * 255).astype(int), 230))
    return grain(oil.varnished(2.6, 0.5), rng, 0.012)
