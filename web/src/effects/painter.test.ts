/** The painter's promises about order, with an engine that finishes when the test says so. */
import { expect, it } from 'vitest';
import {
  EngineError,
  type CallOptions,
  type CarryRequest,
  type Maps,
  type StyliseRequest,
  type TranslateRequest,
  type Translation,
} from '../engine/client';
import type { DayNightEffect } from './day-night';
import { NO_SETTINGS, type Photo } from './effect';
import type { Effect } from './index';
import { Painter, type Engine, type PaintRequest } from './painter';
import type { StyleEffect } from './style';

const picture = (name: string) => ({ name }) as unknown as ImageData;
const photo: Photo = { name: 'photo', full: picture('full'), preview: picture('preview') };
const MAPS: Maps = { width: 1, height: 1, values: new Float32Array(12) };
const TRANSLATION: Translation = { working: picture('working'), pictures: new Float32Array(3) };
const night: DayNightEffect = { kind: 'day-night', id: 'day-to-night', name: 'Night' };
const style: StyleEffect = { kind: 'style', id: 'a', name: 'A', vector: new Float32Array(100) };

type Goal = PaintRequest['goal'];

interface Run {
  request: StyliseRequest | TranslateRequest | CarryRequest;
  finish: () => void;
}

const AT_ONCE = {
  styliseLarge: () => Promise.reject(new Error('not asked for')),
  findPeople: () => Promise.resolve({ maps: MAPS, isAnybody: false }),
  fit: () => Promise.resolve(MAPS),
};

