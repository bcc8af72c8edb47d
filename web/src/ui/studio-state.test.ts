/** Where the page stands after each thing that can happen. */
import { expect, it } from 'vitest';
import type { Effect } from '../effects';
import { NO_SETTINGS } from '../effects/effect';
import {
  canPaint,
  canSave,
  isOfAnotherEffect,
  mayPaintGallery,
  restored,
  stateOf,
  statusOf,
  Strengths,
  type Facts,
} from './studio-state';

const style: Effect = { kind: 'style', id: 'a', name: 'Oil' };
const opened: Facts = {
  starting: true,
  gallery: 'loading',
  hasPhoto: false,
  effect: undefined,
  reading: false,
  painting: false,
  dragging: false,
  batch: undefined,
  saving: undefined,
  alert: false,
  painted: undefined,
  note: '',
};
const ready: Facts = { ...opened, starting: false, gallery: 'loaded', effect: style };
const painted = { name: 'Oil', width: 40, height: 30 };
const done: Facts = { ...ready, hasPhoto: true, painted };

it.each<[string, Facts, string, string]>([
  ['the page opens', opened, 'loading', 'Getting ready'],
  ['the styles are still on their way', { ...ready, gallery: 'loading' }, 'loading', 'Getting ready'],
  ['everything is there', ready, 'ready', 'Ready for a photo'],
  ['the styles could not be loaded', { ...ready, gallery: 'failed' }, 'ready', 'Ready for a photo'],
  ['a photo is opened', { ...ready, reading: true }, 'working', 'Opening the picture'],
  ['a photo waits for the styles', { ...opened, hasPhoto: true }, 'working', 'Opening the picture'],
  ['a photo is painted', { ...ready, hasPhoto: true, painting: true }, 'working', 'Painting: Oil'],
  ['the painting is there', done, 'done', 'Oil, 40 × 30 px'],
  ['the strength is dragged', { ...done, dragging: true }, 'working', 'Painting: Oil'],
  [
    'the full size is painted',
    { ...done, saving: { width: 400, height: 300 } },
    'working',
    'Painting at 400 × 300 px',
  ],
  ['painting was cancelled', { ...ready, hasPhoto: true }, 'ready', 'Ready to paint'],
  ['another picture failed', { ...done, alert: true }, 'error', 'Oil, 40 × 30 px'],
  ['something was copied', { ...done, note: 'Copied' }, 'done', 'Copied'],
])('%s', (_, facts, state, status) => {
  expect(stateOf(facts)).toBe(state);
  expect(statusOf(facts)).toBe(status);
});

it('offers to paint only where nothing is painted and nothing is going on', () => {
  expect(canPaint(ready)).toBe(false);
  expect(canPaint({ ...ready, hasPhoto: true })).toBe(true);
  expect(canPaint({ ...ready, hasPhoto: true, painting: true })).toBe(false);
  expect(canPaint(done)).toBe(false);
  expect(canPaint({ ...done, alert: true })).toBe(false);
});

it('offers to save a painting at rest', () => {
  expect(canSave(ready)).toBe(false);
  expect(canSave(done)).toBe(true);
  expect(canSave({ ...done, dragging: true })).toBe(false);
});

const other: Effect = { kind: 'style', id: 'b', name: 'Ink' };
const night: Effect = { kind: 'day-night', id: 'day-to-night', name: 'Night' };
const day: Effect = { kind: 'day-night', id: 'night-to-day', name: 'Day' };

it('goes back to what is painted, effect and strength, after a cancellation', () => {
  const before = { effect: style, strength: 40, settings: NO_SETTINGS };
  expect(restored({ effect: night, strength: 100, settings: NO_SETTINGS }, before)).toBe(before);
  expect(restored({ effect: other, strength: 40, settings: NO_SETTINGS }, before)).toBe(before);
  expect(restored({ effect: style, strength: 70, settings: NO_SETTINGS }, before)).toBe(before);
});

it('keeps the choice after a cancellation where nothing is painted yet', () => {
  const chosen = { effect: other, strength: 100, settings: NO_SETTINGS };
  expect(restored(chosen, undefined)).toBe(chosen);
  expect(restored(undefined, undefined)).toBeUndefined();
});

it("hides the painting while another effect's is awaited, not while another style's is", () => {
  expect(isOfAnotherEffect({ effect: style }, night)).toBe(true);
  expect(isOfAnotherEffect({ effect: night }, day)).toBe(true);
  expect(isOfAnotherEffect({ effect: day }, style)).toBe(true);
  expect(isOfAnotherEffect({ effect: style }, other)).toBe(false);
  expect(isOfAnotherEffect({ effect: night }, night)).toBe(false);
  expect(isOfAnotherEffect(undefined, night)).toBe(false);
});

it('keeps a strength for each effect, and begins every photo with the full one', () => {
  const strengths = new Strengths();
  expect(strengths.of('style')).toBe(100);
  strengths.leave('style', 40);
  expect(strengths.of('day-night')).toBe(100);
  strengths.leave('day-night', 0);
  expect([strengths.of('style'), strengths.of('day-night')]).toEqual([40, 0]);
  strengths.reset();
  expect([strengths.of('style'), strengths.of('day-night')]).toEqual([100, 100]);
});

it('paints for the gallery only while it is seen and nothing else is going on', () => {
  expect(mayPaintGallery(done)).toBe(true);
  expect(mayPaintGallery(ready)).toBe(false);
  expect(mayPaintGallery({ ...done, effect: night })).toBe(false);
  expect(mayPaintGallery({ ...done, starting: true })).toBe(false);
  for (const busy of [{ painting: true }, { dragging: true }, { reading: true }]) {
    expect(mayPaintGallery({ ...done, ...busy })).toBe(false);
  }
  expect(mayPaintGallery({ ...done, saving: { width: 1, height: 1 } })).toBe(false);
});
