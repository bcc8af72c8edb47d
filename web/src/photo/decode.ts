/** A file the visitor gave, decoded: upright, whole, or refused with a code. */
import { holdsPixels, newCanvas, release } from './canvas';
import { endsTooEarly, lacksEnd } from './cut';
import { PhotoError } from './errors';
import { HEADER_BYTES, readHeader, type Header } from './header';

export { PhotoError, type PhotoErrorCode } from './errors';

export interface DecodedPhoto {
  /** Upright: the camera's orientation is applied. */
  bitmap: ImageBitmap;
  width: number;
  height: number;
  /** The file's name, "photo" where it has none. */
  name: string;
}

/** A little more than the largest phone cameras; four bytes each once decoded. */
export const MOST_PIXELS = 120e6;

/** Decodes a picture file; of an animation the first frame. Rejects with PhotoError. */
export async function decodePhoto(file: Blob, name: string): Promise<DecodedPhoto> {
  if (file.size === 0) throw new PhotoError('empty', 'The file is empty.');
  const head = await bytesOf(file.slice(0, HEADER_BYTES)).catch((cause: unknown) => {
    // A dropped folder looks like a file until its bytes are asked for.
    throw new PhotoError('not-a-picture', 'The file cannot be read; it may be a folder.', { cause });
  });
  const header = readHeader(head);
  refuse(header);
  const isMarked = header.format === 'jpeg' || header.format === 'png';
  if (isMarked && lacksEnd(header.format, await bytesOf(file))) throw truncated();
  // WebKit draws the part that is there of a WebP too, whose length its head tells.
  if (header.format === 'webp' && endsTooEarly('webp', head, head, file.size)) throw truncated();
  const bitmap = await decode(file).catch(async (cause: unknown) => {
    if (cause instanceof PhotoError) throw cause;
    const tail = await bytesOf(file.slice(-1));
    throw failure(header, endsTooEarly(header.format, head, tail, file.size), cause);
  });
  return { bitmap, width: bitmap.width, height: bitmap.height, name: name || 'photo' };
}

/** Throws for what is not worth decoding. */
function refuse({ format, width = 0, height = 0 }: Header): void {
  if (format === 'unknown') throw new PhotoError('not-a-picture', 'The file is not a picture.');
  if (format === 'svg') throw new PhotoError('unsupported-svg', 'SVG drawings have no pixels to paint.');
  if (format === 'tiff') throw new PhotoError('unsupported-tiff', 'Browsers do not read TIFF or raw files.');
  if (format === 'other') throw new PhotoError('unsupported-format', 'Browsers do not read this format.');
  if (width * height > MOST_PIXELS) throw tooLarge(width, height);
}

function truncated(cause?: unknown): PhotoError {
  return new PhotoError('truncated', 'The picture file ends too early.', { cause });
}

function tooLarge(width: number, height: number): PhotoError {
  return new PhotoError('too-large', `${width} × ${height} pixels are more than this browser can hold.`);
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

function failure({ format }: Header, isTruncated: boolean, cause: unknown): PhotoError {
  // Some browsers read HEIC; the others fail here, whole as the file may be.
  if (format === 'heic') {
    return new PhotoError('unsupported-heic', 'This browser does not read HEIC photos.', { cause });
  }
  if (isTruncated) return truncated(cause);
  return new PhotoError('damaged', 'The picture file is damaged.', { cause });
}

async function bytesOf(part: Blob): Promise<Uint8Array> {
  return new Uint8Array(await part.arrayBuffer());
}
