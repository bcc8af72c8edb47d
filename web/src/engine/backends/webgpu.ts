/** The WebGPU backend: where the address asks for it, or a benchmark on this machine was won by it. */
import { backend, setBackend } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-backend-webgpu';
import { registerNorms } from './norm-kernels';
import { isThirdSize } from './sizes';
import { WEBGPU_NORMS } from './webgpu-norm';

/** Makes WebGPU the backend; gives its label. Throws when it does not start. */
export async function activate(onLost: () => void): Promise<string> {
  if (!(await setBackend('webgpu'))) throw new Error('WebGPU did not start.');
  registerNorms('webgpu', WEBGPU_NORMS);
  void (backend() as WebGPUBackend).device.lost.then(onLost);
  return 'WebGPU';
}

/** Frees the buffers that lie idle once a picture of a third size comes; nothing else would. */
export function expectSize(height: number, width: number): void {
  if (!isThirdSize(height, width)) return;
  const pool = (backend() as WebGPUBackend).bufferManager;
  const idle = pool['freeBuffers'] as Map<string, GPUBuffer[]>;
  for (const buffer of [...idle.values()].flat()) {
    pool.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
  for (const size of idle.keys()) idle.set(size, []);
  pool['numFreeBuffers'] = 0;
}
