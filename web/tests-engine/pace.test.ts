// How long work is expected to take, and how long a cancelled job is waited for.
import { expect, test } from 'vitest';
import { Pace, patience } from '../src/engine/pace';

test('a pace learnt on one backend is forgotten on another', () => {
  const pace = new Pace();
  const guess = pace.expect(1000);
  pace.computeOn('webgl');
  pace.learn(1, 1000);
  expect(pace.expect(1000)).toBe(1);
  pace.computeOn('webgl');
  expect(pace.expect(1000)).toBe(1);
  pace.computeOn('wasm');
  expect(pace.expect(1000)).toBe(guess);
});

test('a small picture does not change the pace that a large one had', () => {
  const pace = new Pace();
  pace.learn(16, 128 * 128);
  expect(pace.expect(128 * 128)).toBeCloseTo(16); // better than a guess
  pace.learn(80, 320 * 240);
  const large = pace.expect(1024 * 768);
  pace.learn(1600, 128 * 128);
  expect(pace.expect(1024 * 768)).toBe(large);
});

test.each([
  ['long from its end', 5000, 0],
  ['of unknown length', Infinity, 0],
  ['about to end', 100, 400],
  ['a little overdue', -100, 200],
  ['long overdue', -5000, 0],
])('a cancelled job %s is waited for no longer than a restart pays', (_, remaining, wait) => {
  expect(patience(remaining)).toBe(wait);
});
