/**
 * Pixels to a PNG file without a canvas, for pictures larger than the browser's canvases hold.
 * After the PNG specification, third edition: RGB, 8 bits a channel, not interlaced.
 */

type Bytes = Uint8Array<ArrayBuffer>;

/** What is encoded: RGBA pixels, taken as opaque. */
type Pixels = Pick<ImageData, 'data' | 'width' | 'height'>;

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const UP = 2; // the filter of every row
const CHANNELS = 3;

/** The picture as a PNG file; holds one row and the file, never a second picture. */
export async function encodePng(pixels: Pixels): Promise<Blob> {
  const parts = [SIGNATURE, pngChunk('IHDR', imageHeader(pixels))];
  const reader = filteredRows(pixels).pipeThrough(new CompressionStream('deflate')).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(pngChunk('IDAT', part.value));
  }
  return new Blob([...parts, pngChunk('IEND', new Uint8Array())], { type: 'image/png' });
}

function imageHeader({ width, height }: Pixels): Bytes {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits a channel
  header.setUint8(9, 2); // RGB
  return new Uint8Array(header.buffer);
}

function filteredRows(pixels: Pixels): ReadableStream<Bytes> {
  let y = 0;
  return new ReadableStream({
    pull(controller) {
      if (y < pixels.height) controller.enqueue(filteredRow(pixels, y++));
      else controller.close();
    },
  });
}

/** A row as differences to the row above, which compress well and take one subtraction a byte. */
function filteredRow({ data, width }: Pixels, y: number): Bytes {
  const row = new Uint8Array(1 + CHANNELS * width);
  row[0] = UP;
  const start = 4 * width * y;
  const above = 4 * width;
  let out = 1;
  for (let at = start; at < start + 4 * width; at += 4) {
    for (let channel = at; channel < at + CHANNELS; channel++) {
      row[out++] = (data[channel] as number) - (y > 0 ? (data[channel - above] as number) : 0);
    }
  }
  return row;
}

/** A chunk of a PNG file. */
export function pngChunk(name: string, content: Uint8Array): Bytes {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

/** For each byte, what remains of it after a division by the polynomial of ISO 3309. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** The checksum of a chunk's name and content, as a signed number. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder = (remainder >>> 8) ^ (REMAINDERS[(remainder ^ byte) & 0xff] as number);
  }
  return ~remainder;
}
