"""What every painting technique of the gallery shares: palettes, noise, flow and a bristle brush.

Pictures are float32 [SIZE, SIZE, 3] in [0, 1]; points are (x, y) in pixels; fields are [SIZE, SIZE].
Noise is fractal value noise (Perlin-like octaves); streamlines and line integral convolution after
Cabral & Leedom 1993; layered brush strokes after Hertzmann 1998; relief is Lambert shading of paint height.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

SIZE = 1024
Array = np.ndarray
Random = np.random.Generator


def rgb(colours: str | Sequence[str]) -> Array:
    """Hex colours ("#rrggbb") as float32 [3], or [n, 3] for a sequence, in [0, 1]."""
    if isinstance(colours, str):
        return np.array([int(colours[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return np.stack([rgb(colour) for colour in colours])


def grid() -> tuple[Array, Array]:
    """x and y of every pixel's centre, in [0, 1], y downwards."""
    line = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE
    x, y = np.meshgrid(line, line)
    return x, y


def smoothstep(low: float | Array, high: float | Array, value: Array) -> Array:
    """0 below `low`, 1 above `high`, a smooth S between (the order may be reversed)."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def ramp(value: Array, colours: Sequence[str]) -> Array:
    """Colours interpolated along a palette: value in [0, 1] -> [..., 3]."""
    stops = rgb(colours)
    at = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(value, at, stops[:, c]) for c in range(3)], -1).astype(np.float32)


def blend(under: Array, over: Array | str, mask: Array) -> Array:
    """`over` (a picture, a colour or a hex string) laid on `under` where mask in [0, 1]."""
    top = rgb(over) if isinstance(over, str) else over
    return under + (top - under) * mask[..., None]


def flat(colour: str) -> Array:
    """A picture of one colour."""
    return np.broadcast_to(rgb(colour), (SIZE, SIZE, 3)).copy()


def noise(rng: Random, cells: float, octaves: int = 4, stretch: tuple[float, float] = (1, 1)) -> Array:
    """Fractal value noise stretched to [0, 1]; `cells` across the picture, `stretch` multiplies (x, y) cells."""
    total = np.zeros((SIZE, SIZE), np.float32)
    for octave in range(octaves):
        wide, high = (max(2, round(cells * s * 2**octave)) for s in stretch)
        lattice = Image.fromarray(rng.random((high + 3, wide + 3), dtype=np.float32))
        box = (1, 1, wide + 1, high + 1)
        total += np.asarray(lattice.resize((SIZE, SIZE), Image.Resampling.BICUBIC, box)) / 2**octave
    low, high = np.percentile(total[::4, ::4], [0.5, 99.5])
    return np.clip((total - low) / (high - low), 0, 1)


def ridge(rng: Random, base: float, height: float, cells: int, octaves: int = 5) -> Array:
    """A horizon line: y in [0, 1] for every column, around `base`, within about +-`height`."""
    columns = np.linspace(0, 1, SIZE)
    line = np.zeros(SIZE)
    for octave in range(octaves):
        count = cells * 2**octave + 1
        knots = rng.uniform(-1, 1, count)
        line += (
            ndimage.zoom(knots, SIZE / count, order=1)[:SIZE] / 2**octave
            if octave > 2
            else (np.interp(columns, np.linspace(0, 1, count * 8), ndimage.zoom(knots, 8, order=3)) / 2**octave)
        )
    return (base + height * line / 1.6).astype(np.float32)


def below(line: Array, soft: float = 0.002) -> Array:
    """Mask of what lies below a horizon line."""
    _, y = grid()
    return smoothstep(-soft, soft, y - line[None, :])


def disc(cx: float, cy: float, radius: float, soft: float = 0.003) -> Array:
    """Mask of a disc, in units of the picture."""
    x, y = grid()
    return smoothstep(radius + soft, radius - soft, np.hypot(x - cx, y - cy))


def polygon(points: Sequence[tuple[float, float]] | Array) -> Array:
    """Mask of a filled polygon given in units of the picture (antialiased)."""
    mask = Image.new("L", (SIZE * 2, SIZE * 2))
    ImageDraw.Draw(mask).polygon([(float(px) * SIZE * 2, float(py) * SIZE * 2) for px, py in points], fill=255)
    return np.asarray(mask.reduce(2), np.float32) / 255


def curve(knots: Sequence[tuple[float, float]], count: int = 60) -> Array:
    """Catmull-Rom curve through knots -> [count, 2]."""
    p = np.asarray(knots, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, len(p) - 3 - 1e-6, count)
    i, f = t.astype(int), (t % 1)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return 0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3)


def ribbon(path: Array, widths: Array | float) -> Array:
    """Outline of a line of varying width: path [n, 2], widths [n] -> polygon [2n, 2]."""
    tangent = np.gradient(path, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    half = np.broadcast_to(np.asarray(widths, float), len(path))[:, None] / 2
    return np.vstack([path + normal * half, (path - normal * half)[::-1]])


def relief(picture: Array, height: Array, strength: float, shine: float = 0.0, angle: float = 2.4) -> Array:
    """Light a picture from `angle` (radians, y downwards) as if its paint stood `height` high."""
    slope_y, slope_x = np.gradient(ndimage.gaussian_filter(height, 0.8))
    slope = (slope_x * np.cos(angle) - slope_y * np.sin(angle)) * strength
    lit = picture * (1 + np.clip(slope, -0.55, 0.55))[..., None]
    return lit + (np.clip(slope - 0.15, 0, 0.5) * shine)[..., None]


def lic(texture: Array, angle: Array, length: int) -> Array:
    """Line integral convolution: the texture smeared along the field of angles by `length` px each way."""
    dx, dy = np.cos(angle), np.sin(angle)
    total, steps = texture.astype(np.float32).copy(), max(1, length // 2)
    for sign in (-2, 2):
        y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
        for _ in range(steps):
            iy, ix = np.clip(y, 0, SIZE - 1).astype(np.int32), np.clip(x, 0, SIZE - 1).astype(np.int32)
            x += sign * dx[iy, ix]
            y += sign * dy[iy, ix]
            total += texture[np.clip(y, 0, SIZE - 1).astype(np.int32), np.clip(x, 0, SIZE - 1).astype(np.int32)]
    return total / (2 * steps + 1)


def stretch(field: Array) -> Array:
    """A field spread to the whole of [0, 1], a percent clipped at each end."""
    low, high = np.percentile(field[::4, ::4], [1, 99])
    return np.clip((field - low) / (high - low + 1e-9), 0, 1)


def streaks(rng: Random, length: int, upright: bool = False) -> Array:
    """The marks a dry brush leaves along x (or y when `upright`), `length` px long, in [0, 1]."""
    axis = 0 if upright else 1
    hairs = ndimage.uniform_filter1d(rng.random((SIZE, SIZE), dtype=np.float32), length, axis, mode="wrap")
    return stretch(ndimage.gaussian_filter1d(hairs, 0.9, 1 - axis, mode="wrap"))


def scatter(rng: Random, spacing: float, mask: Array | None = None) -> Array:
    """Jittered grid of points about `spacing` px apart in random order -> [n, 2], kept where mask > random."""
    line = np.arange(-spacing / 2, SIZE + spacing, spacing)
    points = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
    points = rng.permutation(points + rng.uniform(-0.6, 0.6, points.shape) * spacing)
    if mask is not None:
        points = points[sample(mask, points) > rng.random(len(points))]
    return points


def sample(field: Array, points: Array) -> Array:
    """Values of a field or picture at points [..., 2] (nearest pixel, edges repeated)."""
    at = np.clip(points, 0, SIZE - 1).astype(np.int32)
    return field[at[..., 1], at[..., 0]]


def streamlines(angle: Array, starts: Array, lengths: Array | float, steps: int = 10) -> Array:
    """Paths [n, steps, 2] that follow the field through their midpoints; lengths in px."""
    stride = (np.broadcast_to(np.asarray(lengths, float), len(starts)) / (steps - 1))[:, None]
    paths = np.empty((len(starts), steps, 2))
    middle = steps // 2
    for way, order in ((1, range(middle, steps)), (-1, range(middle - 1, -1, -1))):
        position = starts.astype(float).copy()
        for k in order:
            if way < 0 or k > middle:
                a = sample(angle, position)
                position = position + way * stride * np.stack([np.cos(a), np.sin(a)], 1)
            paths[:, k] = position
    return paths


class Oil:
    """A canvas for bristle strokes that keeps the paint's colour and, in its fourth channel, its height."""

    def __init__(self, ground: Array, rng: Random) -> None:
        raised = np.full((SIZE, SIZE, 1), 0.25, np.float32)
        pixels = np.concatenate([np.clip(ground, 0, 1), raised], 2)
        self.image = Image.fromarray((pixels * 255).astype(np.uint8), "RGBA")
        self.draw = ImageDraw.Draw(self.image)
        self.rng = rng

    def strokes(
        self,
        paths: Array,
        widths: Array | float,
        colours: Array,
        streak: float = 0.07,
        bristles: int = 0,
        ragged: float = 0.25,
    ) -> None:
        """Draw strokes in order: paths [n, k, 2], widths in px, colours [n, 3]; `streak` varies the bristles."""
        n, k, _ = paths.shape
        widths = np.broadcast_to(np.asarray(widths, float), n)
        count = bristles or int(np.clip(widths.mean() / 2.2, 3, 16))
        tangent = np.gradient(paths, axis=1)
        normal = np.stack([-tangent[..., 1], tangent[..., 0]], -1)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-6
        across = np.linspace(-0.5, 0.5, count)
        swell = 0.72 + 0.28 * np.sin(np.linspace(0.15, np.pi - 0.15, k))
        offset = across[None, :, None] * widths[:, None, None] * swell[None, None, :]
        hairs = paths[:, None] + normal[:, None] * offset[..., None]
        height = 0.45 + 0.25 * np.abs(across * 2)[None] ** 2 + self.rng.uniform(-0.25, 0.25, (n, count))
        tone = 1 + self.rng.normal(0, streak, (n, count, 1))
        inks = np.concatenate([np.clip(colours[:, None] * tone, 0, 1), height[..., None].clip(0, 1)], -1)
        inks = (inks * 255).astype(int)
        thick = np.maximum(2, np.ceil(widths / count * 1.5)).astype(int)
        first = (self.rng.random((n, count)) * ragged * k * 0.5).astype(int)
        last = k - (self.rng.random((n, count)) * ragged * k).astype(int)
        for i in range(n):
            for j in self.rng.permutation(count):
                hair = hairs[i, j, first[i, j] : max(last[i, j], first[i, j] + 2)]
                self.draw.line(hair.ravel().tolist(), fill=tuple(inks[i, j]), width=int(thick[i]))

    def layer(
        self,
        guide: Array,
        angle: Array,
        spacing: float,
        width: float,
        length: float,
        mask: Array | None = None,
        jitter: float = 0.05,
        streak: float = 0.07,
        ragged: float = 0.25,
    ) -> None:
        """One layer after Hertzmann: strokes along `angle` in the guide's colours, varied by `jitter`."""
        starts = scatter(self.rng, spacing, mask)
        scale = self.rng.uniform(0.7, 1.25, len(starts))
        paths = streamlines(angle, starts, length * scale)
        colours = sample(guide, starts)
        colours = colours * (1 + self.rng.normal(0, jitter, (len(starts), 1)))
        colours = colours + self.rng.normal(0, jitter * 0.6, colours.shape)
        self.strokes(paths, width * scale, np.clip(colours, 0, 1), streak, ragged=ragged)

    def varnished(self, strength: float = 2.2, shine: float = 0.35) -> Array:
        """The picture with its paint lit from the upper left."""
        pixels = np.asarray(self.image, np.float32) / 255
        return relief(pixels[..., :3], pixels[..., 3], strength, shine)

    def colours(self) -> Array:
        """The picture without relief."""
        return np.asarray(self.image, np.float32)[..., :3] / 255


def weave(strength: float, rng: Random, period: float = 5.0) -> Array:
    """Canvas weave as a factor around 1."""
    x, y = grid()
    wobble = noise(rng, 6, 3) * 2.5
    threads = np.sin(x * SIZE * 2 * np.pi / period + wobble) * np.sin(y * SIZE * 2 * np.pi / period + wobble)
    return 1 + strength * threads.astype(np.float32)


def grain(picture: Array, rng: Random, amount: float, size: float = 1.0) -> Array:
    """Fine grain, `size` px across, added to the brightness."""
    speckle = ndimage.gaussian_filter(rng.standard_normal((SIZE, SIZE)).astype(np.float32), size)
    return picture + (speckle / speckle.std() * amount)[..., None]
