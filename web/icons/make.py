"""Draws Nocturne's mark (a crescent and a star over a brush-stroke wave) as icons: `python web/icons/make.py`.

Writes public/icons/icon.svg, icon-192.png, icon-512.png, icon-maskable-512.png and public/favicon.ico beside
this folder. All come from the one geometry below, in a square of 32 units; the page's own mark is the same.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

PUBLIC = Path(__file__).resolve().parent.parent / "public"
SKY, MOON, WAVE = "#27366f", "#f2dba6", "#9fb4f5"
TOP, BOTTOM = (18.6, 5.2), (26.6, 18.3)  # the crescent's horns
OUTER, INNER = 9.3, 7.68  # radii of its two arcs
STAR, STAR_RADIUS = (24.2, 8.4), 1.1
CURVES = (
    ((5.4, 24.6), (8.4, 22.9), (10.6, 22.9), (13.4, 24.6)),
    ((13.4, 24.6), (16.2, 26.3), (19.0, 26.5), (22.7, 24.3)),
)
WAVE_WIDTH = 1.5


def svg() -> str:
    """The mark as an SVG document."""
    (start, *first), (_, *second) = CURVES
    wave_path = " ".join(f"{px} {py}" for px, py in first) + "C" + " ".join(f"{px} {py}" for px, py in second)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<circle cx="16" cy="16" r="16" fill="{SKY}"/>'
        f'<path fill="{MOON}" d="M{TOP[0]} {TOP[1]}A{OUTER} {OUTER} 0 1 0 {BOTTOM[0]} {BOTTOM[1]}'
        f'A{INNER} {INNER} 0 0 1 {TOP[0]} {TOP[1]}Z"/>'
        f'<path fill="none" stroke="{WAVE}" stroke-width="{WAVE_WIDTH}" stroke-linecap="round" '
        f'd="M{start[0]} {start[1]}C{wave_path}"/>'
        f'<circle cx="{STAR[0]}" cy="{STAR[1]}" r="{STAR_RADIUS}" fill="{MOON}"/></svg>\n'
    )


def arc_centre(radius: float, side: int) -> np.ndarray:
    """Centre of a circle through both horns; `side` +1 is left of the way from top to bottom horn."""
    a, b = np.array(TOP), np.array(BOTTOM)
    middle, chord = (a + b) / 2, b - a
    normal = np.array([-chord[1], chord[0]]) / np.linalg.norm(chord)
    return middle + side * normal * np.sqrt(radius**2 - (np.linalg.norm(chord) / 2) ** 2)


def raster(side: int, square: bool = False) -> Image.Image:
    """The mark in pixels, four samples a side; `square` fills the corners and insets it (a maskable icon)."""
    fine = side * 4
    line = (np.arange(fine) + 0.5) / fine * 32
    x, y = np.meshgrid(line, line)
    sky = np.ones_like(x, bool) if square else np.hypot(x - 16, y - 16) <= 16
    if square:
        x, y = (x - 16) / 0.78 + 16, (y - 16) / 0.78 + 16
    picture = np.zeros((fine, fine, 4), np.uint8)
    picture[sky] = [*colour(SKY), 255]
    (ox, oy), (ix, iy) = arc_centre(OUTER, 1), arc_centre(INNER, -1)
    crescent = (np.hypot(x - ox, y - oy) <= OUTER) & (np.hypot(x - ix, y - iy) > INNER)
    star = np.hypot(x - STAR[0], y - STAR[1]) <= STAR_RADIUS
    picture[crescent | star] = [*colour(MOON), 255]
    for px, py in wave():
        picture[np.hypot(x - px, y - py) <= WAVE_WIDTH / 2] = [*colour(WAVE), 255]
    return Image.fromarray(picture).reduce(4)


def wave(steps: int = 90) -> np.ndarray:
    """Points along the wave's two Bezier curves."""
    t = np.linspace(0, 1, steps)[:, None]
    bezier = [
        (1 - t) ** 3 * np.array(a)
        + 3 * (1 - t) ** 2 * t * np.array(b)
        + 3 * (1 - t) * t**2 * np.array(c)
        + t**3 * np.array(d)
        for a, b, c, d in CURVES
    ]
    return np.concatenate(bezier)


def colour(text: str) -> tuple[int, int, int]:
    """A hex colour as three numbers of 0..255."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def main() -> None:
    """Write all icons."""
    icons = PUBLIC / "icons"
    icons.mkdir(parents=True, exist_ok=True)
    (icons / "icon.svg").write_text(svg(), "utf-8")
    for side in (192, 512):
        raster(side).save(icons / f"icon-{side}.png", optimize=True)
    raster(512, square=True).save(icons / "icon-maskable-512.png", optimize=True)
    raster(256).save(PUBLIC / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])


if __name__ == "__main__":
    main()
