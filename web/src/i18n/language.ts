/** The languages the page speaks. */

export type Language = 'en' | 'ru';

/** The first of the visitor's languages that the page speaks, else English. */
export function preferredLanguage(preferences: readonly string[]): Language {
  for (const preference of preferences) {
    const [primary] = preference.toLowerCase().split('-');
    if (primary === 'en' || primary === 'ru') return primary;
  }
  return 'en';
}
