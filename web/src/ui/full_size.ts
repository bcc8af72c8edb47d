/** The picture at the photo's own size, larger than what is on the screen. */
import type { Photo } from '../effects/effect';
import type { Painter, PaintRequest } from '../effects/painter';
import { EngineError, type CallOptions } from '../engine/client';
import { decodePhoto } from '../photo/decode';
import { PhotoError } from '../photo/errors';
import { isReadable } from '../photo/first';
import { toImageData, type Area } from '../photo/resize';

/** The visitor's file, kept instead of its pixels, which take a hundred times the memory; and their size as opened. */
export interface Original {
  file: Blob;
  width: number;
  height: number;
}

/** Levels between two reductions of one picture, in browsers that blur what pages read against fingerprinting. */
const MOST_APART = 8;

/** A finished request, painted anew from the file. Rejects with PhotoError or EngineError; a cancelled call never resolves. */
export async function paintFullSize(
  painter: Painter,
  request: PaintRequest,
  original: Original,
  call: CallOptions & { signal: AbortSignal },
): Promise<ImageData> {
  const { width, height } = original;
  const bitmap = await reopen(original, request.photo);
  try {
    if (call.signal.aborted) throw new EngineError('cancelled', 'The full size was cancelled.');
    const source = { width, height, read: (area: Area) => toImageData(bitmap, Infinity, area) };
    return await painter.paintLarge(request, source, call);
  } catch (error) {
    const isFull = error instanceof EngineError && error.code === 'out-of-memory';
    throw isFull || error instanceof RangeError ? tooLarge(error) : error;
  } finally {
    bitmap.close();
  }
}

/** The file's picture as it was opened; browsers tell by themselves of some changes of a file only. */
async function reopen({ file, width, height }: Original, photo: Photo): Promise<ImageBitmap> {
  const changed = (cause?: unknown) => new PhotoError('changed', `${photo.name} has changed.`, { cause });
  const { bitmap } = await decodePhoto(file, photo.name).catch(async (error: unknown) => {
    throw (await isReadable(file)) ? error : changed(error);
  });
  if (bitmap.width === width && bitmap.height === height && isPictureOf(photo.full, bitmap)) return bitmap;
  bitmap.close();
  throw changed();
}

function isPictureOf(reduced: ImageData, bitmap: ImageBitmap): boolean {
  const { data } = toImageData(bitmap, Math.max(reduced.width, reduced.height));
  return (
    data.length === reduced.data.length &&
    data.every((value, i) => Math.abs(value - (reduced.data[i] ?? 0)) <= MOST_APART)
  );
}

function tooLarge(cause: unknown): PhotoError {
  return new PhotoError('too-large-to-paint', 'The full size does not fit into memory.', { cause });
}
