/** Pictures to pixels at a working size: high quality reduction, transparent parts on white. */
import { LONGEST_CANVAS, MOST_CANVAS_PIXELS, newCanvas, release } from './canvas';

export interface Size {
  width: number;
  height: number;
}

/** A part of a picture, in pixels. */
export interface Area extends Size {
  left: number;
  top: number;
}

/** The largest square in a picture's middle. */
export function centreSquare(width: number, height: number): Area {
  const side = Math.min(width, height);
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) / 2),
    width: side,
    height: side,
  };
}

/** Size with the longer side at most `maxSide`, same proportions, never enlarged, at least 1x1. */
export function fitWithin(width: number, height: number, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Size with at most `most` pixels, same proportions, never enlarged, at least 1x1. */
export function fitArea(width: number, height: number, most: number): Size {
  const scale = Math.min(1, Math.sqrt(most / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/**
 * Sizes to pass through on the way down: halves until the target is less than a factor of two away,
 * because one bilinear drawing reads only the four nearest pixels in some browsers. No size is longer than
 * a canvas may be; from a larger picture the first step is down to that.
 */
export function halvingSizes(from: Size, to: Size): Size[] {
  const largest = fitWithin(from.width, from.height, LONGEST_CANVAS);
  const sizes = [to];
  let { width, height } = to;
  while (width * 2 < largest.width || height * 2 < largest.height) {
    width = Math.min(largest.width, width * 2);
    height = Math.min(largest.height, height * 2);
    sizes.unshift({ width, height });
  }
  const isCapped = Math.max(from.width, from.height) > LONGEST_CANVAS;
  if (isCapped && (width < largest.width || height < largest.height)) sizes.unshift(largest);
  // The first entry is within a factor of two of the source, or as large as may be; drawing starts there.
  return sizes;
}

/** The RGBA pixels of the picture, or of an area of it: opaque, the longer side at most `maxSide` pixels. */
export function toImageData(source: ImageBitmap, maxSide: number, area = whole(source)): ImageData {
  const target = fitWithin(area.width, area.height, maxSide);
  let picture: ImageBitmap | HTMLCanvasElement = source;
  let from = area;
  for (const size of halvingSizes(area, target).slice(0, -1)) {
    const context = newCanvas(size.width, size.height);
    drawOnWhite(context, picture, from, size);
    if (picture !== source) release(picture as HTMLCanvasElement);
    picture = context.canvas;
    from = whole(picture);
  }
  const pixels = readPixels(picture, from, target);
  if (picture !== source) release(picture as HTMLCanvasElement);
  return pixels;
}

function whole({ width, height }: Size): Area {
  return { left: 0, top: 0, width, height };
}

/** The part `from` of a picture as pixels of that size, read in bands that every browser's canvas holds. */
function readPixels(picture: CanvasImageSource, from: Area, size: Size): ImageData {
  const pixels = new ImageData(size.width, size.height);
  const rows = Math.min(size.height, Math.floor(MOST_CANVAS_PIXELS / size.width));
  const context = newCanvas(size.width, rows);
  for (let top = 0; top < size.height; top += rows) {
    drawOnWhite(context, picture, from, size, top);
    const band = context.getImageData(0, 0, size.width, Math.min(rows, size.height - top));
    pixels.data.set(band.data, 4 * top * size.width);
  }
  release(context.canvas);
  return pixels;
}

/** Draws the part `from` of a picture at that size, from its row `top` on, as far as the canvas reaches. */
function drawOnWhite(
  context: CanvasRenderingContext2D,
  picture: CanvasImageSource,
  from: Area,
  size: Size,
  top = 0,
): void {
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  // Drawn whole and cut by the canvas, so that no band shows an edge of its own.
  context.drawImage(picture, from.left, from.top, from.width, from.height, 0, -top, size.width, size.height);
}
