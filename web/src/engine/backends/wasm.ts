/** The WebAssembly backend: one thread, SIMD where the processor has it. */
import { env, setBackend } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { guardMemory } from '../limits';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';

/** Makes WebAssembly the backend; gives its label. Throws when it does not start. */
export async function activate(): Promise<string> {
  // The threaded build starts workers from blob: addresses, which the page's security policy forbids.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd, // never asked for, but has to be named
  });
  if (!(await setBackend('wasm'))) throw new Error('WebAssembly did not start.');
  guardMemory();
  return 'WebAssembly (CPU)';
}
