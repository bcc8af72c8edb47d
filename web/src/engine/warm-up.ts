/** The first run, before the visitor waits for one: compiles shaders and measures the speed. */
import { backend, env, getBackend, type Tensor } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { Graph, NamedArray } from './graph';
import { ownVector, VECTOR_LENGTH } from './stylise';

/** The size of the strength slider's previews. */
const SIDE = 256;
const POLL_MS = 8;

/** Paints a grey square; gives the milliseconds a pixel takes once everything is compiled. */
export async function warmUp(transformer: Graph): Promise<number> {
  const inputs = {
    photo: { values: new Float32Array(SIDE * SIDE * 3).fill(0.5), shape: [1, SIDE, SIDE, 3] },
    vector: { values: Float32Array.from(ownVector(transformer)), shape: [1, VECTOR_LENGTH] },
  };
  if (getBackend() === 'webgl') await compileShaders(transformer, inputs);
  const start = performance.now();
  await transformer.run(inputs);
  return (performance.now() - start) / (SIDE * SIDE);
}

/** Has the driver compile all shaders side by side instead of one after the other. */
async function compileShaders(transformer: Graph, inputs: Record<string, NamedArray>): Promise<void> {
  const webgl = backend() as MathBackendWebGL;
  const tensors: Record<string, Tensor> = transformer.toTensors(inputs);
  env().set('ENGINE_COMPILE_ONLY', true);
  try {
    transformer.execute(tensors).dispose();
  } finally {
    env().set('ENGINE_COMPILE_ONLY', false);
    for (const each of Object.values(tensors)) each.dispose();
  }
  await compiled(webgl);
  webgl.checkCompileCompletion(); // throws where a shader cannot be compiled
  webgl.getUniformLocations();
}

/** Asks the driver until all is compiled. TensorFlow.js asks once a frame, and a hidden tab has no frames. */
async function compiled(webgl: MathBackendWebGL): Promise<void> {
  const { gl, parallelCompilationExtension: extension } = webgl.getGPGPUContext();
  if (!extension) return;
  const shaders = Object.values(webgl['binaryCache'] as Record<string, { webGLProgram: WebGLProgram }>);
  const isDone = ({ webGLProgram }: (typeof shaders)[number]) =>
    gl.getProgramParameter(webGLProgram, extension.COMPLETION_STATUS_KHR) as boolean;
  while (!shaders.every(isDone)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
