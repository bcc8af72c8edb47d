/** Pictures to pixels at a working size: high quality reduction, transparent parts on white. */

const LONGEST_CANVAS = 4096; // square, that is 16.7 million pixels, the most that Safari's canvases hold

/** A part of a picture, in pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
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
export function fitWithin(width: number, height: number, maxSide: number): { width: number; height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * Sizes to pass through on the way down: halves until the target is less than a factor of two away,
 * because one bilinear drawing reads only the four nearest pixels in some browsers. No size is longer than
 * a canvas may be; from a larger picture the first step is down to that.
 */
export function halvingSizes(
  from: { width: number; height: number },
  to: { width: number; height: number },
): { width: number; height: number }[] {
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
  let context: CanvasRenderingContext2D | undefined;
  for (const size of halvingSizes(area, target)) {
    context = drawOnWhite(picture, from, size);
    picture = context.canvas;
    from = whole(picture);
  }
  if (!context) throw new Error('A picture has at least one size.');
  return context.getImageData(0, 0, target.width, target.height);
}

function whole({ width, height }: { width: number; height: number }): Area {
  return { left: 0, top: 0, width, height };
}

function drawOnWhite(
  picture: CanvasImageSource,
  from: Area,
  { width, height }: { width: number; height: number },
): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, from.left, from.top, from.width, from.height, 0, 0, width, height);
  return context;
}
