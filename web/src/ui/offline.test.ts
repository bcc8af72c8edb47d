/** What is fetched for later is fetched only where bytes cost nothing. */
import { expect, it } from 'vitest';
import { isMetered } from './offline';

it.each([
  [{ saveData: true, effectiveType: '4g' }],
  [{ type: 'cellular', effectiveType: '4g' }],
  [{ effectiveType: '3g' }],
  [{ effectiveType: 'slow-2g' }],
])('%o costs the visitor money or patience', (connection) => {
  expect(isMetered(connection)).toBe(true);
});

it.each([[undefined], [{}], [{ saveData: false, type: 'wifi', effectiveType: '4g' }]])(
  '%o does not',
  (connection) => {
    expect(isMetered(connection)).toBe(false);
  },
);
