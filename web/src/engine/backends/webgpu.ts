/** The WebGPU backend, only where the visitor asks for it by ?backend=webgpu. */
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';

/** Makes WebGPU the backend; gives its label. Throws when it does not start. */
export async function activate(): Promise<string> {
  if (!(await setBackend('webgpu'))) throw new Error('WebGPU did not start.');
  return 'WebGPU';
}
