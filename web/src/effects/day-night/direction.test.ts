/** The direction of the time of day: found by the photo, changed by the visitor. */
import { expect, it } from 'vitest';
import type { TranslatorName } from '../../engine/client';
import { Direction } from './direction';

const BOTH: TranslatorName[] = ['day-to-night', 'night-to-day'];

it('turns a photo by night to day, and every other one to night', () => {
  const direction = new Direction(BOTH);
  for (const [time, found] of [
    ['night', 'night-to-day'],
    ['day', 'day-to-night'],
    ['night', 'night-to-day'],
    ['unclear', 'day-to-night'],
  ] as const) {
    direction.judge(time);
    expect(direction.chosen).toBe(found);
  }
});

it('keeps what the visitor chose for a photo until the next one is there', () => {
  const direction = new Direction(BOTH);
  direction.judge('day');
  direction.choose('night-to-day', true);
  expect(direction.chosen).toBe('night-to-day');
  direction.judge(undefined);
  expect(direction.chosen).toBe('night-to-day');
  direction.judge('day');
  expect(direction.chosen).toBe('day-to-night');
});

it('keeps for the first photo what was chosen before it', () => {
  const direction = new Direction(BOTH);
  direction.choose('night-to-day', false);
  direction.judge('day');
  expect(direction.chosen).toBe('night-to-day');
  direction.judge('day');
  expect(direction.chosen).toBe('day-to-night');
});

it('offers only what was published', () => {
  const direction = new Direction(['night-to-day']);
  direction.judge('day');
  expect(direction.chosen).toBe('night-to-day');
  expect(new Direction([]).chosen).toBeUndefined();
});
