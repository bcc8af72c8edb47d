/**
 * A photo of any size in tiles of one size. They overlap by as far as the transformer sees, so each painted tile
 * is the whole painting's part once the norms' statistics are given; edges reflect at the photo's borders only.
 */
import { EngineError } from './errors';
import { paddingFor, type Padding } from './pixels';
import type { Answers, Request } from './protocol';
import type { LargeRequest, PhotoSource } from './types';

/** Sides and positions of tiles are multiples of it, in the padded photo. */
const MULTIPLE = 8;
/** A tile that does not fit into memory is halved down to this side. */
const SMALLEST = 256;
const CHANNELS = 4;

/** A part of a side: painted from `start` on, kept from `from` to `to`. */
export interface Span {
  start: number;
  from: number;
  to: number;
}

/** A tile's pixels, as far as the photo reaches, and the padding around them. */
export interface Tile {
  photo: ImageData;
  padding: Padding;
}

/** What is kept of a tile, in the padded photo. */
interface Kept {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/**
 * Cuts from..to of a side of that length into equal painted parts of at most `most`, `overlap` around what each
 * keeps. Gives the parts and their common size. All are multiples of 8.
 */
export function spansOf(
  from: number,
  to: number,
  length: number,
  most: number,
  overlap: number,
): { size: number; spans: Span[] } {
  const start = Math.max(0, from - overlap);
  const window = Math.min(length, to + overlap) - start;
  const count = Math.max(1, Math.ceil((window - 2 * overlap) / (most - 2 * overlap)));
  const step = Math.ceil((window - 2 * overlap) / count / MULTIPLE) * MULTIPLE;
  const size = count === 1 ? window : step + 2 * overlap;
  const spans = Array.from({ length: count }, (_, i) => ({
    start: start + Math.min(i * step, window - size),
    from: i === 0 ? from : start + overlap + i * step,
    to: i === count - 1 ? to : start + overlap + (i + 1) * step,
  }));
  return { size, spans };
}

/** Has a worker do one step; rejects with EngineError. */
export type Ask = <K extends 'statistics' | 'tile'>(
  request: Extract<Request, { kind: K }>,
) => Promise<Answers[K]>;

/**
 * The reduced photo and its statistics, then tile after tile; onDone hears of the share of pixels done, 0..1.
 * Gives the tiles' picture and `seen`, the reduced one's, to which it is to be fitted (levels.ts).
 */
export async function paintLarge(
  { reduced, photo, ...painting }: LargeRequest,
  ask: Ask,
  onDone: (share: number) => void,
): Promise<{ result: ImageData; seen: ImageData }> {
  const result = newPicture(photo.width, photo.height); // before work begins
  const { tensors, reach, side, seen } = await ask({
    kind: 'statistics',
    request: { ...painting, photo: reduced },
  });
  const before = 2 * reduced.width * reduced.height; // painted, and asked for its statistics
  const all = before + photo.width * photo.height;
  onDone(before / all);
  const paint = (tile: Tile) => ask({ kind: 'tile', request: { ...painting, ...tile, statistics: tensors } });
  await paintInTiles(photo, result, { side, reach }, paint, (done) => {
    onDone((before + done) / all);
  });
  return { result, seen };
}

/**
 * Has each tile painted and puts it into the result; onDone hears of how many pixels are done.
 * side: a tile's longest, px; where a tile does not fit into memory, it and the rest are halved.
 * Throws what `paint` throws, 'out-of-memory' only where the smallest tile does not fit.
 */
async function paintInTiles(
  source: PhotoSource,
  result: ImageData,
  { side, reach }: { side: number; reach: number },
  paint: (tile: Tile) => Promise<ImageData>,
  onDone: (pixels: number) => void,
): Promise<void> {
  const frame = paddingFor(source.height, source.width);
  const overlap = Math.ceil(reach / MULTIPLE) * MULTIPLE;
  let most = side;
  let waiting = tilesOf({ top: 0, left: 0, bottom: frame.height, right: frame.width }, frame, most, overlap);
  let done = 0;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { tile, top, left, kept } = cut(source, frame, next);
    try {
      paste(result, await paint(tile), kept, top, left);
    } catch (error) {
      most = halved(most);
      if (!isFull(error) || most < Math.max(SMALLEST, 4 * overlap)) throw error;
      waiting = [next, ...waiting].flatMap((each) => tilesOf(each.kept, frame, most, overlap));
      continue;
    }
    done += (kept.bottom - kept.top) * (kept.right - kept.left);
    onDone(done);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'out-of-memory';
}

function newPicture(width: number, height: number): ImageData {
  try {
    return new ImageData(width, height);
  } catch (cause) {
    throw new EngineError('out-of-memory', `There is no room for ${width} × ${height} pixels.`, { cause });
  }
}

function halved(side: number): number {
  return Math.floor(side / 2 / MULTIPLE) * MULTIPLE;
}

/** A tile to be painted: where it lies in the padded photo, and what of it is kept. */
interface Planned extends Kept {
  kept: Kept;
}

function tilesOf(area: Kept, frame: Padding, most: number, overlap: number): Planned[] {
  const rows = spansOf(area.top, area.bottom, frame.height, most, overlap);
  const columns = spansOf(area.left, area.right, frame.width, most, overlap);
  return rows.spans.flatMap((row) =>
    columns.spans.map((column) => ({
      top: row.start,
      left: column.start,
      bottom: row.start + rows.size,
      right: column.start + columns.size,
      kept: { top: row.from, left: column.from, bottom: row.to, right: column.to },
    })),
  );
}

/** The tile's pixels, where they lie in the photo, and what to keep of them there. */
function cut(source: PhotoSource, frame: Padding, planned: Planned) {
  const inPhoto = ({ top, left, bottom, right }: Kept): Kept => ({
    top: Math.max(0, top - frame.top),
    left: Math.max(0, left - frame.left),
    bottom: Math.min(source.height, bottom - frame.top),
    right: Math.min(source.width, right - frame.left),
  });
  const { top, left, bottom, right } = inPhoto(planned);
  const photo = source.read({ left, top, width: right - left, height: bottom - top });
  const padding: Padding = {
    top: top + frame.top - planned.top,
    left: left + frame.left - planned.left,
    height: planned.bottom - planned.top,
    width: planned.right - planned.left,
  };
  return { tile: { photo, padding }, kept: inPhoto(planned.kept), top, left };
}

/** Copies the kept part of a tile whose first pixel lies at top, left of the result. */
function paste(result: ImageData, tile: ImageData, kept: Kept, top: number, left: number): void {
  for (let y = kept.top; y < kept.bottom; y++) {
    const from = CHANNELS * ((y - top) * tile.width + kept.left - left);
    const row = tile.data.subarray(from, from + CHANNELS * (kept.right - kept.left));
    result.data.set(row, CHANNELS * (y * result.width + kept.left));
  }
}
