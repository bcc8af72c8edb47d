// The engine's arithmetic: padding, strength, reduction, hashes, progress.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { estimate, Pace, ProgressReporter } from '../src/engine/pace';
import { paddingFor, reflect, toFloats, toPixels } from '../src/engine/pixels';
import { centreSquare, triangleTaps } from '../src/engine/resample';
import { digest } from '../src/engine/sha256';
import { evenStrength } from '../src/engine/evenness';
import { vectorAt } from '../src/engine/strength';
import { Picture, pictureOf as picture } from './picture';

beforeAll(() => {
  vi.stubGlobal('ImageData', Picture);
});

describe('padding', () => {
  test.each([
    [100, 256, { height: 104, width: 256, top: 2, left: 0 }],
    [1, 1021, { height: 32, width: 1024, top: 15, left: 1 }],
  ])('%i x %i', (height, width, padding) => {
    expect(paddingFor(height, width)).toEqual(padding);
  });

  test('mirrors without repeating the edge, as often as a tiny picture needs', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4, 5].map((i) => reflect(i, 3))).toEqual([1, 2, 1, 0, 1, 2, 1, 0, 1]);
    expect([-2, 0, 7].map((i) => reflect(i, 1))).toEqual([0, 0, 0]);
  });

  test('is cropped away again: pixels go to floats and back unchanged', () => {
    const photo = picture(37, 41, (i) => (i * 7919) % 256);
    const padding = paddingFor(41, 37);
    const floats = toFloats(photo, padding);
    expect(floats.length).toBe(48 * 40 * 3);
    expect(toPixels(floats, padding, photo).data).toEqual(photo.data);
  });
});

describe('strength', () => {
  test('moves the vector from the photo’s own to the style', () => {
    expect([...vectorAt([1, 2], [3, 0], 0)]).toEqual([1, 2]);
    expect([...vectorAt([1, 2], [3, 0], 50)]).toEqual([2, 1]);
    expect([...vectorAt([1, 2], [3, 0], 100)]).toEqual([3, 0]);
    expect([...vectorAt([1, 2], [3, 0], 250)]).toEqual([3, 0]);
  });

  test('is even: where the network changes late, the slider goes further', () => {
    const departures = [0.1, 0.2, 0.6, 0.8];
    const wanted = [0, 25, 50, 75, 100];
    expect(wanted.map((each) => evenStrength(departures, each))).toEqual([
      0,
      50,
      expect.closeTo(62.5),
      75,
      100,
    ]);
  });

  test('stays in order where a stronger painting departs less', () => {
    const strengths = [10, 30, 60, 90, 99].map((each) => evenStrength([0.3, 0.2, 0.5, 0.4], each));
    expect(strengths).toEqual([...strengths].sort((a, b) => a - b));
  });

  test('is as it was where nothing changes: a style that leaves the photo alone', () => {
    expect(evenStrength([0, 0, 0, 0], 40)).toBe(40);
  });
});

describe('reduction of a style picture', () => {
  test('weighs every source pixel and sums to one', () => {
    for (const [from, to] of [
      [1000, 256],
      [300, 256],
      [100, 256],
      [256, 256],
    ] as const) {
      const taps = triangleTaps(from, to);
      const seen = new Set<number>();
      for (const { first, weights } of taps) {
        expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1);
        weights.forEach((weight, k) => weight > 0 && seen.add(first + k));
        expect(first + weights.length).toBeLessThanOrEqual(from);
      }
      expect(seen.size).toBe(from);
    }
  });

  test('reads the centre square', () => {
    const wide = picture(30, 10, (i) =>
      Math.floor(i / 4) % 30 >= 10 && Math.floor(i / 4) % 30 < 20 ? 255 : 0,
    );
    expect([...centreSquare(wide, 5)]).toEqual(new Array(75).fill(1));
  });

  test('averages instead of picking pixels', () => {
    const stripes = picture(64, 64, (i) => (Math.floor(i / 4) % 2 ? 255 : 0));
    for (const value of centreSquare(stripes, 16)) expect(value).toBeCloseTo(0.5, 1);
  });
});

describe('SHA-256 in plain code', () => {
  test.each([0, 1, 55, 56, 63, 64, 65, 1000])('agrees with the system’s on %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) % 256);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(Buffer.from(digest(bytes)).toString('hex')).toBe(expected);
  });
});

describe('progress', () => {
  test('an estimate always moves and never arrives by itself', () => {
    const shares = [0, 50, 100, 200, 1000, 100000].map((elapsed) => estimate(elapsed, 100));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(0)).toBe(0);
    expect(shares.at(-1)).toBeLessThan(1);
  });

  test('never falls, whoever reports', () => {
    const seen: number[] = [];
    const reporter = new ProgressReporter(({ fraction }) => seen.push(fraction));
    for (const fraction of [0.1, 0.5, 0.3, 0.6]) reporter.report({ stage: 'paint', fraction });
    reporter.finish();
    expect(seen).toEqual([0.1, 0.5, 0.6, 1]);
  });

  test('the pace follows what was measured', () => {
    const pace = new Pace();
    pace.learn(100, 100_000);
    expect(pace.expect(200_000)).toBeCloseTo(200);
    pace.learn(300, 100_000);
    expect(pace.expect(100_000)).toBeCloseTo(200);
  });
});
