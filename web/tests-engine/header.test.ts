// What the photo reader learns from a file's first bytes.
import { describe, expect, test } from 'vitest';
import { endsTooEarly } from '../src/photo/cut';
import { readHeader } from '../src/photo/header';
import { lacksEnd } from '../src/photo/mend';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part)),
  );
const be16 = (n: number) => [n >> 8, n & 255];
const be32 = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
const le16 = (n: number) => be16(n).reverse();
const le32 = (n: number) => be32(n).reverse();
const zeros = (count: number) => new Array<number>(count).fill(0);

const png = (width: number, height: number) =>
  bytes('\x89PNG\r\n\x1a\n', be32(13), 'IHDR', be32(width), be32(height), [8, 6, 0, 0, 0]);
const jpeg = (width: number, height: number) => {
  const thumbnail = [0xff, 0xc0, ...be16(17), 8, ...be16(120), ...be16(160)]; // inside EXIF: not the size
  const exif = [0xff, 0xe1, ...be16(2 + thumbnail.length), ...thumbnail];
  return bytes([0xff, 0xd8], exif, [0xff, 0xc2, ...be16(17), 8, ...be16(height), ...be16(width)], zeros(10));
};
const box = (type: string, content: number[]) => [...be32(8 + content.length), ...bytes(type), ...content];
const ispe = (width: number, height: number) => box('ispe', [...zeros(4), ...be32(width), ...be32(height)]);

describe('format and size are read from the header', () => {
  test.each([
    ['png', png(30000, 20000)],
    ['jpeg', jpeg(30000, 20000)],
    ['gif', bytes('GIF89a', le16(30000), le16(20000))],
    ['bmp', bytes('BM', le32(99), zeros(8), le32(40), le32(30000), le32(-20000))],
    ['bmp', bytes('BM', le32(99), zeros(8), le32(12), le16(30000), le16(20000))],
    ['avif', bytes(box('ftyp', [...bytes('avif')]), ispe(160, 120), ispe(30000, 20000))],
    ['heic', bytes(box('ftyp', [...bytes('mif1heic')]), ispe(512, 512), ispe(30000, 20000))],
  ])('of %s', (format, head) => {
    expect(readHeader(head)).toEqual({ format, width: 30000, height: 20000 });
  });

  test.each([
    ['VP8 ', bytes(zeros(10), le16(3000), le16(2000))],
    ['VP8L', bytes(zeros(4), [0x2f], le32(2999 | (1999 << 14)))],
    ['VP8X', bytes(zeros(4), zeros(4), le32(2999).slice(0, 3), le32(1999).slice(0, 3))],
  ])('of WebP with a %s chunk', (chunk, content) => {
    const head = bytes('RIFF', le32(100), 'WEBP', chunk, [...content]);
    expect(readHeader(head)).toEqual({ format: 'webp', width: 3000, height: 2000 });
  });
});

test('a JPEG’s size is found behind stray and fill bytes, and segments longer than they say', () => {
  const longer = [0xff, 0xe1, ...be16(4), 1, 2, 3, 4, 5, 0xff, 0, 6];
  const frame = [0xff, 0xff, 0xff, 0xc0, ...be16(17), 8, ...be16(20), ...be16(30)];
  const head = bytes([0xff, 0xd8], longer, frame, zeros(10));
  expect(readHeader(head)).toEqual({ format: 'jpeg', width: 30, height: 20 });
});

describe('what is no readable picture is told apart', () => {
  test.each([
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['svg', '<?xml version="1.0"?>\n<!-- a drawing -->\n<svg width="3"/>'],
    ['tiff', 'II*\0....'],
    ['other', '8BPS....'],
    ['unknown', 'just some text'],
    ['unknown', '<html><body>not found</body></html>'],
    ['unknown', '\0\0\0\x14ftypisom\0\0\0\0isom'],
    ['unknown', ''],
  ])('%s', (format, text) => {
    expect(readHeader(bytes(text)).format).toBe(format);
  });

  test('a header that is cut off gives the format without a size', () => {
    for (const whole of [png(8, 8), jpeg(8, 8)]) {
      for (let length = 8; length < 20; length++) {
        const { width } = readHeader(whole.subarray(0, length));
        expect(width).toBeUndefined();
      }
    }
  });
});

describe('a file that ends too early is told from a damaged one', () => {
  const thumbnail = [0xff, 0xe1, ...be16(4), 0xff, 0xd9]; // its end marker is not the picture's
  const jpegPixels = bytes([0xff, 0xd8], thumbnail, [0xff, 0xda, ...be16(2), 1, 2, 3]);
  test.each([
    ['jpeg', jpegPixels, bytes([0xff, 0xd9])],
    ['png', bytes([...png(8, 8)], zeros(4)), bytes(zeros(4), 'IEND', zeros(4))],
  ] as const)('%s, by its end marker, whatever follows it', (format, cut, end) => {
    expect(lacksEnd(format, cut)).toBe(true);
    expect(lacksEnd(format, bytes([...cut], [...end], 'more'))).toBe(false);
  });

  test('a JPEG that ends inside its header', () => {
    expect(lacksEnd('jpeg', jpegPixels.subarray(0, 9))).toBe(true);
  });

  test('gif, by its last byte', () => {
    expect(endsTooEarly('gif', new Uint8Array(16), bytes([0]), 100)).toBe(true);
    expect(endsTooEarly('gif', new Uint8Array(16), bytes([0x3b]), 100)).toBe(false);
  });

  test.each([
    ['webp', bytes('RIFF', le32(92), 'WEBP')],
    ['avif', bytes(box('ftyp', zeros(8)), be32(84), 'mdat')],
    ['heic', bytes(box('ftyp', zeros(8)), be32(1), 'mdat', zeros(4), be32(84))],
    ['ico', bytes(le16(0), le16(1), le16(1), zeros(8), le32(78), le32(22))],
  ] as const)('%s, by the size it declares', (format, head) => {
    expect(endsTooEarly(format, head, new Uint8Array(), 99)).toBe(true);
    expect(endsTooEarly(format, head, new Uint8Array(), 100)).toBe(false);
  });

  test('bmp, by its rows, whatever length it states', () => {
    const size = [...le32(40), ...le32(10), ...le32(-3), ...le16(1), ...le16(24)];
    const head = bytes('BM', le32(7), zeros(4), le32(54), size, zeros(24));
    expect(endsTooEarly('bmp', head, new Uint8Array(), 54 + 3 * 32 - 1)).toBe(true);
    expect(endsTooEarly('bmp', head, new Uint8Array(), 54 + 3 * 32)).toBe(false);
  });
});
