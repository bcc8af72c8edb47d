/** Whether a picture file is cut off before its end. */
import { findSegment, viewOf, type Header } from './header';

const END_OF_PNG = [...'IEND'].map((letter) => letter.charCodeAt(0));
const END_OF_JPEG = [0xff, 0xd9];
const END_OF_GIF = 0x3b;
const START_OF_JPEG_PIXELS = 0xda;

/**
 * Whether a whole file lacks the marker that ends a JPEG or a PNG; more bytes may follow it. Asked before
 * decoding, because some browsers draw the part that is there and say nothing.
 */
export function lacksEnd(format: Header['format'], file: Uint8Array): boolean {
  if (format === 'png') return !includes(file, END_OF_PNG, 0);
  return format === 'jpeg' && !includes(file, END_OF_JPEG, startOfPixels(file));
}

/** Whether a file that could not be decoded ends too early; tail: its last bytes, size: all of them. */
export function endsTooEarly(
  format: Header['format'],
  head: Uint8Array,
  tail: Uint8Array,
  size: number,
): boolean {
  const view = viewOf(head);
  if (format === 'gif') return tail.at(-1) !== END_OF_GIF;
  if (head.length < 12) return true;
  if (format === 'webp') return view.getUint32(4, true) + 8 > size;
  if (format === 'bmp') return view.getUint32(2, true) > size;
  return (format === 'avif' || format === 'heic') && lastBoxEnd(view, size) > size;
}

/** Behind the thumbnails, which have end markers of their own. */
function startOfPixels(file: Uint8Array): number {
  try {
    return findSegment(viewOf(file), (marker) => marker === START_OF_JPEG_PIXELS) ?? file.length;
  } catch (error) {
    if (error instanceof RangeError) return file.length; // the file ends inside its header
    throw error;
  }
}

function includes(bytes: Uint8Array, wanted: readonly number[], from: number): boolean {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

/** Where the last top-level box that starts in the head ends. */
function lastBoxEnd(view: DataView, size: number): number {
  let end = 0;
  while (end + 8 <= view.byteLength) {
    const length = view.getUint32(end);
    if (length < 8) return size; // "to the end of the file", or a 64-bit length
    end += length;
  }
  return end;
}
