/** A gradient between two paintings: one alone on either side, half of each in the middle, at any angle and size. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Picture, pictureOf } from '../../../tests-engine/picture';
import { laidOver } from '../lay';
import { acrossOf, shareAcross, USUAL_ACROSS } from './across';

beforeAll(() => {
  vi.stubGlobal('ImageData', Picture);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

it('shows one style on either side and half of each in the middle', () => {
  const share = shareAcross(USUAL_ACROSS, { width: 200, height: 100 });
  expect([0, 49].map((x) => share(x, 3))).toEqual([0, 0]);
  expect([150, 199].map((x) => share(x, 90))).toEqual([1, 1]);
  expect((share(99, 50) + share(100, 50)) / 2).toBeCloseTo(0.5);
});

it('turns with the line between its ends, square to it at any aspect', () => {
  const share = shareAcross({ fromX: 0, fromY: 0, toX: 100, toY: 100 }, { width: 300, height: 100 });
  expect(share(0, 0)).toBeCloseTo(0, 3);
  expect(share(150, 50)).toBeCloseTo(0.5, 1);
  expect(share(150 - 10, 50 + 30)).toBeCloseTo(share(150, 50), 5);
});

it('is a hard edge where both ends are one place', () => {
  const share = shareAcross({ fromX: 50, fromY: 50, toX: 50, toY: 50 }, { width: 10, height: 10 });
  expect([share(0, 0), share(9, 9)].every(Number.isFinite)).toBe(true);
});

it('is there only with all of its numbers', () => {
  expect(acrossOf({ strokeSize: 2, ...USUAL_ACROSS })).toEqual(USUAL_ACROSS);
  expect(acrossOf({ strokeSize: 2, keepColours: 0 })).toBeUndefined();
});

it('lays one painting over the other and leaves both as they were', () => {
  const [upper, lower] = [200, 100].map((value) => pictureOf(2, 1, () => value)) as [ImageData, ImageData];
  const laid = laidOver(upper, lower, (x) => x * 0.5);
  expect([...laid.data]).toEqual([100, 100, 100, 255, 150, 150, 150, 255]);
  expect(lower.data[4]).toBe(100);
});
