/** Both languages say the same things, about the same holes: the page's words and every effect's. */
import { expect, it } from 'vitest';
import { en } from './en';
import { preferredLanguage } from './language';
import { ru } from './ru';

interface Dictionary {
  en: Record<string, string>;
  ru: Record<string, string>;
}

const effects = import.meta.glob<{ words: Dictionary }>('../effects/*/words.ts', { eager: true });
const sentences = [{ en, ru }, ...Object.values(effects).map(({ words }) => words)].flatMap(
  (words: Dictionary) =>
    [...new Set([...Object.keys(words.en), ...Object.keys(words.ru)])].map((key) => ({
      key,
      english: words.en[key],
      russian: words.ru[key],
    })),
);

const holes = (sentence = '') => [...sentence.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

it.each(sentences)('$key is said in both languages, with the same holes', ({ english, russian }) => {
  expect(english).toBeTruthy();
  expect(russian).toBeTruthy();
  expect(holes(russian)).toEqual(holes(english));
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
