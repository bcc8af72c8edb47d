/** Whether a picture file is cut off before its end. */
import { viewOf, type Header } from './header';

const END_OF_GIF = 0x3b;

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
  if (format === 'ico') return lacksIcon(view, size);
  if (format === 'bmp') return (endOfBmpRows(view) ?? view.getUint32(2, true)) > size;
  return (format === 'avif' || format === 'heic') && lastBoxEnd(view, size) > size;
}

/** Whether a WebP or a BMP ends before its last row: some browsers draw the others and say nothing. */
export function lacksRows(format: Header['format'], head: Uint8Array, size: number): boolean {
  if (format === 'webp') return endsTooEarly(format, head, head, size);
  return format === 'bmp' && (endOfBmpRows(viewOf(head)) ?? 0) > size;
}

/** Whether a picture of an icon lies beyond the end of the file. */
function lacksIcon(view: DataView, size: number): boolean {
  for (let at = 6, left = view.getUint16(4, true); left > 0; left--, at += 16) {
    if (at + 16 > view.byteLength) return true;
    if (view.getUint32(at + 8, true) + view.getUint32(at + 12, true) > size) return true;
  }
  return false;
}

/** Where a BMP's rows end, by its size in pixels; undefined where they are packed. */
function endOfBmpRows(view: DataView): number | undefined {
  if (view.byteLength < 34) return Infinity;
  const isOldest = view.getUint32(14, true) === 12;
  if (!isOldest && ![0, 3].includes(view.getUint32(30, true))) return undefined;
  const width = isOldest ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isOldest ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  const bits = width * view.getUint16(isOldest ? 24 : 28, true);
  return view.getUint32(10, true) + 4 * Math.ceil(bits / 32) * height;
}

/** Where the last top-level box that starts in the head ends. */
function lastBoxEnd(view: DataView, size: number): number {
  let end = 0;
  while (end + 8 <= view.byteLength) {
    let length = view.getUint32(end);
    const isLong = length === 1 && end + 16 <= view.byteLength;
    if (isLong) length = Number(view.getBigUint64(end + 8));
    if (length < 8) return size; // "to the end of the file"
    end += length;
  }
  return end;
}
