/** A decoded photo at the sizes that it is painted at on the screen. */
import type { Photo } from '../effects/effect';
import { toImageData } from '../photo/resize';

const FULL_SIDE = 1024;
const PREVIEW_SIDE = 320;

export function photoOf(bitmap: ImageBitmap, name: string): Photo {
  const full = toImageData(bitmap, FULL_SIDE);
  const isSmall = Math.max(full.width, full.height) <= PREVIEW_SIDE;
  return { name, full, preview: isSmall ? full : toImageData(bitmap, PREVIEW_SIDE) };
}
