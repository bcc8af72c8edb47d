/** Both languages call the same pictures day and night: tests/training/daynight reads the same cases. */
import { describe, expect, test } from 'vitest';
import { skyGrey, timeOfDay } from './brightness';
import cases from './brightness-cases.json';

describe('brightness', () => {
  test.each(cases)('one pixel a row: $rows is $says', ({ rows, grey, says }) => {
    const data = Uint8ClampedArray.from(rows.flatMap((pixel) => [...pixel, 255]));
    const photo = { data, width: 1, height: rows.length };
    expect(skyGrey(photo)).toBeCloseTo(grey, 9);
    expect(timeOfDay(skyGrey(photo))).toBe(says);
  });
});
