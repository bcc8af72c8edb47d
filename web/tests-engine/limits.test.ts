// The side of a tile, from what the machine shows that it can hold.
import { env, registerBackend, setBackend, KernelBackend } from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { tileSide } from '../src/engine/limits';

test.each([
  ['nothing', undefined, 896],
  ['8 GB of memory', 8, 896],
  ['1 GB of memory', 1, 448],
])('a machine that shows %s', (_, deviceMemory, side) => {
  vi.stubGlobal('navigator', { deviceMemory });
  expect(tileSide()).toBe(side);
});

test.each([
  [16384, 896],
  [2048, 512],
])('a graphics processor whose textures hold %i pixels a side', async (texture, side) => {
  vi.stubGlobal('navigator', { deviceMemory: 8 });
  env().registerFlag('WEBGL_MAX_TEXTURE_SIZE', () => texture);
  registerBackend('webgl', () => new KernelBackend());
  await setBackend('webgl');
  env().set('WEBGL_MAX_TEXTURE_SIZE', texture);
  expect(tileSide()).toBe(side);
});
