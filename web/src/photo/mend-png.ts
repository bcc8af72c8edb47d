/** PNG files whose end is missing or spoilt, made whole where all rows are there. */
import { viewOf } from './header';
import { crc32, pngChunk, SIGNATURE } from './png';

type Bytes = Uint8Array<ArrayBuffer>;

interface Chunk {
  name: string;
  content: Bytes;
  /** Its name and content, and behind them its checksum. */
  start: number;
  end: number;
}

function chunksOf(file: Bytes): Chunk[] {
  const view = viewOf(file);
  const chunks: Chunk[] = [];
  for (let at = 8; at + 8 <= file.length;) {
    const [start, end] = [at + 4, at + 8 + view.getUint32(at)];
    const name = String.fromCharCode(...file.subarray(start, start + 4));
    chunks.push({ name, content: file.subarray(start + 4, end), start, end });
    at = end + 4;
  }
  return chunks;
}

/** Whether the mark behind the rows is there. */
export function endsWithMark(file: Bytes): boolean {
  return chunksOf(file).some(({ name }) => name === 'IEND');
}

/** Whether a chunk of rows is not as it was written; WebKit draws the rows before it and says nothing. */
export function hasSpoiltRows(file: Bytes): boolean {
  return chunksOf(file).some((chunk) => chunk.name === 'IDAT' && isSpoilt(file, chunk));
}

/** The rows packed anew; undefined where some are missing, or a chunk before the last of them is spoilt. */
export async function mendPng(file: Bytes): Promise<Blob | undefined> {
  const chunks = chunksOf(file);
  const pixels = chunks.filter(({ name }) => name === 'IDAT');
  const last = pixels.at(-1);
  if (!last) return undefined;
  const sound = chunks.slice(0, chunks.indexOf(last)).filter((chunk) => !isSpoilt(file, chunk));
  const isNeeded = ({ name }: Chunk) => /^[A-Z]/.test(name);
  const lost = chunks.slice(0, chunks.indexOf(last)).filter((chunk) => !sound.includes(chunk));
  if (lost.some(isNeeded)) return undefined;
  const rows = await inflate(new Blob(pixels.map(({ content }) => content)), rowBytes(viewOf(file)));
  if (!rows) return undefined;
  const packed = new Response(rows.stream().pipeThrough(new CompressionStream('deflate')));
  const head = sound.filter(({ name }) => !['IDAT', 'acTL', 'fcTL'].includes(name)); // of the still picture
  return new Blob([
    SIGNATURE,
    ...head.map(({ name, content }) => pngChunk(name, content)),
    pngChunk('IDAT', new Uint8Array(await packed.arrayBuffer())),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

function isSpoilt(file: Bytes, { start, end }: Chunk): boolean {
  return end + 4 > file.length || viewOf(file).getInt32(end) !== crc32(file.subarray(start, end));
}

/** How many bytes the rows of a PNG are, each after its filter byte. */
function rowBytes(header: DataView): number {
  const [width, height, bits] = [header.getUint32(16), header.getUint32(20), header.getUint8(24)];
  const channels = [1, 0, 3, 1, 2, 0, 4][header.getUint8(25)] ?? 0;
  const bytes = (columns: number, rows: number) =>
    columns > 0 ? rows * (1 + Math.ceil((columns * bits * channels) / 8)) : 0;
  if (header.getUint8(28) === 0) return bytes(width, height);
  const passes = ADAM7.map(([x, y, dx, dy]) =>
    bytes(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
  );
  return passes.reduce((sum, each) => sum + each);
}

/** Where the passes of an interlaced PNG begin, and their steps: x, y. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const PIECE = 4096;
const TAIL = 64; // fed byte by byte: with the first wrong one, all that came of its piece is lost

/** The first bytes of a zlib stream, whatever stands behind them; undefined where there are fewer. */
async function inflate(packed: Blob, wanted: number): Promise<Blob | undefined> {
  const { readable, writable } = new DecompressionStream('deflate-raw'); // which wants no checksum
  const writer = writable.getWriter();
  const feed = async () => {
    const bytes = new Uint8Array(await packed.slice(2).arrayBuffer());
    for (let at = 0, size; at < bytes.length; at += size) {
      const left = bytes.length - at;
      size = left > TAIL ? Math.min(PIECE, left - TAIL) : 1;
      await writer.write(bytes.subarray(at, at + size));
    }
    await writer.close();
  };
  feed().catch(() => undefined); // told to the reader as well
  const reader = readable.getReader();
  const parts: Bytes[] = [];
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length >= wanted) break;
    }
  } catch {
    // Spoilt from here on.
  }
  reader.cancel().catch(() => undefined);
  return length >= wanted ? new Blob(parts).slice(0, wanted) : undefined;
}
