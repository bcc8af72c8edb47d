/** The WebGPU backend: where the address asks for it, or a race on this machine was won by it. */
import { backend, setBackend } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-backend-webgpu';

/** Makes WebGPU the backend; gives its label. Throws when it does not start. */
export async function activate(onLost: () => void): Promise<string> {
  if (!(await setBackend('webgpu'))) throw new Error('WebGPU did not start.');
  void (backend() as WebGPUBackend).device.lost.then(onLost);
  return 'WebGPU';
}
