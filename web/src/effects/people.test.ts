/** People are painted as much less as is asked for: by another painting laid over the first where the mask is. */
import { expect, it, vi } from 'vitest';
import { pictureOf } from '../../tests-engine/picture';
import type { Maps } from '../engine/client';
import type { Networks, Strong } from './effect';
import { maskOf, sparingPeople } from './people';

const WIDTH = 4;
/** The photo is 100 everywhere; a painting is 100 + strength; people are in the right half. */
const aPhoto = () => {
  const full = pictureOf(WIDTH, 1, () => 100);
  return { name: '', full, preview: full };
};
const networks = (isAnybody = true) => {
  let asked = 0;
  return {
    asked: () => asked,
    findPeople: () => {
      asked += 1;
      return Promise.resolve({ maps: {} as Maps, isAnybody });
    },
    carry: () => Promise.resolve(pictureOf(WIDTH, 1, (i) => (i < 8 ? 0 : 255))),
  };
};

async function painted(
  settings: Strong<never>['settings'],
  finder: Pick<Networks, 'findPeople' | 'carry'> = networks(),
  photo = aPhoto(),
  usual = 100,
  signal = new AbortController().signal,
) {
  const strengths: number[] = [];
  const paint = ({ strength }: { strength: number }) => {
    strengths.push(strength);
    return Promise.resolve(pictureOf(WIDTH, 1, () => 100 + strength));
  };
  const request = { photo, effect: { kind: '', id: '', name: '' }, strength: 80, settings };
  const picture = (await sparingPeople(request, () => photo.full, paint, finder, usual, {
    signal,
  })) as ImageData;
  return { strengths, values: [0, 1, 2, 3].map((x) => picture.data[4 * x]) };
}

it('paints once, and looks for nobody, where people are painted as all else is', async () => {
  const finder = networks();
  expect(await painted({}, finder)).toEqual({ strengths: [80], values: [180, 180, 180, 180] });
  expect(finder.asked()).toBe(0);
});

it('lays a weaker painting over the people', async () => {
  expect(await painted({ people: 25 })).toEqual({ strengths: [80, 20], values: [180, 180, 120, 120] });
});

it('leaves people as in the photo at 0, without painting them', async () => {
  expect(await painted({ people: 0 })).toEqual({ strengths: [80], values: [180, 180, 100, 100] });
});

it('paints once where nobody is found, and looks once a photo', async () => {
  const [finder, photo] = [networks(false), aPhoto()];
  for (let i = 0; i < 2; i++) expect((await painted({ people: 0 }, finder, photo)).strengths).toEqual([80]);
  expect(finder.asked()).toBe(1);
  expect(await maskOf(photo, finder)).toBeUndefined();
});

it('paints by the mask as it was corrected, of the state that the settings name', async () => {
  const photo = aPhoto();
  const mask = await maskOf(photo, networks());
  mask?.corrections.begin();
  mask?.corrections.draw({ x: 0.1, y: 0.5 }, { x: 0.1, y: 0.5 }, { radius: 0.1, adds: true });
  const state = mask?.corrections.current ?? 0;
  expect((await painted({ people: 0, mask: state }, networks(), photo)).values).toEqual([100, 180, 100, 100]);
  expect((await painted({ people: 0 }, networks(), photo)).values).toEqual([180, 180, 100, 100]);
});

it('gives the mask of who is there', async () => {
  const mask = await maskOf(aPhoto(), networks());
  expect([0, 1, 2, 3].map((x) => mask?.share(x, 0))).toEqual([0, 0, 1, 1]);
});

it('looks again after it could not', async () => {
  const photo = aPhoto();
  const failing = { ...networks(), findPeople: () => Promise.reject(new Error('no network')) };
  await expect(painted({ people: 0 }, failing, photo)).rejects.toThrow('no network');
  expect((await painted({ people: 0 }, networks(), photo)).values).toEqual([180, 180, 100, 100]);
});

it('spares them as usual where nothing is said', async () => {
  expect(await painted({}, networks(), aPhoto(), 50)).toEqual({
    strengths: [80, 40],
    values: [180, 180, 140, 140],
  });
  expect((await painted({ people: 100 }, networks(), aPhoto(), 50)).strengths).toEqual([80]);
  expect((await painted({}, networks(false), aPhoto(), 50)).strengths).toEqual([80]);
});

it('paints all of a photo alike where nobody can be looked for, then and later', async () => {
  const photo = aPhoto();
  const failing = { ...networks(), findPeople: () => Promise.reject(new Error('no network')) };
  expect((await painted({}, failing, photo, 50)).strengths).toEqual([80]);
  expect((await painted({}, networks(), photo, 50)).strengths).toEqual([80]);
  expect((await maskOf(photo, networks()))?.isSpared).toBe(false);
});

it('waits for a network on its way only so long', async () => {
  vi.useFakeTimers();
  const slow = { ...networks(), findPeople: () => new Promise<never>(() => undefined) };
  const painting = painted({}, slow, aPhoto(), 50);
  await vi.advanceTimersByTimeAsync(6000);
  expect((await painting).strengths).toEqual([80]);
  vi.useRealTimers();
});

it('paints as usual after a painting that was not wanted any more', async () => {
  const photo = aPhoto();
  const unwanted = painted({}, networks(), photo, 50, AbortSignal.abort());
  await expect(unwanted).rejects.toMatchObject({ code: 'cancelled' });
  expect((await painted({}, networks(), photo, 50)).strengths).toEqual([80, 40]);
});
