/**
 * Fits a finely painted picture to one that was painted small, so that strokes keep their size on any picture:
 * fitted = fine + enlarged(coarse - reduced(fine)). training/style/levels.py says how, and is the same.
 */
import type { Size } from './guided';

const RGB = 3;
const RGBA = 4;
/** Pixels that a parabola depends on; one more where a pixel lies across the edge of two small ones. */
const STENCIL = 5;
const PIXELS = STENCIL + 1;

/** Changes `fine`, opaque RGBA, so that reduced it is `coarse`; onProgress hears of the share done, 0..1. */
export function fitToCoarse(
  fine: ImageData,
  coarse: ImageData,
  onProgress: (share: number) => void = () => undefined,
): void {
  const lacking = reduced(fine, coarse);
  for (let i = 0, from = 0; i < lacking.length; i += RGB, from += RGBA) {
    for (let c = 0; c < RGB; c++)
      lacking[i + c] = (coarse.data[from + c] as number) - (lacking[i + c] as number);
  }
  const tall = enlarging(coarse.height, fine.height);
  const wide = enlarging(coarse.width, fine.width);
  const row = new Float32Array(coarse.width * RGB);
  for (let y = 0; y < fine.height; y++) {
    row.fill(0);
    for (let k = 0; k < PIXELS; k++) {
      const weight = tall.weights[y * PIXELS + k] as number;
      if (weight === 0) continue;
      const from = inside((tall.firsts[y] as number) + k, coarse.height) * row.length;
      for (let i = 0; i < row.length; i++)
        row[i] = (row[i] as number) + weight * (lacking[from + i] as number);
    }
    addRow(fine, y, row, wide, coarse.width);
    if (y % 64 === 0) onProgress(y / fine.height);
  }
}

function addRow(fine: ImageData, y: number, row: Float32Array, wide: Enlarging, length: number): void {
  const { data, width } = fine;
  for (let x = 0, to = y * width * RGBA; x < width; x++, to += RGBA) {
    let [red, green, blue] = [0, 0, 0];
    for (let k = 0; k < PIXELS; k++) {
      const weight = wide.weights[x * PIXELS + k] as number;
      if (weight === 0) continue;
      const at = inside((wide.firsts[x] as number) + k, length) * RGB;
      red += weight * (row[at] as number);
      green += weight * (row[at + 1] as number);
      blue += weight * (row[at + 2] as number);
    }
    // Assigned to bytes that round and clamp by themselves.
    data[to] = (data[to] as number) + red;
    data[to + 1] = (data[to + 1] as number) + green;
    data[to + 2] = (data[to + 2] as number) + blue;
  }
}

/** [height,width,3] of 0..255: the mean of what lies under each pixel, parts of pixels by their share. */
export function reduced({ data, width, height }: ImageData, to: Size): Float32Array {
  const result = new Float32Array(to.height * to.width * RGB);
  const columns = under(width, to.width);
  under(height, to.height).forEach(({ first, shares }, row) => {
    shares.forEach((share, k) => {
      const line = (first + k) * width * RGBA;
      let out = row * to.width * RGB;
      for (const column of columns) {
        for (let i = 0, at = line + column.first * RGBA; i < column.shares.length; i++, at += RGBA) {
          const weight = share * (column.shares[i] as number);
          for (let c = 0; c < RGB; c++)
            result[out + c] = (result[out + c] as number) + weight * (data[at + c] as number);
        }
        out += RGB;
      }
    });
  });
  return result;
}

/** The picture with the longer side at most `longest`, never enlarged: means of what lies under each pixel. */
export function smaller(picture: ImageData, longest: number): ImageData {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  if (scale === 1) return picture;
  const side = (length: number) => Math.max(1, Math.floor(length * scale + 0.5));
  const result = new ImageData(side(picture.width), side(picture.height));
  const means = reduced(picture, result);
  for (let i = 0, to = 0; i < means.length; i += RGB, to += RGBA) {
    for (let c = 0; c < RGB; c++) result.data[to + c] = means[i + c] as number;
    result.data[to + RGB] = 255;
  }
  return result;
}

interface Under {
  first: number;
  /** Sum to 1. */
  shares: number[];
}

/** For each of `to` pixels: those that lie under it. */
function under(length: number, to: number): Under[] {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * length) / to, ((i + 1) * length) / to];
    const first = Math.floor(start);
    const count = Math.min(length, Math.ceil(end)) - first;
    const parts = Array.from(
      { length: count },
      (_part, k) => Math.min(first + k + 1, end) - Math.max(first + k, start),
    );
    const sum = parts.reduce((a, b) => a + b, 0);
    return { first, shares: parts.map((part) => part / sum) };
  });
}

interface Enlarging {
  /** The first small pixel that each pixel depends on; beyond the edges the last one goes on. */
  firsts: Int32Array;
  /** [pixels, 6]. */
  weights: Float32Array;
}

function enlarging(length: number, to: number): Enlarging {
  const firsts = new Int32Array(to);
  const weights = new Float32Array(to * PIXELS);
  for (let i = 0; i < to; i++) {
    const [start, end] = [(i * length) / to, ((i + 1) * length) / to];
    const cell = Math.min(Math.floor(start), length - 1);
    firsts[i] = cell - (STENCIL >> 1);
    for (const k of [0, 1]) {
      const [low, high] = [Math.max(start - cell - k, 0), Math.min(end - cell - k, 1)];
      if (high <= low) continue;
      const [from, until] = [integral(low), integral(high)];
      for (let at = 0; at < STENCIL; at++) {
        const place = i * PIXELS + k + at;
        const mean = (((until[at] as number) - (from[at] as number)) * to) / length;
        weights[place] = (weights[place] as number) + mean;
      }
    }
  }
  return { firsts, weights };
}

/** What each of five pixels adds to the integral of the middle one's parabola from its left edge to u, [5]. */
function integral(u: number): number[] {
  const left = u - 2 * u ** 2 + u ** 3;
  const right = u ** 3 - u ** 2;
  const middle = 3 * u ** 2 - 2 * u ** 3;
  return [
    -left / 12,
    (7 * left - right) / 12,
    (7 * left + 7 * right) / 12 + middle,
    (7 * right - left) / 12,
    -right / 12,
  ];
}

function inside(i: number, length: number): number {
  return Math.min(length - 1, Math.max(0, i));
}
