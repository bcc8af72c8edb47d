// Pictures painted at several sizes are one picture; tests/web/test_engine_tiles.py compares with Python.
import { beforeAll, expect, test, vi } from 'vitest';
import { fitToCoarse, reduced, smaller } from '../src/engine/levels';
import { takeColours } from '../src/engine/pixels';
import { Picture, pictureOf } from './picture';

beforeAll(() => {
  vi.stubGlobal('ImageData', Picture);
});

/** Large forms and fine grain. */
function painting(width: number, height: number, seed: number): ImageData {
  return pictureOf(width, height, (i) => {
    const [x, y] = [(Math.floor(i / 4) % width) / width, Math.floor(i / 4 / width) / height];
    const grain = ((i * 7919 + seed * 31) % 41) - 20;
    return 128 + 60 * Math.sin(9 * y + seed + (i % 4)) * Math.cos(7 * x + seed) + grain;
  });
}

const copyOf = (picture: ImageData) =>
  pictureOf(picture.width, picture.height, (i) => picture.data[i] as number);

/** Mean and largest difference between a picture's reduction and a smaller one. */
function apart(large: ImageData, small: ImageData): { mean: number; most: number } {
  const differences = reduced(large, small).map((value, i) =>
    Math.abs(value - (small.data[Math.floor(i / 3) * 4 + (i % 3)] as number)),
  );
  return {
    mean: differences.reduce((a, b) => a + b) / differences.length,
    most: Math.max(...differences),
  };
}

test.each([
  [24, 32, 0.2],
  [31, 29, 2.5],
  [95, 127, 0.03 * 255], // grain of single pixels, hardly reduced: the worst there is
])('a fitted picture is, reduced to %i x %i, the small one', (width, height, mean) => {
  const [fine, coarse] = [painting(96, 128, 2), painting(width, height, 1)];
  expect(apart(fine, coarse).mean).toBeGreaterThan(20);
  fitToCoarse(fine, coarse);
  expect(apart(fine, coarse).mean).toBeLessThan(mean);
});

test('a picture that fits stays as it is, to the rounding', () => {
  const fine = painting(96, 128, 2);
  const before = copyOf(fine);
  fitToCoarse(fine, smaller(fine, 32));
  expect(fine.data.every((value, i) => Math.abs(value - (before.data[i] as number)) <= 1)).toBe(true);
});

test('it keeps its grain, and says how far it is', () => {
  const fine = painting(96, 128, 2);
  const before = copyOf(fine);
  const shares: number[] = [];
  fitToCoarse(fine, painting(12, 16, 1), (share) => shares.push(share));
  const step = (picture: ImageData, i: number) =>
    (picture.data[i] as number) - (picture.data[i + 4] as number);
  const steps = Array.from({ length: 90 }, (_, x) => Math.abs(step(fine, 4 * x) - step(before, 4 * x)));
  expect(steps.reduce((a, b) => a + b) / steps.length).toBeLessThan(5);
  expect(shares).toEqual([0, 0.5]);
});

test('a reduction keeps the proportions and never enlarges', () => {
  const { width, height, data } = smaller(painting(96, 128, 2), 50);
  expect([width, height]).toEqual([38, 50]);
  expect(data.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  const small = painting(20, 10, 1);
  expect(smaller(small, 50)).toBe(small);
});

test("a painting takes the photo's colours and keeps its own light", () => {
  const photo = Float32Array.from([0.5, 0.4, 0.3, 0.9, 0.5, 0.1]);
  const painted = Float32Array.from([0.2, 0.6, 0.4, 0.5, 0.5, 1]);
  const light = ([red = 0, green = 0, blue = 0]: Float32Array) => 0.299 * red + 0.587 * green + 0.114 * blue;
  const before = light(painted.subarray(0, 3));
  takeColours(painted, photo);
  expect((painted[0] as number) - (painted[1] as number)).toBeCloseTo(0.1);
  expect((painted[1] as number) - (painted[2] as number)).toBeCloseTo(0.1);
  expect(light(painted.subarray(0, 3))).toBeCloseTo(before);
  expect(Math.min(...painted)).toBeGreaterThanOrEqual(0);
});
