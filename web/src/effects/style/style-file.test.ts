/** A style comes back from its file and its address as it was; whatever else is given is refused with one error. */
import { expect, it } from 'vitest';
import { USUAL_ACROSS } from './across';
import { fromFragment, fromText, StyleError, toFragment, toText, type SavedStyle } from './style-file';

const vector = (seed: number) => Float32Array.from({ length: 100 }, (_, i) => Math.sin(seed + i) / 3);
const saved: SavedStyle = {
  name: 'Вихри + Oil',
  space: '0123abcd',
  parts: [
    { name: 'Вихри', weight: 100, vector: vector(1) },
    { name: 'Oil', weight: 35, vector: vector(2) },
  ],
  strength: 70,
  settings: { strokeSize: 1.5, keepColours: 1 },
};

it('comes back from its file, bit for bit', () => {
  expect(fromText(toText(saved))).toEqual(saved);
  const across = { ...saved, settings: { ...saved.settings, ...USUAL_ACROSS } };
  expect(fromText(toText(across))).toEqual(across);
  const bold = { ...saved, settings: { ...saved.settings, boldness: 80 } };
  expect(fromText(toText(bold))).toEqual(bold);
  const withPeople = { ...saved, settings: { ...saved.settings, people: 30, mask: 2 } };
  expect(fromText(toText(withPeople))).toEqual(saved);
});

it('comes back from its address, which letters, digits, - and _ make up', () => {
  const fragment = toFragment(saved);
  expect(fragment).toMatch(/^#style=[\w-]+$/);
  expect(fromFragment(fragment)).toEqual(saved);
  expect(fromFragment(encodeURI(fragment))).toEqual(saved);
});

it('leaves other addresses alone', () => {
  expect(fromFragment('')).toBeUndefined();
  expect(fromFragment('#top')).toBeUndefined();
});

const part = (change: object) => ({
  ...saved,
  parts: [{ ...(JSON.parse(toText(saved)) as { parts: object[] }).parts[0], ...change }],
});
const file = (change: object) => JSON.stringify({ ...(JSON.parse(toText(saved)) as object), ...change });

it.each([
  ['nothing', ''],
  ['a half', toText(saved).slice(0, 300)],
  ['null', 'null'],
  ['another kind of JSON', '{"nocturne":"map","version":1}'],
  ['a later version', file({ version: 2 })],
  ['no parts', file({ parts: [] })],
  ['too many parts', file({ parts: Array(5).fill(saved.parts[0]) })],
  ['a strength over 100', file({ strength: 101 })],
  ['strokes of no size', file({ settings: {} })],
  [
    'styles across that begin outside',
    file({ settings: { ...saved.settings, ...USUAL_ACROSS, fromX: 101 } }),
  ],
  ['more than all boldness', file({ settings: { ...saved.settings, boldness: 101 } })],
  ['no settings', file({ settings: null })],
  ['a weight of 0', file(part({ weight: 0 }))],
  ['a short vector', file(part({ vector: 'AAAA' }))],
  ['a vector that is no base64', file(part({ vector: '%' }))],
  ['a name that is a number', file({ name: 3 })],
])('refuses %s', (_, text) => {
  expect(() => fromText(text)).toThrow(StyleError);
});

it('refuses numbers that are not finite', () => {
  const broken = { ...saved, parts: [{ name: 'x', weight: 1, vector: new Float32Array(100).fill(NaN) }] };
  expect(() => fromText(toText(broken))).toThrow(StyleError);
});

it('refuses an address that was cut off', () => {
  expect(() => fromFragment(toFragment(saved).slice(0, 200))).toThrow(StyleError);
  expect(() => fromFragment('#style=%E0%A4%A')).toThrow(StyleError);
});
