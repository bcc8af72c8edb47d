/** A photo reduced to a moderate size, as Python does it (training/daynight/paint.py, training/style/evenness.py). */
import { CONSTANTS } from './constants';
import type { Size } from './guided';

const MULTIPLE = 8; // the style transformer halves three times
const SMALLEST = 32; // px

/** The size at which photos are translated. */
export function workingSize(size: Size): Size {
  const { working_side: side, working_multiple: multiple } = CONSTANTS['day-to-night'];
  return reducedSize(size, side, multiple);
}

/** Both sides multiples, at least 32, the longer one at most `longest`. */
export function reducedSize({ width, height }: Size, longest: number, multiple = MULTIPLE): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  const side = (length: number) =>
    Math.max(SMALLEST, multiple, roundHalfToEven((length * scale) / multiple) * multiple);
  return { width: side(width), height: side(height) };
}

/** As Python's round. */
function roundHalfToEven(value: number): number {
  return value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}

/** The photo at that size: means of the pixels under each new one, as Pillow's BOX. RGBA, opaque. */
export function reduce(photo: ImageData, size: Size): ImageData {
  const narrow = reduceLines(photo.data, photo.height, photo.width * 4, 4, spans(photo.width, size.width));
  const row = size.width * 4;
  const pixels = reduceLines(narrow, size.width, 4, row, spans(photo.height, size.height));
  // Lines came out one after another: columns now, rows they should be.
  const result = new ImageData(size.width, size.height);
  for (let y = 0, to = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, to += 4) {
      const from = (x * size.height + y) * 4;
      result.data.set(pixels.subarray(from, from + 4), to);
    }
  }
  return result;
}

/** The pixels under each of `to` new ones, of `from`: those whose centres lie within; the nearest if enlarged. */
export function spans(from: number, to: number): { first: number; end: number }[] {
  const scale = from / to;
  const side = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    // In Pillow's own arithmetic, so that centres on an edge fall to the same side.
    const isUnder = (pixel: number) => {
      const distance = (pixel - centre + 0.5) * (1 / side);
      return distance > -0.5 && distance <= 0.5;
    };
    let first = Math.max(0, Math.trunc(centre - 0.5 * side + 0.5));
    let end = Math.min(from, Math.trunc(centre + 0.5 * side + 0.5));
    while (!isUnder(first)) first++;
    while (!isUnder(end - 1)) end--;
    return { first, end };
  });
}

/** Reduces `lines` lines that begin `apart` from each other, their pixels `step` apart, into lines without gaps. */
function reduceLines(
  data: Uint8ClampedArray,
  lines: number,
  apart: number,
  step: number,
  parts: { first: number; end: number }[],
): Uint8ClampedArray {
  const out = new Uint8ClampedArray(lines * parts.length * 4);
  let to = 0;
  for (let line = 0; line < lines; line++) {
    for (const { first, end } of parts) {
      let [red, green, blue] = [0, 0, 0];
      for (let at = line * apart + first * step; at < line * apart + end * step; at += step) {
        red += data[at] as number;
        green += data[at + 1] as number;
        blue += data[at + 2] as number;
      }
      const count = end - first;
      // Halves are rounded up, as Pillow does; the array would round them to even.
      out[to] = Math.floor(red / count + 0.5);
      out[to + 1] = Math.floor(green / count + 0.5);
      out[to + 2] = Math.floor(blue / count + 0.5);
      out[to + 3] = 255;
      to += 4;
    }
  }
  return out;
}
