/** Both languages call the same pictures day and night: tests/training/daynight reads the same cases. */
import { describe, expect, test } from 'vitest';
import { meanGrey, timeOfDay } from './brightness';
import cases from './brightness-cases.json';

describe('brightness', () => {
  test.each(cases)('$pixels is $says', ({ pixels, grey, says }) => {
    const data = Uint8ClampedArray.from(pixels.flatMap((pixel) => [...pixel, 255]));
    expect(meanGrey({ data })).toBeCloseTo(grey, 9);
    expect(timeOfDay(meanGrey({ data }))).toBe(says);
  });
});
