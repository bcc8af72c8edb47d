/** A file the visitor gave, decoded: upright, whole, of a size that can be painted, or refused with a code. */
import { holdsPixels, newCanvas, readsTruePixels, release } from './canvas';
import { endsTooEarly, lacksRows } from './cut';
import { PhotoError } from './errors';
import { decodeHeic } from './heic';
import { HEADER_BYTES, readHeader, type Header } from './header';
import { lacksEnd, mend, probeOf, type Mended } from './mend';
import { hasSpoiltRows } from './mend-png';
import { fitArea, toImageData } from './resize';

export { PhotoError, type PhotoErrorCode } from './errors';

export interface DecodedPhoto {
  /** Upright: the camera's orientation is applied. */
  bitmap: ImageBitmap;
  width: number;
  height: number;
  /** The file's name, "photo" where it has none. */
  name: string;
  /** The picture's own size in pixels, where it was reduced to LARGEST pixels. */
  reducedFrom?: { width: number; height: number };
}

/** What is opened at its own size: the painting takes four bytes each, and so does the canvas that writes it. */
export const LARGEST = 50e6;
/** A little more than the largest phone cameras; four bytes each once decoded. */
export const MOST_PIXELS = 220e6;
const LONGEST_SIDE = 65_535; // px, of a JPEG; browsers' decoders end near that
/** Files of no known format are given to the browser as long as that costs little. */
const MOST_BYTES_OF_UNKNOWN = 4e6;
/** The longer side at which two decodings are compared. */
const COMPARED_SIDE = 2048;

/** Decodes a picture file; of an animation the first frame. Rejects with PhotoError. */
export async function decodePhoto(file: Blob, name: string): Promise<DecodedPhoto> {
  if (file.size === 0) throw new PhotoError('empty', 'The file is empty.');
  const head = await bytesOf(file.slice(0, HEADER_BYTES)).catch((cause: unknown) => {
    // A dropped folder looks like a file until its bytes are asked for.
    throw new PhotoError('not-a-picture', 'The file cannot be read; it may be a folder.', { cause });
  });
  const header = readHeader(head);
  refuse(header, file.size);
  if (!readsTruePixels()) throw new PhotoError('false-pixels', 'Canvases give false pixels in this browser.');
  if (lacksRows(header.format, head, file.size)) throw truncated();
  const whole = await decodeWhole(file, header.format).catch(async (cause: unknown) => {
    if (cause instanceof PhotoError) throw cause;
    const tail = await bytesOf(file.slice(-1));
    const isCut = endsTooEarly(header.format, head, tail, file.size);
    if (header.format === 'heic' && !isCut && !isHopeless(header, file.size)) return decodeHeic(file);
    throw failure(header.format, isCut, cause);
  });
  return { ...(await withinLimit(whole)), name: name || 'photo' };
}

/** Throws for what is not worth decoding. */
function refuse({ format, width = 0, height = 0 }: Header, bytes: number): void {
  if (format === 'svg') throw failure(format, false);
  if (format === 'unknown' && bytes > MOST_BYTES_OF_UNKNOWN) throw failure(format, false);
  if (width * height > MOST_PIXELS || Math.max(width, height) > LONGEST_SIDE) throw tooLarge(width, height);
}

/** Whether a HEIC that was read to its end describes no picture: no decoder is worth fetching for it. */
function isHopeless({ width }: Header, bytes: number): boolean {
  return width === undefined && bytes <= HEADER_BYTES;
}

/** The picture if all its rows are there. Rejects with PhotoError 'truncated', or as the browser does. */
async function decodeWhole(file: Blob, format: Header['format']): Promise<ImageBitmap> {
  const isMendable = format === 'jpeg' || format === 'png' || format === 'gif';
  if (!isMendable) return decode(file);
  const bytes = await bytesOf(file);
  // Asked before decoding, because some browsers draw the part that is there and say nothing.
  if (lacksEnd(format, bytes)) return decodeMended(await mend(format, bytes));
  if (format === 'png' && hasSpoiltRows(bytes)) return decodeMended(await mend(format, bytes), damaged());
  const bitmap = await decode(file).catch(async (cause: unknown) =>
    decodeMended(await mend(format, bytes), cause),
  );
  if (format === 'jpeg' && mayLackRows(bitmap) && !(await isWhole(bitmap, probeOf(bytes)))) {
    bitmap.close();
    throw truncated();
  }
  return bitmap;
}

