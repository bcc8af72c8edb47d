"""Fits a finely painted picture to one that was painted small, so that strokes keep their size on any picture.

A network paints strokes that are a few pixels wide. So a picture is painted small, where they are large beside what it
shows; the same network then paints the larger sizes, each of which adds what is finer than a pixel of the size before:

    fitted = fine + enlarged(coarse - reduced(fine))

`reduced` takes the mean under each pixel, `enlarged` parabolas whose means are the pixels' (Colella and Woodward 1984,
The piecewise parabolic method, without their limiter). So reduced(enlarged(x)) is x at whole ratios and nearly so at
others, and what is saved at full size is, reduced, what was seen. web/src/engine/levels.ts is the same.
"""

from collections.abc import Iterator

import numpy as np

ROWS = 256  # of the fine picture, fitted at a time: bounds the memory
STENCIL = 5  # pixels that a parabola depends on


def fitted(fine: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    """[H,W,3] of 0..255 and the same picture smaller, [h,w,3] -> `fine` with the large strokes of `coarse`."""
    lacking = coarse.astype(np.float32) - reduced(fine, *coarse.shape[:2])
    height, width, _ = fine.shape
    tall = enlarging(coarse.shape[0], height)
    wide = enlarging(coarse.shape[1], width)
    result = np.empty_like(fine)
    for rows in _bands(height):
        first, weights = tall[0][rows], tall[1][rows]
        narrow = _along(lacking, 0, first, weights)
        added = _along(narrow, 1, *wide)
        result[rows] = np.clip(np.rint(fine[rows] + added), 0, 255)
    return result


def reduced(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """[H,W,3] -> [height,width,3], no larger: means of what lies under each pixel, parts by their share."""
    rows = np.empty((height, *picture.shape[1:]), np.float32)
    for y, (first, shares) in enumerate(_under(picture.shape[0], height)):
        rows[y] = np.tensordot(shares, picture[first : first + len(shares)].astype(np.float32), 1)
    result = np.empty((height, width, 3), np.float32)
    for x, (first, shares) in enumerate(_under(picture.shape[1], width)):
        result[:, x] = np.tensordot(rows[:, first : first + len(shares)], shares, ((1,), (0,)))
    return result


def enlarging(length: int, to: int) -> tuple[np.ndarray, np.ndarray]:
    """For each of `to` pixels, `length` or more: the first small pixel that it depends on, [to], and weights [to,6]."""
    weights = np.zeros((to, STENCIL + 1), np.float32)
    firsts = np.empty(to, int)
    for i in range(to):
        start, end = i * length / to, (i + 1) * length / to
        cell = min(int(start), length - 1)
        firsts[i] = cell - STENCIL // 2
        for k in (0, 1):  # a pixel lies in one small pixel, or across the edge of two
            low, high = max(start - cell - k, 0.0), min(end - cell - k, 1.0)
            if high > low:
                weights[i, k : k + STENCIL] += (_integral(high) - _integral(low)) * to / length
    return firsts, weights


def _integral(u: float) -> np.ndarray:
    """[5]: what each of five pixels adds to the integral of the middle one's parabola from its left edge to u."""
    left = np.array([-1, 7, 7, -1, 0]) / 12  # the values at the middle pixel's edges
    right = np.array([0, -1, 7, 7, -1]) / 12
    middle = np.array([0, 0, 1, 0, 0])
    return left * (u - 2 * u**2 + u**3) + right * (u**3 - u**2) + middle * (3 * u**2 - 2 * u**3)


def _along(picture: np.ndarray, axis: int, firsts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Enlarges along one axis; beyond the edges the last pixel goes on."""
    last = picture.shape[axis] - 1
    shape = (-1, 1, 1) if axis == 0 else (1, -1, 1)
    return sum(
        picture.take(np.clip(firsts + k, 0, last), axis) * weights[:, k].reshape(shape) for k in range(STENCIL + 1)
    )


def _under(length: int, to: int) -> Iterator[tuple[int, np.ndarray]]:
    """For each of `to` pixels: the first of those under it, and the share of each, which sum to 1."""
    for i in range(to):
        start, end = i * length / to, (i + 1) * length / to
        first, beyond = int(start), min(length, int(np.ceil(end)))
        pixels = np.arange(first, beyond)
        shares = np.minimum(pixels + 1, end) - np.maximum(pixels, start)
        yield first, (shares / shares.sum()).astype(np.float32)


def _bands(height: int) -> Iterator[slice]:
    for top in range(0, height, ROWS):
        yield slice(top, top + ROWS)
