/** The WebGL 2 backend, on a real graphics processor or, when forced, in software. */
import { backend, env, mean, setBackend, square, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgl';
import { isSoftware } from '../webgl-info';
import { registerNorms } from './norm-kernels';
import { isThirdSize } from './sizes';
import { WEBGL_NORMS } from './webgl-norm';

export { toBitmap } from './webgl-canvas';

/** Idle textures beyond this many bytes are freed; each new picture size would otherwise keep its own. */
const IDLE_TEXTURE_BYTES = 256 * 1024 * 1024;
const PROBE_SIZE = 1 << 16;

/** Makes WebGL the backend; gives its label. Throws when it does not start or computes wrongly. */
export async function activate(onLost: () => void): Promise<string> {
  env().set('WEBGL_VERSION', 2);
  env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', IDLE_TEXTURE_BYTES);
  // Sizes become uniforms, so that one compiled shader serves every picture size.
  env().set('WEBGL_USE_SHAPES_UNIFORMS', true);
  if (!(await setBackend('webgl'))) throw new Error('WebGL did not start.');
  registerNorms('webgl', WEBGL_NORMS);
  const gl = (backend() as MathBackendWebGL).getGPGPUContext().gl;
  gl.canvas.addEventListener('webglcontextlost', onLost);
  await probe();
  return isSoftware(gl) ? 'WebGL (software)' : 'WebGL (GPU)';
}

/**
 * Frees the textures that lie idle once a picture of a third size comes: when they fill IDLE_TEXTURE_BYTES,
 * every run has to make all of its own anew.
 */
export function expectSize(height: number, width: number): void {
  if (isThirdSize(height, width)) freeIdleTextures(backend() as MathBackendWebGL);
}

interface TexturePool {
  freeTextures: Record<string, { texture: WebGLTexture }[]>;
  numFreeTextures: number;
  _numBytesAllocated: number;
  _numBytesFree: number;
}

/** TensorFlow.js frees its pool only together with the textures in use. */
function freeIdleTextures(webgl: MathBackendWebGL): void {
  const pool = webgl['textureManager'] as TexturePool;
  for (const { texture } of Object.values(pool.freeTextures).flat()) {
    webgl.getGPGPUContext().deleteMatrixTexture(texture);
  }
  pool._numBytesAllocated -= pool._numBytesFree;
  pool._numBytesFree = pool.numFreeTextures = 0;
  pool.freeTextures = {};
}

/**
 * A sum of squares like instance normalisation's, and numbers that are read back as they were written: protections
 * against fingerprinting may change what is read.
 */
async function probe(): Promise<void> {
  const numbers = Float32Array.from({ length: 256 }, (_, i) => i / 3);
  const results: Tensor[] = tidy(() => [
    mean(square(tensor1d(new Float32Array(PROBE_SIZE).fill(30)))),
    square(tensor1d(numbers)),
  ]);
  const [sum, squares] = await Promise.all(results.map((result) => result.data()));
  for (const result of results) result.dispose();
  const isRight = (value = NaN, wanted: number) => Math.abs(value - wanted) < 1;
  if (!isRight(sum?.[0], 900)) throw new Error('WebGL computes wrongly here.');
  if (!numbers.every((n, i) => isRight(squares?.[i], n * n)))
    throw new Error('WebGL gives false numbers here.');
}
