/** Both languages say the same things, about the same holes. */
import { expect, it } from 'vitest';
import { en } from './en';
import { ru } from './ru';
import { preferredLanguage } from './language';

const holes = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

it.each(Object.keys(en) as (keyof typeof en)[])('%s has the same holes in both languages', (key) => {
  expect(holes(ru[key])).toEqual(holes(en[key]));
});

it.each(Object.entries({ ...en }).filter(([key]) => key.startsWith('error.')))(
  '%s is one sentence that says what to do',
  (_, sentence) => {
    expect(sentence).toMatch(/^[^.]+: [^.]+\.$/);
  },
);

it('follows the first preference that is spoken here', () => {
  expect(preferredLanguage(['ru-RU', 'en'])).toBe('ru');
  expect(preferredLanguage(['de-DE', 'en-GB', 'ru'])).toBe('en');
  expect(preferredLanguage(['de'])).toBe('en');
});
