/** What lies idle once many large tensors are gone, for tests/web/test_engine_survival.py. */
import { fill, memory } from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/engine/backend';

const MEGABYTES_64 = [1024, 1024, 16];

/** Bytes of textures held and idle, after tensors of 320 MB were there at once on WebGL. */
export async function bytesAfterLargeTensors() {
  await startBackend('webgl', () => undefined);
  const tensors = Array.from({ length: 5 }, () => fill(MEGABYTES_64, 1));
  const held = memory() as unknown as { numBytesInGPUAllocated: number };
  const before = held.numBytesInGPUAllocated;
  for (const tensor of tensors) tensor.dispose();
  return [before, (memory() as unknown as typeof held).numBytesInGPUAllocated];
}
