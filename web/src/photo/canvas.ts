/**
 * Canvases within the limits of every browser. Safari's hold 16.7 million pixels: a larger one stays blank
 * without a word. Safari also counts canvases that nobody uses any longer until their sum is refused, so a
 * canvas is released as soon as its pixels are read.
 */

/** The side of the largest square canvas that Safari fills. */
export const LONGEST_CANVAS = 4096;
export const MOST_CANVAS_PIXELS = LONGEST_CANVAS * LONGEST_CANVAS;

/** The 2D context of a new canvas, made for its pixels to be read. */
export function newCanvas(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas.');
  return context;
}

/** Gives a canvas's memory back at once. */
export function release(canvas: HTMLCanvasElement): void {
  canvas.width = canvas.height = 0;
}

/** Whether the canvas kept the opaque pixels that were drawn over the whole of it. */
export function holdsPixels(context: CanvasRenderingContext2D): boolean {
  const { width, height } = context.canvas;
  try {
    return context.getImageData(width - 1, height - 1, 1, 1).data[3] === 255;
  } catch {
    return false; // a canvas that is too large may also refuse to be read
  }
}

const PROBE_SIDE = 16;
/** Protections that change a picture's last bits do no harm; others give noise or one colour. */
const HARMLESS = 4; // of 255

/** Whether a canvas gives back the pixels that it was given. */
export function readsTruePixels(): boolean {
  const written = new ImageData(PROBE_SIDE, PROBE_SIDE);
  written.data.forEach((_, i) => (written.data[i] = i % 4 === 3 ? 255 : (i * 151) % 256));
  const context = newCanvas(PROBE_SIDE, PROBE_SIDE);
  context.putImageData(written, 0, 0);
  const { data } = context.getImageData(0, 0, PROBE_SIDE, PROBE_SIDE);
  release(context.canvas);
  return written.data.every((value, i) => Math.abs(value - (data[i] as number)) <= HARMLESS);
}
