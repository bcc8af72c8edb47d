/**
 * Files whose end is missing or spoilt, made whole where all rows are there. Decoders fill missing rows with
 * something or nothing, each in its own way; so the picture is decoded twice, with different bytes where its pixels
 * end: where all rows are there, no decoder gets as far as those bytes.
 */
import { endOfScans } from './jpeg';
import type { Header } from './header';
import { endsWithMark, mendPng } from './mend-png';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Mended {
  whole: Blob;
  /** Looks like `whole` if, and only if, all rows are there; absent where they are. */
  probe?: Blob;
}

const NOISE = Uint8Array.from({ length: 64 }, (_, i) => (i * 151 + 77) % 251); // never 0xff

/** Whether the mark behind the last row is missing; more bytes may follow it. */
export function lacksEnd(format: Header['format'], file: Bytes): boolean {
  if (format === 'gif') return (endOfFirstFrame(file) ?? 0) >= file.length;
  if (format === 'png') return !endsWithMark(file);
  return format === 'jpeg' && endOfScans(file)?.isMarked !== true;
}

/** The file made whole; undefined where rows are missing, or nothing is known of that format. */
export async function mend(format: Header['format'], file: Bytes): Promise<Mended | undefined> {
  if (format === 'jpeg') return mendJpeg(file);
  if (format === 'gif') return mendGif(file);
  const whole = format === 'png' ? await mendPng(file) : undefined;
  return whole && { whole };
}

/** The probe of a JPEG that has its end mark: rows may be missing before it. */
export function probeOf(file: Bytes): Blob | undefined {
  return mendJpeg(file)?.probe;
}

function mendJpeg(file: Bytes): Mended | undefined {
  let at = endOfScans(file)?.at;
  if (at === undefined) return undefined;
  while (file[at - 1] === 0xff) at--; // half a marker
  const pixels = file.subarray(0, at);
  const end = Uint8Array.of(0xff, 0xd9);
  // Behind a restart marker, too: the pixels may end where one is due, and which one is not known.
  const intervals = Array.from({ length: 8 }, (_, i) => [Uint8Array.of(0xff, 0xd0 + i), NOISE]).flat();
  return { whole: new Blob([pixels, end]), probe: new Blob([pixels, NOISE, ...intervals, end]) };
}

function mendGif(file: Bytes): Mended | undefined {
  const end = endOfFirstFrame(file);
  if (end === undefined) return undefined;
  const missing = Math.max(0, end - file.length); // of the block that is cut off
  const close = (more: Bytes) => new Blob([file.slice(0, end), more, Uint8Array.of(0, 0x3b)]);
  const block = (byte: (i: number) => number) =>
    Uint8Array.from({ length: missing + 65 }, (_, i) => (i === missing ? 64 : byte(i)));
  return { whole: close(block(() => 0)), probe: close(block((i) => NOISE[i % 64] as number)) };
}

/** Where the last block of the first frame's pixels ends, beyond the file where it is cut off. */
function endOfFirstFrame(file: Bytes): number | undefined {
  const tableSize = (flags = 0) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + tableSize(file[10]);
  while (at < file.length) {
    const isFrame = file[at] === 0x2c;
    at += isFrame ? 11 + tableSize(file[at + 9]) : 2;
    while (file[at]) at += 1 + (file[at] as number);
    if (isFrame) return at;
    at += 1;
  }
  return undefined;
}
