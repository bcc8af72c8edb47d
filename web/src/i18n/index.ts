/** The page's language: Russian or English, by the browser's first preference that is either. */
import { en, type Words } from './en';
import { preferredLanguage, type Language } from './language';

export type WordKey = keyof Words;
/** A name published in both languages, as in gallery.json. */
export type LocalName = Record<Language, string>;

export const language: Language = preferredLanguage(navigator.languages);

/** Other words than English are fetched only by those who read them. */
const WORDS: Record<Language, () => Words | Promise<Words>> = {
  en: () => en,
  ru: async () => (await import('./ru')).ru,
};
const words = await WORDS[language]();

/** A function that gives the sentence for `key` in the visitor's language with each `{name}` replaced. */
export function createT<W extends Record<string, string>>(all: Record<Language, W>) {
  return sentences(all[language]);
}

function sentences<W extends Record<string, string>>(said: W) {
  return (key: keyof W & string, values: Record<string, string | number> = {}): string => {
    const sentence = said[key] as string;
    return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
  };
}

/** The page's own words; each effect has its own beside it. */
export const t = sentences(words);

export function isWordKey(key: string): key is WordKey {
  return Object.hasOwn(en, key);
}

/** Puts the page's static words, marked with data-t attributes, into the visitor's language. */
export function translatePage(): void {
  document.documentElement.lang = language;
  document.title = t('title');
  for (const element of document.querySelectorAll<HTMLElement>('[data-t], [data-t-label], [data-t-title]')) {
    const { t: text, tLabel: label, tTitle: title } = element.dataset;
    if (text && isWordKey(text)) element.textContent = t(text);
    if (title && isWordKey(title)) element.title = t(title);
    if (label && isWordKey(label)) nameElement(element, t(label));
  }
}

/** Names an element for screen readers and, where it shows only an icon, for the mouse. */
export function nameElement(element: HTMLElement, name: string): void {
  element.setAttribute('aria-label', name);
  if (element instanceof HTMLButtonElement) element.title = name;
}
