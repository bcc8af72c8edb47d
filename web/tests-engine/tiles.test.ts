// Painting in tiles: they cover the photo, are of one size, see enough around them, and shrink when memory is full.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { EngineError } from '../src/engine/errors';
import { toFloats, type Padding } from '../src/engine/pixels';
import { paintLarge, spansOf, type Ask } from '../src/engine/tiles';

class Picture {
  readonly data: Uint8ClampedArray;
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}
beforeAll(() => {
  vi.stubGlobal('ImageData', Picture);
});

const REACH = 12;

function photo(width: number, height: number) {
  const picture = new Picture(width, height);
  picture.data.forEach((_, i) => {
    picture.data[i] = i % 4 === 3 ? 255 : (i * 7919) % 256;
  });
  return picture as unknown as ImageData;
}

function sourceOf(picture: ImageData) {
  return {
    width: picture.width,
    height: picture.height,
    read({ left, top, width, height }: { left: number; top: number; width: number; height: number }) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(picture.width);
      expect(top + height).toBeLessThanOrEqual(picture.height);
      const area = new Picture(width, height);
      for (let y = 0; y < height; y++) {
        const from = 4 * ((top + y) * picture.width + left);
        area.data.set(picture.data.subarray(from, from + 4 * width), 4 * y * width);
      }
      return area as unknown as ImageData;
    },
  };
}

/** Stands for the network: each pixel the mean of its neighbours at the network's whole reach, edges reflected. */
function paint(picture: ImageData, padding: Padding): ImageData {
  const { width, height } = padding;
  const floats = toFloats(picture, padding);
  const fold = (i: number, size: number) => (i < 0 ? -i : i >= size ? 2 * size - 2 - i : i);
  const at = (x: number, y: number, c: number) =>
    floats[3 * (fold(y, height) * width + fold(x, width)) + c] as number;
  const painted = new Picture(picture.width, picture.height);
  painted.data.forEach((_, i) => {
    const [x, y, c] = [
      (Math.floor(i / 4) % picture.width) + padding.left,
      Math.floor(i / 4 / picture.width) + padding.top,
      i % 4,
    ];
    const sum = at(x - REACH, y, c) + at(x + REACH, y, c) + at(x, y - REACH, c) + at(x, y + REACH, c);
    painted.data[i] = c === 3 ? 255 : (255 * sum) / 4;
  });
  return painted as unknown as ImageData;
}

/** A worker that holds tiles up to a side, and what it was asked. */
function worker(holds: number, side: number) {
  const sizes: string[] = [];
  const ask = ((request: Parameters<Ask>[0]) => {
    if (request.kind === 'statistics')
      return Promise.resolve({ tensors: {}, reach: REACH, side, seen: request.request.photo });
    const { photo, padding } = request.request;

    if (Math.max(padding.width, padding.height) > holds) {
      return Promise.reject(new EngineError('out-of-memory', 'full'));
    }
    sizes.push(`${padding.width} x ${padding.height}`);
    return Promise.resolve(paint(photo, padding));
  }) as Ask;
  return { ask, sizes };
}

function differences(one: Uint8ClampedArray, other: Uint8ClampedArray): number {
  return one.filter((value, i) => value !== other[i]).length + Math.abs(one.length - other.length);
}

async function large(picture: ImageData, ask: Ask) {
  const shares: number[] = [];
  const request = { reduced: photo(50, 40), vector: new Float32Array(100), strength: 100 };
  const { result, seen } = await paintLarge({ ...request, photo: sourceOf(picture) }, ask, (share) =>
    shares.push(share),
  );
  expect(seen).toBe(request.reduced);
  return { result, shares };
}

describe('a side cut in spans', () => {
  test.each([
    [0, 4032, 4032, 1024, 64],
    [0, 3024, 3024, 1024, 64],
    [0, 1000, 1000, 1024, 64],
    [896, 1792, 4032, 512, 64],
    [3136, 4032, 4032, 256, 72],
  ])('%i to %i of %i at most %i', (from, to, length, most, overlap) => {
    const { size, spans } = spansOf(from, to, length, most, overlap);
    expect(size).toBeLessThanOrEqual(most);
    expect(spans[0]?.from).toBe(from);
    expect(spans.at(-1)?.to).toBe(to);
    spans.forEach((span, i) => {
      if (i > 0) expect(span.from).toBe(spans[i - 1]?.to);
      expect(span.to).toBeGreaterThan(span.from);
      expect([span.start % 8, span.from % 8, size % 8]).toEqual([0, 0, 0]);
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.start + size).toBeLessThanOrEqual(length);
      // What is kept lies `overlap` from the tile's edges, unless that edge is the photo's own.
      if (span.start > 0) expect(span.from - span.start).toBeGreaterThanOrEqual(overlap);
      if (span.start + size < length) expect(span.start + size - span.to).toBeGreaterThanOrEqual(overlap);
    });
  });
});

describe('a photo painted in tiles', () => {
  const picture = photo(701, 523);
  const whole = () => paint(picture, { width: 704, height: 528, left: 1, top: 2 }).data;

  test('is the photo painted whole, with tiles of one size', async () => {
    const { ask, sizes } = worker(256, 256);
    const { result, shares } = await large(picture, ask);
    expect(differences(result.data, whole())).toBe(0);
    expect(new Set(sizes).size).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares).toHaveLength(sizes.length + 1);
    expect(shares.at(-1)).toBe(1);
  });

  test('is the same where tiles have to be halved on the way', async () => {
    const { ask, sizes } = worker(300, 512);
    const { result, shares } = await large(picture, ask);
    expect(differences(result.data, whole())).toBe(0);
    expect(sizes.length).toBeGreaterThan(4);
    expect(shares.at(-1)).toBe(1);
  });

  test('fails with its error where not even the smallest tile fits', async () => {
    const { ask } = worker(100, 1024);
    await expect(large(picture, ask)).rejects.toThrow('full');
  });
});
