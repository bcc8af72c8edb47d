/** Pictures to show, in memory or on the graphics processor. */

export type Picture = ImageData | ImageBitmap;

/** Gives the graphics processor's memory back at once, where the value is a bitmap; the rest is collected. */
export function dropPicture(value: object | undefined): void {
  if (value && 'close' in value && typeof value.close === 'function') value.close();
}
