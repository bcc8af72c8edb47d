/** The segments of a JPEG, read as leniently as libjpeg reads them in every browser. */

interface Segment {
  marker: number;
  at: number;
  /** Where the next one is looked for; beyond the file where this one is cut off. */
  end: number;
}

export interface ScanEnd {
  at: number;
  /** Whether the marker of the picture's end stands there. */
  isMarked: boolean;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** The segments in order; stray and fill bytes between them, pixels and restart markers are passed over. */
export function* jpegSegments(file: Uint8Array): Generator<Segment> {
  for (let at = file.indexOf(0xff, 2); at >= 0 && at + 1 < file.length;) {
    const marker = file[at + 1] as number;
    let end = at + 2;
    if (marker === 0xff) end = at + 1;
    else if (!isBare(marker)) {
      if (marker !== SOI && marker !== EOI) end += lengthAt(file, at + 2);
      yield { marker, at, end };
    }
    at = file.indexOf(0xff, end);
  }
}

/** Where the pixels end; undefined where the file ends before they begin. */
export function endOfScans(file: Uint8Array): ScanEnd | undefined {
  let hasScan = false;
  for (const { marker, at, end } of jpegSegments(file)) {
    if (end > file.length) return hasScan ? { at, isMarked: false } : undefined;
    if (hasScan && !mayFollowScan(marker)) return { at, isMarked: marker === EOI };
    hasScan ||= marker === SOS;
  }
  return hasScan ? { at: file.length, isMarked: false } : undefined;
}

/** An escaped 0xff among the pixels, and the markers that have no content. */
function isBare(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** Tables, further scans, applications' segments and comments. */
function mayFollowScan(marker: number): boolean {
  return [0xc4, 0xcc, SOS, 0xdb, 0xdc, 0xdd, 0xfe].includes(marker) || (marker >= 0xe0 && marker <= 0xef);
}

/** A segment's length with the two bytes that say it; less than those is taken for them. */
function lengthAt(file: Uint8Array, at: number): number {
  return Math.max(2, (file[at] ?? 0) * 256 + (file[at + 1] ?? 0));
}