/** The mended picture. Rejects where rows are missing, with `cause` where the file was not cut off. */
async function decodeMended(mended: Mended | undefined, cause?: unknown): Promise<ImageBitmap> {
  const bitmap = mended && (await decode(mended.whole).catch(() => undefined));
  if (bitmap && (await isWhole(bitmap, mended.probe))) return bitmap;
  bitmap?.close();
  throw cause ?? truncated();
}

/** Whether the probe, with other bytes behind its pixels, looks the same: then all of them are there. */
async function isWhole(bitmap: ImageBitmap, probe: Blob | undefined): Promise<boolean> {
  if (!probe) return true;
  const other = await decode(probe).catch(() => undefined);
  if (!other) return false;
  const [ours, theirs] = [bitmap, other].map((each) => toImageData(each, COMPARED_SIDE).data);
  other.close();
  return ours?.every((value, i) => value === theirs?.[i]) ?? false;
}

/**
 * Whether a corner is of one colour, as decoders leave what is missing at a JPEG's end, turned as it may be.
 * The largest are believed: a second decoding of them takes as much memory again.
 */
function mayLackRows(bitmap: ImageBitmap): boolean {
  if (bitmap.width * bitmap.height > LARGEST) return false;
  const [width, height] = [Math.min(8, bitmap.width), Math.min(8, bitmap.height)];
  return [0, bitmap.width - width].some((left) =>
    [0, bitmap.height - height].some((top) => {
      const { data } = toImageData(bitmap, Infinity, { left, top, width, height });
      return data.every((value, i) => value === data[i % 4]);
    }),
  );
}

/** The picture, reduced where it has more pixels than can be painted. */
async function withinLimit(bitmap: ImageBitmap): Promise<Omit<DecodedPhoto, 'name'>> {
  const { width, height } = bitmap;
  if (width * height <= LARGEST) return { bitmap, width, height };
  const size = fitArea(width, height, LARGEST);
  const reduced = await createImageBitmap(bitmap, {
    resizeWidth: size.width,
    resizeHeight: size.height,
    resizeQuality: 'high',
  }).catch((cause: unknown) => {
    throw tooLarge(width, height, cause);
  });
  bitmap.close();
  return { bitmap: reduced, ...size, reducedFrom: { width, height } };
}

function truncated(cause?: unknown): PhotoError {
  return new PhotoError('truncated', 'The picture file ends too early.', { cause });
}

function damaged(cause?: unknown): PhotoError {
  return new PhotoError('damaged', 'The picture file is damaged.', { cause });
}

function tooLarge(width: number, height: number, cause?: unknown): PhotoError {
  return new PhotoError('too-large', `${width} × ${height} pixels are more than this browser can hold.`, {
    cause,
  });
}

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (error) {
    // Safari before 17.2 does not know that option, and its bitmaps lie as the camera did.
    if (error instanceof TypeError) return decodeAsElement(file);
    throw error;
  }
}

/** Decodes by way of an element, which every browser shows upright, but also where half of it is missing. */
async function decodeAsElement(file: Blob): Promise<ImageBitmap> {
  (await createImageBitmap(file)).close(); // rejects unless the file is whole
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return await bitmapOf(image);
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

async function bitmapOf(image: HTMLImageElement): Promise<ImageBitmap> {
  const { naturalWidth: width, naturalHeight: height } = image;
  const context = newCanvas(width, height);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  try {
    if (!holdsPixels(context)) throw tooLarge(width, height);
    return await createImageBitmap(context.canvas);
  } finally {
    release(context.canvas);
  }
}

/** What is said of a file that the browser cannot decode. */
function failure(format: Header['format'], isTruncated: boolean, cause?: unknown): PhotoError {
  const options = { cause };
  if (format === 'unknown') return new PhotoError('not-a-picture', 'The file is not a picture.', options);
  if (format === 'svg') return new PhotoError('unsupported-svg', 'SVG drawings have no pixels to paint.');
  if (format === 'tiff')
    return new PhotoError('unsupported-tiff', 'This browser does not read TIFF.', options);
  if (format === 'other')
    return new PhotoError('unsupported-format', 'This browser does not read it.', options);
  if (isTruncated) return truncated(cause);
  if (format === 'heic') return new PhotoError('unsupported-heic', 'No HEIC photo is in the file.', options);
  return damaged(cause);
}

async function bytesOf(part: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await part.arrayBuffer());
}
