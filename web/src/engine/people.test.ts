/** People are looked for on the photo and on its mirror image. */
import { expect, it } from 'vitest';
import { pictureOf } from '../../tests-engine/picture';
import type { Graph } from './graph';
import { CONSTANTS } from './constants';
import { findPeople, inMirror, showsAnybody } from './people';

it('turns pictures around from right to left, pixel by pixel', () => {
  const picture = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12); // 2 x 2 px of three channels
  expect([...inMirror(picture, 2, 3)]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
  expect([...inMirror(inMirror(picture, 2, 3), 2, 3)]).toEqual([...picture]);
});

it('takes for a person by half what is seen on one of them alone', async () => {
  // It finds what is bright, and whatever is at the left edge.
  const network = {
    run: ({ photo: { values } }: { photo: { values: Float32Array } }) =>
      Promise.resolve(Float32Array.from({ length: 4 }, (_, x) => Number(x === 0 || values[3 * x] === 1))),
  };
  const photo = pictureOf(4, 1, (i) => (Math.floor(i / 4) === 2 ? 255 : 0));
  expect([...(await findPeople(network as unknown as Graph, photo))]).toEqual([0.5, 0, 1, 0.5]);
});

it('finds anybody where enough of a picture is surely a person', () => {
  const { sure, least } = CONSTANTS['person-mask'];
  const mask = (share: number, likely: number) =>
    Float32Array.from({ length: 1000 }, (_, i) => (i < 1000 * share ? likely : 0));
  expect(showsAnybody(mask(least, 1))).toBe(true);
  expect(showsAnybody(mask(least / 2, 1))).toBe(false);
  expect(showsAnybody(mask(1, sure - 0.01))).toBe(false);
});
