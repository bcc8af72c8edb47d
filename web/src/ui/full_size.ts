/** The picture at the photo's own size, larger than what is on the screen. */
import { EngineError, type CallOptions } from '../engine/client';
import { decodePhoto } from '../photo/decode';
import { PhotoError } from '../photo/errors';
import { toImageData, type Area } from '../photo/resize';
import type { Painter, Wish } from './painter';

/** The visitor's file: kept instead of its pixels, which take a hundred times the memory. */
export interface Original {
  file: Blob;
  width: number;
  height: number;
}

/** The result alone takes four bytes each, and so does the canvas that writes it. */
const MOST_PIXELS = 50e6;

/** A finished wish, painted anew from the file. Rejects with PhotoError or EngineError; a cancelled call never resolves. */
export async function paintFullSize(
  painter: Painter,
  wish: Wish,
  { file, width, height }: Original,
  call: CallOptions & { signal: AbortSignal },
): Promise<ImageData> {
  if (width * height > MOST_PIXELS) throw tooLarge();
  const { bitmap } = await decodePhoto(file, wish.photo.name);
  try {
    if (call.signal.aborted) throw new EngineError('cancelled', 'The full size was cancelled.');
    const source = { width, height, read: (area: Area) => toImageData(bitmap, Infinity, area) };
    return await painter.paintLarge(wish, source, call);
  } catch (error) {
    const isFull = error instanceof EngineError && error.code === 'out-of-memory';
    throw isFull || error instanceof RangeError ? tooLarge(error) : error;
  } finally {
    bitmap.close();
  }
}

function tooLarge(cause?: unknown): PhotoError {
  return new PhotoError('too-large-to-paint', 'The full size does not fit into memory.', { cause });
}
