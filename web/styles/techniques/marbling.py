"""Marbled paper: ink drops on water, pushed by combs and breath.

Source: mathematical marbling (Lu, Jaffer, Jin, Zhao & Mao 2012). Every pixel is traced back through the combs and
the drops; the drop it ends in gives its colour.
"""

from __future__ import annotations

import numpy as np

from .canvas import SIZE, Array, Random, blend, disc, flat, grain, grid, noise, ramp, relief, rgb, smoothstep, stretch

Point = tuple[Array, Array]


def uncomb(at: Point, angle: float, spacing: float, shift: float, sharp: float, phase: float = 0.0) -> Point:
    """Trace back a comb drawn along `angle`, teeth `spacing` apart, that drags the ink by `shift`."""
    x, y = at
    across = x * -np.sin(angle) + y * np.cos(angle) + phase
    tooth = np.abs((across / spacing) % 1 - 0.5) * spacing
    drag = shift * np.exp(-tooth / sharp)
    return x - drag * np.cos(angle), y - drag * np.sin(angle)


def unwave(at: Point, angle: float, amplitude: float, cycles: float, phase: float) -> Point:
    """Trace back a sideways wave."""
    x, y = at
    along = x * np.cos(angle) + y * np.sin(angle)
    push = amplitude * np.sin(along * cycles * 2 * np.pi + phase)
    return x + push * np.sin(angle), y - push * np.cos(angle)


def untwist(at: Point, cx: float, cy: float, turn: float, radius: float) -> Point:
    """Trace back a whirl about a point."""
    x, y = at[0] - cx, at[1] - cy
    angle = -turn * np.exp(-np.hypot(x, y) / radius)
    c, s = np.cos(angle), np.sin(angle)
    return cx + c * x - s * y, cy + s * x + c * y


def drops(at: Point, placed: list[tuple[float, float, float, int]], ground: int) -> tuple[Array, Array]:
    """Ink at each point after drops (x, y, radius, ink) fell in order, and the depth inside its drop (0..1)."""
    x, y = (v.astype(np.float32).copy() for v in at)
    ink = np.full(x.shape, ground, np.int16)
    depth = np.zeros(x.shape, np.float32)
    free = np.ones(x.shape, bool)
    for cx, cy, r, colour in reversed(placed):
        dx, dy = x - cx, y - cy
        square = dx * dx + dy * dy
        hit = free & (square < r * r)
        ink[hit] = colour
        depth[hit] = 1 - np.sqrt(square[hit]) / r
        free &= ~hit
        pull = np.sqrt(1 - r * r / np.maximum(square, r * r + 1e-9))
        x, y = cx + dx * pull, cy + dy * pull
    return ink, depth


def ebru(rng: Random) -> Array:
    """Combed paper: peacock arches in ruby, gold, turquoise and ivory."""
    x, y = grid()
    at = (x + 0.012 * (noise(rng, 5, 2) - 0.5), y + 0.012 * (noise(rng, 5, 2) - 0.5))
    for cx, cy, turn in ((0.27, 0.30, 2.6), (0.73, 0.66, -2.6), (0.80, 0.20, 1.8), (0.20, 0.80, -1.8)):
        at = untwist(at, cx, cy, turn, 0.07)
    at = unwave(at, np.pi / 2, 0.016, 2.5, 0.6)
    at = uncomb(at, np.pi / 2, 0.125, 0.17, 0.020)
    at = uncomb(at, -np.pi / 2, 0.125, 0.15, 0.020, 0.0625)
    at = uncomb(at, 0.0, 0.5, 0.10, 0.10)
    palette = ["#8e1430", "#f0b63a", "#0f8f9a", "#f7ecd2", "#10234f", "#e2562f", "#5fc0b0", "#c23a6a"]
    placed = [(*rng.uniform(-0.25, 1.25, 2), rng.uniform(0.035, 0.105), int(rng.integers(8))) for _ in range(210)]
    ink, depth = drops(at, placed, 4)
    colour = rgb(palette)[ink] * (0.90 + 0.22 * np.sqrt(depth))[..., None]
    vein = np.hypot(*np.gradient(ink.astype(np.float32))) > 0.4
    return finished(blend(colour, "#17121a", vein * 0.30), rng)


def suminagashi(rng: Random) -> Array:
    """Rings of indigo and black ink drifting on water, blown into capes and bays, with one gold leaf moon."""
    x, y = grid()
    wind = [noise(rng, 3, 5) - 0.5 for _ in range(2)]
    at = (x + 0.20 * wind[0], y + 0.20 * wind[1])
    for cx, cy, turn in ((0.25, 0.62, 1.3), (0.78, 0.40, -1.4), (0.55, 0.9, 1.0)):
        at = untwist(at, cx, cy, turn, 0.16)
    placed = []
    centres = [(0.26, 0.32), (0.72, 0.72), (0.88, 0.10), (0.16, 0.86), (0.55, 0.10)]
    for _ in range(230):
        cx, cy = centres[int(rng.choice(5, p=[0.34, 0.34, 0.10, 0.14, 0.08]))]
        placed.append(
            (
                cx + rng.normal(0, 0.006),
                cy + rng.normal(0, 0.006),
                rng.uniform(0.018, 0.062),
                int(rng.choice(6, p=[0.40, 0.2, 0.15, 0.1, 0.1, 0.05])),
            )
        )
    ink, depth = drops(at, placed, 0)
    palette = ["#f2eee2", "#16233f", "#2f5f8f", "#0c0e14", "#8fb4c4", "#b8524a"]
    colour = rgb(palette)[ink]
    fade = 0.25 + 0.75 * smoothstep(0.2, 0.75, stretch(noise(rng, 4, 4)) + 0.9 * depth)
    colour = flat("#f2eee2") + (colour - rgb("#f2eee2")) * fade[..., None]
    gold = disc(0.69, 0.24, 0.085, 0.002) * smoothstep(0.10, 0.24, noise(rng, 26, 3))
    leaf = ramp(stretch(noise(rng, 30, 4)), ["#a8772a", "#e0b452", "#fbe6a0"])
    return finished(blend(colour, leaf, gold * 0.95), rng)


def finished(colour: Array, rng: Random) -> Array:
    """Laid on fibrous paper, with the small white bubbles of an ink bath."""
    x, y = grid()
    for _ in range(60):
        cx, cy, r = *rng.random(2), rng.uniform(0.0008, 0.0028)
        near = (
            slice(max(int((cy - 0.01) * SIZE), 0), int((cy + 0.01) * SIZE) + 1),
            slice(max(int((cx - 0.01) * SIZE), 0), int((cx + 0.01) * SIZE) + 1),
        )
        hole = smoothstep(r + 0.001, r, np.hypot(x[near] - cx, y[near] - cy))
        colour[near] = blend(colour[near], "#f7f0e0", hole * 0.7)
    fibre = stretch(noise(rng, 120, 3)) + 0.6 * stretch(noise(rng, 40, 3, (2.5, 1)))
    return grain(relief(colour, fibre, 0.22), rng, 0.016)
