/** Mixtures are weighted means, whatever their weights sum to, and keep a name that the visitor gave. */
import { expect, it } from 'vitest';
import type { StyleEffect } from './effect';
import { mixed, partsOf, remixed, shares } from './mixture';

const part = (name: string, weight: number, ...vector: number[]) => ({
  name,
  weight,
  vector: Float32Array.from(vector),
});
const waves: StyleEffect = {
  kind: 'style',
  id: 'waves',
  name: 'Waves',
  vector: Float32Array.of(1, 0),
  space: 's',
};

it('mixes the weighted mean of the vectors', () => {
  expect([...mixed([part('a', 30, 1, 0, 4), part('b', 10, 1, 8, 0)])]).toEqual([1, 2, 3]);
  expect(shares([part('a', 1), part('b', 1), part('c', 2)])).toEqual([0.25, 0.25, 0.5]);
});

it('begins with the style itself, or with nothing while its vector is not known', () => {
  expect(partsOf(waves)).toEqual([part('Waves', 50, 1, 0)]);
  expect(partsOf({ kind: 'style', id: 'own-1', name: 'Quilt' })).toEqual([]);
});

it('names a mixture after its styles until the visitor names it', () => {
  const [both, three] = [[part('Waves', 100, 1, 0), part('Oil', 100, 0, 1)], [part('Oil', 100, 0, 1)]];
  const mixture = remixed(waves, both, 'own-1');
  expect(mixture).toMatchObject({ id: 'own-1', name: 'Waves + Oil', space: 's', parts: both });
  expect([...(mixture.vector ?? [])]).toEqual([0.5, 0.5]);
  expect(remixed(mixture, three, 'own-1').name).toBe('Oil');
  expect(remixed({ ...mixture, name: 'Mine' }, three, 'own-1').name).toBe('Mine');
});
