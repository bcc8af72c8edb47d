/**
 * What a file's first bytes say: its format and its size in pixels, before anything is decoded.
 * A small file can unpack to gigabytes, so the size is read here first. Otherwise the browser judges what it can draw.
 */
import type { Size } from './resize';
import { jpegSegments } from './jpeg';

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'ico' | 'avif' | 'heic';
/** Formats that are known, and that few browsers decode. */
export type RefusedFormat = 'svg' | 'tiff' | 'other';

export interface Header {
  format: PictureFormat | RefusedFormat | 'unknown';
  /** Absent where the first bytes do not tell. Before the camera's orientation is applied. */
  width?: number;
  height?: number;
}

/** How many bytes `readHeader` wants: a JPEG may carry profiles and thumbnails before its size. */
export const HEADER_BYTES = 1 << 20;

/** Reads a file's first bytes; never throws, also not on random ones. */
export function readHeader(head: Uint8Array): Header {
  const view = viewOf(head);
  const format = formatOf(head);
  try {
    return { format, ...SIZES[format]?.(view) };
  } catch (error) {
    if (error instanceof RangeError) return { format }; // the file ends inside its header
    throw error;
  }
}

/** First bytes, as characters 0..255; a dot stands for any byte. */
const SIGNATURES: [Header['format'], string][] = [
  ['jpeg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['webp', 'RIFF....WEBP'],
  ['gif', 'GIF87a'],
  ['gif', 'GIF89a'],
  ['ico', '\0\0\x01\0'],
  ['ico', '\0\0\x02\0'], // cursor
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  ['other', '\xff\x0a'], // JPEG XL
  ['other', '\0\0\0\x0cJXL '],
  ['other', '\0\0\0\x0cjP  '], // JPEG 2000
  ['other', '8BPS'], // Photoshop
];

function formatOf(head: Uint8Array): Header['format'] {
  const start = textOf(head.subarray(0, 16));
  const matches = (signature: string) => [...signature].every((c, i) => c === '.' || c === start[i]);
  const known = SIGNATURES.find(([, signature]) => matches(signature));
  if (known) return known[0];
  if (start.startsWith('BM') && isBmpHeader(head)) return 'bmp';
  if (start.slice(4, 8) === 'ftyp') return brandFormat(textOf(head.subarray(8, boxSize(head))));
  return looksLikeSvg(head) ? 'svg' : 'unknown';
}

/** The length of the second header tells its kind; texts may begin with BM, too. */
function isBmpHeader(head: Uint8Array): boolean {
  return head.length >= 18 && [12, 16, 40, 52, 56, 64, 108, 124].includes(viewOf(head).getUint32(14, true));
}

/** Brands of the ISO base media format that hold a still picture; video has others. */
function brandFormat(brands: string): Header['format'] {
  if (/avi[fs]/.test(brands)) return 'avif';
  return /hei[cxms]|hevc|mif1|msf1/.test(brands) ? 'heic' : 'unknown';
}

function looksLikeSvg(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head.subarray(0, 4096)).replace(/^\uFEFF/, '');
  return /^\s*</.test(text) && /<svg[\s>]/i.test(text);
}

/** One reader a format, in the order of the bytes in the file; a RangeError means the file is too short. */
const SIZES: Partial<Record<Header['format'], (view: DataView) => Size | undefined>> = {
  jpeg: jpegSize,
  png: (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  gif: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  webp: webpSize,
  bmp: bmpSize,
  avif: largestItem,
  heic: largestItem,
};

/** The frame header (SOF) alone has the size; pixels or the end before it mean that there is none. */
function jpegSize(view: DataView): Size | undefined {
  const isFrame = (marker: number) =>
    marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
  const file = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (const { marker, at } of jpegSegments(file)) {
    if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (marker === 0xda || marker === 0xd9) return undefined;
  }
  return undefined;
}

/** Lossy (VP8), lossless (VP8L) and extended (VP8X) files keep the size in different bits. */
function webpSize(view: DataView): Size | undefined {
  const chunk = String.fromCharCode(...[12, 13, 14, 15].map((i) => view.getUint8(i)));
  if (chunk === 'VP8 ') {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (chunk !== 'VP8X') return undefined;
  const uint24 = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  return { width: 1 + uint24(24), height: 1 + uint24(27) };
}

/** The oldest header has 16-bit sizes; in the others a negative height means top to bottom. */
function bmpSize(view: DataView): Size {
  const isOldest = view.getUint32(14, true) === 12;
  if (isOldest) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

/** AVIF and HEIC list an 'ispe' size for every item; tiles and thumbnails are smaller than the picture. */
function largestItem(view: DataView): Size | undefined {
  let largest: Size | undefined;
  for (let at = 4; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue; // 'ispe'
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

function boxSize(head: Uint8Array): number {
  return head.length < 4 ? 0 : Math.min(256, new DataView(head.buffer, head.byteOffset).getUint32(0));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as characters 0..255. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
