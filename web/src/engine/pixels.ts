/** Between RGBA pixels and the networks' [1,H,W,3] floats in [0,1]. */

import type { Size } from './guided';

/** The transformer halves three times, so its sides are multiples of 8. */
const MULTIPLE = 8;
/** Below this side the network's inner reflections would run out of pixels. */
const SMALLEST = 32;

export interface Padding {
  top: number;
  left: number;
  /** Size with the padding. */
  height: number;
  width: number;
}

/** The padding that makes both sides a multiple of 8 and at least 32, shared between opposite edges. */
export function paddingFor(height: number, width: number): Padding {
  const up = (side: number) => Math.max(SMALLEST, Math.ceil(side / MULTIPLE) * MULTIPLE);
  const padded = { height: up(height), width: up(width) };
  return {
    ...padded,
    top: Math.floor((padded.height - height) / 2),
    left: Math.floor((padded.width - width) / 2),
  };
}

/** The index inside 0..size-1 that position i mirrors to; the edge pixel is not repeated. */
export function reflect(i: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = ((i % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** RGBA pixels to [height,width,3] in [0,1], padded by reflection. */
export function toFloats(photo: ImageData, padding: Padding): Float32Array<ArrayBuffer> {
  const { data, width, height } = photo;
  const columns = Int32Array.from({ length: padding.width }, (_, x) => 4 * reflect(x - padding.left, width));
  const floats = new Float32Array(padding.height * padding.width * 3);
  let out = 0;
  for (let y = 0; y < padding.height; y++) {
    const row = reflect(y - padding.top, height) * width * 4;
    for (const column of columns) {
      const at = row + column;
      floats[out++] = (data[at] as number) / 255;
      floats[out++] = (data[at + 1] as number) / 255;
      floats[out++] = (data[at + 2] as number) / 255;
    }
  }
  return floats;
}

/** The painted floats [padding.height, padding.width, 3] in [0,1], cropped to that size, as opaque RGBA. */
export function toPixels(painted: Float32Array, padding: Padding, { width, height }: Size): ImageData {
  const result = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    let from = ((y + padding.top) * padding.width + padding.left) * 3;
    let to = y * width * 4;
    for (let x = 0; x < width; x++, to += 4) {
      for (let channel = 0; channel < 3; channel++) {
        result.data[to + channel] = 255 * (painted[from++] as number); // rounds and clamps by itself
      }
      result.data[to + 3] = 255;
    }
  }
  return result;
}

/** Of the red, green and blue in light (ITU-R BT.601). */
const LIGHT = [0.299, 0.587, 0.114] as const;

/** Gives a painting the photo's colours (Cb and Cr) and leaves it its light; both are RGB floats in [0,1]. */
export function takeColours(painted: Float32Array, photo: Float32Array): void {
  for (let i = 0; i < painted.length; i += 3) {
    let lighter = 0;
    for (let c = 0; c < 3; c++)
      lighter += (LIGHT[c] as number) * ((painted[i + c] as number) - (photo[i + c] as number));
    for (let c = 0; c < 3; c++) painted[i + c] = Math.min(1, Math.max(0, (photo[i + c] as number) + lighter));
  }
}
