/** The progress bar's arithmetic. */
import { expect, it } from 'vitest';
import { Steps } from './steps';

it('shares one bar among the steps and never falls', () => {
  const steps = new Steps([1, 3]);
  const first = steps.begin(1);
  expect(first(0.5)).toBe(0.125);
  expect(first(1)).toBe(0.25);
  const second = steps.begin(3);
  expect(second(0)).toBe(0.25);
  expect(first(0.1)).toBe(0.25);
  expect(second(1)).toBe(1);
});
