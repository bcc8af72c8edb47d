/** Pictures to pixels at a working size: high quality reduction, transparent parts on white. */

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
 * because one bilinear drawing reads only the four nearest pixels in some browsers.
 */
export function halvingSizes(
  from: { width: number; height: number },
  to: { width: number; height: number },
): { width: number; height: number }[] {
  const sizes = [to];
  let { width, height } = to;
  while (width * 2 < from.width || height * 2 < from.height) {
    width = Math.min(from.width, width * 2);
    height = Math.min(from.height, height * 2);
    sizes.unshift({ width, height });
  }
  // The first entry is within a factor of two of the source; drawing starts there.
  return sizes;
}

/** The picture's RGBA pixels, opaque, with the longer side at most `maxSide` pixels. */
export function toImageData(source: ImageBitmap, maxSide: number): ImageData {
  const target = fitWithin(source.width, source.height, maxSide);
  let picture: CanvasImageSource = source;
  let context: CanvasRenderingContext2D | undefined;
  for (const size of halvingSizes(source, target)) {
    context = drawOnWhite(picture, size.width, size.height);
    picture = context.canvas;
  }
  if (!context) throw new Error('A picture has at least one size.');
  return context.getImageData(0, 0, target.width, target.height);
}

function drawOnWhite(picture: CanvasImageSource, width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return context;
}
