/** Two paintings of one photo laid over one another, as the source of portraits does it (source 003). */
import type { CallOptions } from '../engine/client';
import { dropPicture, type Picture } from '../engine/picture';
import { toImageData } from '../photo/resize';

/** How much of the upper painting is seen at a pixel, 0..1. */
export type Share = (x: number, y: number) => number;

/** Both are opaque and of one size. Gives a picture of its own. */
export function laidOver(upper: ImageData, lower: ImageData, share: Share): ImageData {
  const result = new ImageData(lower.width, lower.height);
  result.data.set(lower.data);
  layOver(upper, result, share);
  return result;
}

/** The same into `lower`, where there is no room for a third picture. */
export function layOver(upper: ImageData, lower: ImageData, share: Share): void {
  const { width, height, data } = lower;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const seen = share(x, y);
      if (seen === 0) continue;
      for (let c = at; c < at + 3; c++) {
        const below = data[c] as number;
        data[c] = below + seen * ((upper.data[c] as number) - below);
      }
    }
  }
}

/** Two calls, one after the other, that share the progress of one. */
export function halves({ signal, onProgress }: CallOptions): readonly [CallOptions, CallOptions] {
  const half = (begin: number): CallOptions => ({
    ...(signal && { signal }),
    onProgress: ({ stage, fraction }) => onProgress?.({ stage, fraction: begin + fraction / 2 }),
  });
  return [half(0), half(0.5)];
}

/** The picture's pixels; a bitmap is let go. */
export function pixelsOf(picture: Picture): ImageData {
  if (!('close' in picture)) return picture;
  const pixels = toImageData(picture, Infinity);
  dropPicture(picture);
  return pixels;
}
