// Guided upsampling and the working size; tests/web/test_guided.py compares both with Python.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { boxMean, carry, fit } from '../src/engine/guided';
import { reduce, spans, workingSize } from '../src/engine/working';
import { Picture, pictureOf } from './picture';

beforeAll(() => {
  vi.stubGlobal('ImageData', Picture);
});

const SMALL = { width: 64, height: 48 };
const wave = (x: number, y: number, colour: number) =>
  128 + 100 * Math.sin(x / 13 + colour) * Math.cos(y / 9);
const pixels = (width: number, height: number, of: (x: number, y: number, colour: number) => number) =>
  pictureOf(width, height, (i) => {
    const pixel = Math.floor(i / 4);
    return of(pixel % width, Math.floor(pixel / width), i % 4);
  });
const floats = (picture: ImageData) =>
  Float32Array.from(picture.data.filter((_, i) => i % 4 < 3)).map((value) => value / 255);

/** The photo translated through a working size of 64 x 48. */
function translated(photo: ImageData, night: (small: Float32Array) => Float32Array, strength = 1): ImageData {
  const small = floats(reduce(photo, SMALL));
  const maps = fit(small, night(small), SMALL);
  const result = pictureOf(photo.width, photo.height, (i) => photo.data[i] as number);
  carry(result, maps, strength);
  return result;
}
const worst = (a: ImageData, expected: (i: number) => number) =>
  a.data.reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, Math.abs(value - expected(i)))), 0);

test('a box mean is the mean of what is inside the picture', () => {
  const size = { width: 11, height: 6 };
  const plane = Float32Array.from({ length: 66 }, (_, i) => (i * 37) % 64);
  const mean = (x: number, y: number) => {
    const inside = [...plane].filter(
      (_, i) => Math.abs((i % 11) - x) <= 4 && Math.abs(Math.floor(i / 11) - y) <= 4,
    );
    return inside.reduce((a, b) => a + b) / inside.length;
  };
  const expected = Array.from(plane, (_, i) => mean(i % 11, Math.floor(i / 11)));
  boxMean(plane, size, 4);
  expected.forEach((value, i) => {
    expect(plane[i]).toBeCloseTo(value, 4);
  });
});

describe('carried to full size', () => {
  const photo = pixels(256, 192, wave);

  test('strength 0 is the photo, half is half-way', () => {
    const dark = (small: Float32Array) => small.map((value) => value / 3);
    expect(translated(photo, dark, 0).data).toEqual(photo.data);
    expect(worst(translated(photo, dark, 0.5), (i) => ((photo.data[i] as number) * 2) / 3)).toBeLessThan(4);
  });

  test('detail that the working size does not have stays', () => {
    const fine = pixels(256, 192, (x, y, colour) => wave(x, y, colour) + (x % 2 ? 20 : -20));
    const dark = (small: Float32Array) => small.map((value) => value / 3);
    expect(worst(translated(fine, dark), (i) => (fine.data[i] as number) / 3)).toBeLessThan(8);
  });

  test('a flat sky takes the translation’s colour and stays flat', () => {
    const sky = pixels(256, 192, (_x, _y, colour) => [150, 190, 235][colour] as number);
    expect(
      worst(
        translated(sky, (small) => small.fill(0.1)),
        () => 25.5,
      ),
    ).toBeLessThanOrEqual(0.5);
  });

  test('progress rises to its end', () => {
    const told: number[] = [];
    carry(pixels(8, 400, wave), { width: 1, height: 1, values: new Float32Array(12) }, 1, (share) =>
      told.push(share),
    );
    expect(told).toEqual([0, 0.32, 0.64, 0.96]);
  });
});

describe('what only the translation has', () => {
  test('a lamp is kept', () => {
    const wall = pixels(256, 192, () => 90);
    const lit = (small: Float32Array) =>
      small.map((value, i) => {
        const [x, y] = [Math.floor(i / 3) % 64, Math.floor(i / 192)];
        return x > 9 && x < 13 && y > 9 && y < 13 ? 1 : value / 3;
      });
    expect(translated(wall, lit).data[4 * (46 * 256 + 46)]).toBeGreaterThan(200);
  });

  test('a lamp that the generator’s stride has combed is smooth', () => {
    const wall = pixels(256, 192, () => 90);
    const combed = (small: Float32Array) =>
      small.map((value, i) => {
        const [x, y] = [Math.floor(i / 3) % 64, Math.floor(i / 192)];
        return x > 9 && x < 17 && y > 9 && y < 17 ? 0.4 + 0.4 * (y % 2) : value / 3;
      });
    const { data } = translated(wall, combed);
    const middle = Array.from({ length: 12 }, (_, y) => data[4 * ((48 + y) * 256 + 54)] as number);
    expect(Math.min(...middle)).toBeGreaterThan(100);
    expect(Math.max(...middle) - Math.min(...middle)).toBeLessThanOrEqual(2);
  });

  test('a broad halo spreads until it is not seen', () => {
    const sky = pixels(1024, 768, () => 90);
    const working = { width: 512, height: 384 };
    const small = floats(reduce(sky, working));
    const rim = small.map((value, i) => {
      const x = Math.floor(i / 3) % 512;
      return value / 3 + (x > 200 && x < 216 ? 0.4 : 0);
    });
    carry(sky, fit(small, rim, working), 1);
    const row = Array.from({ length: 1024 }, (_, x) => sky.data[4 * (300 * 1024 + x)] as number);
    expect(Math.max(...row)).toBeLessThan(90 / 3 + 255 * 0.4 * 0.5);
    const steps = row.slice(1).map((value, x) => Math.abs(value - (row[x] as number)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(2);
  });
});

describe('the working size', () => {
  test.each([
    [4032, 3024, 512, 384],
    [3024, 4032, 384, 512],
    [700, 301, 512, 192],
    [100, 60, 128, 64],
    [3000, 20, 512, 64],
    [1, 1, 64, 64],
  ])('of %i x %i is %i x %i', (width, height, ...expected) => {
    const size = workingSize({ width, height });
    expect([size.width, size.height]).toEqual(expected);
  });

  test.each([
    [4032, 512],
    [700, 512],
    [512, 512],
    [20, 32],
  ])('each of %i pixels is under one of %i new ones at most', (from, to) => {
    const all = spans(from, to);
    expect(all).toHaveLength(to);
    expect(all.every(({ first, end }) => end > first && first >= 0 && end <= from)).toBe(true);
    if (from >= to)
      expect(all.map(({ first }) => first)).toEqual([0, ...all.map(({ end }) => end)].slice(0, to));
  });

  test('reduces by averaging, rows and columns in their places', () => {
    const photo = pixels(8, 4, (x, y) => (x < 4 ? 0 : 100) + (y < 2 ? 0 : 50) + (x % 2 ? 10 : 0));
    const small = reduce(photo, { width: 2, height: 2 });
    expect([0, 4, 8, 12].map((i) => small.data[i])).toEqual([5, 105, 55, 155]);
    expect(small.data[3]).toBe(255);
  });
});