/** A painter at work, the engine's open runs, and what it has told the page. */
function studio(started = true, departures = [1, 2, 3, 4]) {
  const runs: Run[] = [];
  const told: string[] = [];
  const fractions: number[] = [];
  let [most, predictions, translations] = [0, 0, 0];
  const engine: Engine = {
    started,
    ready: (onProgress) => {
      onProgress?.({ stage: 'prepare', fraction: 1 });
      return started
        ? Promise.resolve({ backend: 'wasm', label: '', styleSpace: '', hasBoldness: false })
        : new Promise(() => undefined); // the models are on their way
    },
    abandon: () => told.push('start abandoned'),
    predictStyle: () => Promise.resolve(new Float32Array(100).fill((predictions += 1))),
    inventStyle: ({ noise }) => Promise.resolve(new Float32Array(100).fill(noise[0] ?? 0)),
    measure: () => Promise.resolve(Float32Array.of(...departures)),
    stylise: (request, call) => open(request, call),
    translate: async (request, call) => {
      await open(request, call);
      translations += 1;
      return TRANSLATION;
    },
    ...AT_ONCE,
    carry: (request, call) => open(request, call),
  };
  function open(request: Run['request'], call?: CallOptions): Promise<ImageData> {
    return new Promise((resolve, reject) => {
      const close = () => runs.splice(runs.indexOf(run), 1);
      const run = {
        request,
        finish: () => {
          close();
          resolve(request.photo);
        },
      };
      runs.push(run);
      most = Math.max(most, runs.length);
      call?.signal?.addEventListener('abort', () => {
        close();
        reject(new EngineError('cancelled', ''));
      });
    });
  }
  const painter = new Painter(engine, {
    onProgress: (_, fraction) => fractions.push(fraction),
    onPicture: (_, { strength }, final) => told.push(`${strength}${final ? '' : ' preview'}`),
    onRest: () => told.push('rest'),
    onError: (error) => told.push(String(error)),
  });
  const ask = (strength: number, goal: Goal, effect: Effect = style, settings = NO_SETTINGS) => {
    painter.ask({ photo, effect, strength, settings, goal });
  };
  return {
    ...{ painter, runs, told, fractions, ask },
    most: () => most,
    predictions: () => predictions,
    translations: () => translations,
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

async function finishAll(runs: Run[]): Promise<void> {
  for (await settle(); runs.length > 0; await settle()) runs[0]?.finish();
}

it('gives the network the strength that changes the photo by what the slider says', async () => {
  const { runs, ask } = studio(true, [0.1, 0.2, 0.6, 0.8]);
  for (const [wanted, given] of [
    [25, 50],
    [50, 62.5],
    [100, 100],
  ] as const) {
    ask(wanted, 'preview');
    await settle();
    expect((runs[0]?.request as StyliseRequest).strength).toBeCloseTo(given, 3);
    await finishAll(runs);
  }
});

it('has the network paint with the finer controls as they are, and anew where they change', async () => {
  const { runs, told, ask } = studio();
  const asked = () => runs[0]?.request as StyliseRequest;
  ask(100, 'full');
  await settle();
  expect([asked().strokeSize, asked().keepColours]).toEqual([1, false]);
  ask(100, 'full', style, { strokeSize: 2.5, keepColours: 1 });
  await finishAll(runs.slice(0, 1));
  await settle();
  expect([asked().strokeSize, asked().keepColours]).toEqual([2.5, true]);
  await finishAll(runs);
  expect(told.at(-2)).toBe('100');
});

it('shows a preview, then the full picture', async () => {
  const { runs, told, ask } = studio();
  ask(100, 'full');
  await finishAll(runs);
  expect(told).toEqual(['100 preview', '100', 'rest']);
});

it('has one run in flight while a slider moves and ends on the newest value', async () => {
  const { runs, told, ask, most } = studio();
  for (const strength of [90, 80, 70]) ask(strength, 'preview');
  await settle();
  for (const strength of [60, 50]) ask(strength, 'preview');
  await finishAll(runs);
  expect(most()).toBe(1);
  expect(told).toEqual(['90 preview', '50 preview', 'rest']); // a preview begun is shown, or nothing would move
});

it('lets a peek at a style finish, keeps nobody waiting with it, and paints what is chosen meanwhile', async () => {
  const { painter, runs, told, ask, most } = studio();
  ask(100, 'peek', { ...style, id: 'b' });
  await settle();
  expect(runs[0]?.request.photo).toBe(photo.preview);
  expect(painter.busy).toBe(false);
  ask(80, 'full');
  expect(painter.busy).toBe(true);
  await finishAll(runs);
  expect(told).toEqual(['100 preview', '80 preview', '80', 'rest']);
  expect(most()).toBe(1);
});

it('cancels a full picture that a newer request has overtaken, and never shows it', async () => {
  const { runs, told, ask, most } = studio();
  ask(100, 'full');
  await settle();
  runs[0]?.finish();
  await settle();
  expect(runs[0]?.request.photo).toBe(photo.full);
  ask(20, 'full');
  await finishAll(runs);
  expect(told).toEqual(['100 preview', '20 preview', '20', 'rest']);
  expect(most()).toBe(1);
});

it('is free at once when cancelled and shows nothing afterwards', async () => {
  const { painter, runs, told, ask } = studio();
  ask(100, 'full');
  await settle();
  painter.cancel();
  expect(painter.busy).toBe(false);
  await finishAll(runs);
  expect(told).toEqual(['rest']);
});

it('gives the photo itself at strength zero without asking the engine', async () => {
  const { runs, told, ask } = studio();
  ask(0, 'full');
  await settle();
  expect(runs).toEqual([]);
  expect(told).toEqual(['0', 'rest']);
});

it('predicts a style of ones own once', async () => {
  const { runs, ask, predictions } = studio();
  const own: StyleEffect = { kind: 'style', id: 'own', name: 'Own', picture: picture('own') };
  ask(100, 'full', own);
  await finishAll(runs);
  ask(50, 'full', own);
  await finishAll(runs);
  expect(predictions()).toBe(1);
  expect(own.vector?.[0]).toBe(1);
});

it('tells an error once and forgets the request', async () => {
  const { painter, told, ask } = studio();
  ask(100, 'full', { kind: 'style', id: 'neither', name: '' });
  await settle();
  expect(painter.busy).toBe(false);
  expect(told[0]).toContain('neither vector nor picture');
  expect(told).toHaveLength(2);
});

it.each([
  ['begins at the left where the engine runs', true, 0],
  ['leaves room for the engine’s start', false, 4 / 11],
])('has a progress bar that %s', async (_, started, fraction) => {
  const { runs, fractions, ask } = studio(started);
  ask(100, 'full');
  await finishAll(runs);
  expect(fractions[0]).toBeCloseTo(fraction);
});

it('stops the download of the models with a cancel, not with a newer request', async () => {
  const { painter, told, ask } = studio(false);
  ask(100, 'full');
  await settle();
  ask(100, 'full', { ...style, id: 'b' });
  await settle();
  expect(told).toEqual([]);
  painter.cancel();
  expect(told).toEqual(['start abandoned']);
});

it('asks a translator once a photo: every strength after it is only carried', async () => {
  const { runs, told, ask, most, translations } = studio();
  ask(100, 'full', night);
  await finishAll(runs);
  ask(80, 'preview', night);
  await finishAll(runs);
  ask(60, 'full', night);
  await finishAll(runs);
  expect(translations()).toBe(1);
  expect(most()).toBe(1);
  expect(told.filter((each) => each !== 'rest')).toEqual(['100 preview', '100', '80 preview', '60']);
});

it('lets a translator finish while the slider moves, and carries only the newest strength', async () => {
  const { runs, told, ask, translations } = studio();
  ask(100, 'full', night);
  await settle();
  for (const strength of [70, 40]) ask(strength, 'preview', night);
  await finishAll(runs);
  expect(translations()).toBe(1);
  expect(told).toEqual(['40 preview', 'rest']);
});

it('drops a translator that a style has overtaken', async () => {
  const { runs, told, ask, translations } = studio();
  ask(100, 'full', night);
  await settle();
  ask(50, 'full');
  await finishAll(runs);
  expect(translations()).toBe(0);
  expect(told).toEqual(['50 preview', '50', 'rest']);
});
