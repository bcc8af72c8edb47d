/** Noise is drawn as the generator was trained with, and what lies between two draws could be one. */
import { expect, it } from 'vitest';
import { between, drawn } from './invention';

const length = (noise: Float32Array) => Math.hypot(...noise);

it('draws numbers of mean 0 and deviation 1, other ones each time', () => {
  const numbers = Array.from({ length: 100 }, () => [...drawn()]).flat();
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const square = numbers.reduce((sum, number) => sum + number * number, 0) / numbers.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(Math.abs(square - 1)).toBeLessThan(0.1);
  expect(drawn()).not.toEqual(drawn());
  expect(drawn(() => 0).every(Number.isFinite)).toBe(true);
});

it('goes from one noise to another without becoming shorter on the way', () => {
  const [from, to] = [drawn(), drawn()];
  for (const [share, end] of [
    [0, from],
    [1, to],
  ] as const) {
    between(from, to, share).forEach((number, i) => {
      expect(number).toBeCloseTo(end[i] as number, 5);
    });
  }
  expect(length(between(from, to, 0.5))).toBeGreaterThan(0.9 * Math.min(length(from), length(to)));
});

it('stays where both are the same', () => {
  const noise = drawn();
  expect(between(noise, noise, 0.5)).toEqual(noise);
});
