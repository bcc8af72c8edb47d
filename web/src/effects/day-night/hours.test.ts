/** The hours of the published translators, as weights of their pictures. */
import { expect, it } from 'vitest';
import { hoursOf, nearestHour, usual, weightsOf } from './hours';

it('an hour is the picture of that hour, one between two is a share of both', () => {
  expect(hoursOf('day-to-night')).toEqual(['golden hour', 'blue hour', 'night']);
  expect(weightsOf('day-to-night', { hour: 0, lights: 0 })).toEqual([1, 0, 0, 0]);
  expect(weightsOf('day-to-night', { hour: 75, lights: 40 })).toEqual([0, 0.5, 0.5, 0.4]);
});

it('without settings it is the usual hour, all lights on', () => {
  expect(weightsOf('day-to-night', {})).toEqual(weightsOf('day-to-night', usual('day-to-night')));
  expect(usual('day-to-night').lights).toBe(100);
});

it('each direction has hours of its own, and only nights have lights', () => {
  expect(hoursOf('night-to-day')).toEqual(['dawn', 'overcast', 'noon']);
  expect(weightsOf('night-to-day', { hour: 0 })).toEqual([1, 0, 0]);
});

it('a value is named after the nearest hour', () => {
  const names = [0, 24, 26, 74, 76, 100].map((value) => nearestHour('day-to-night', value));
  expect(names).toEqual(['golden hour', 'golden hour', 'blue hour', 'blue hour', 'night', 'night']);
});
