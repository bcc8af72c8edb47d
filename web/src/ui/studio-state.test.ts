/** Where the page stands after each thing that can happen. */
import { expect, it } from 'vitest';
import type { Effect } from '../effects';
import { canPaint, canSave, stateOf, statusOf, type Facts } from './studio-state';

const style: Effect = { kind: 'style', id: 'a', name: 'Oil' };
const opened: Facts = {
  starting: true,
  gallery: 'loading',
  hasPhoto: false,
  effect: undefined,
  reading: false,
  painting: false,
  dragging: false,
  saving: undefined,
  alert: false,
  painted: undefined,
  note: '',
};
const ready: Facts = { ...opened, starting: false, gallery: 'loaded', effect: style };
const painted = { name: 'Oil', isCurrent: true, width: 40, height: 30 };
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

it('offers to paint where there is a photo that is not painted as the controls say', () => {
  expect(canPaint(ready)).toBe(false);
  expect(canPaint({ ...ready, hasPhoto: true })).toBe(true);
  expect(canPaint(done)).toBe(false);
  expect(canPaint({ ...done, painted: { ...painted, isCurrent: false } })).toBe(true);
  expect(canPaint({ ...ready, hasPhoto: true, painting: true })).toBe(false);
});

it('offers to save a painting at rest', () => {
  expect(canSave(ready)).toBe(false);
  expect(canSave(done)).toBe(true);
  expect(canSave({ ...done, dragging: true })).toBe(false);
});
