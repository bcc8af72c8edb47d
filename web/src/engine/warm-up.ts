/** The first run, before the visitor waits for one: compiles shaders and measures the speed. */
import { backend, env, getBackend, type Tensor } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { Graphics } from './backend';
import type { Graph, NamedArray } from './graph';
import { dropPicture } from './picture';
import { STYLE_SIDE } from './predict';
import { ownVector, stylise, vectorInput } from './stylise';

/** A preview of most photos: some shaders have their picture's size in them. */
const WIDTH = 320;
const HEIGHT = 240;
const POLL_MS = 8;

/** Paints a black picture; gives the milliseconds a pixel takes once everything is compiled. */
export async function warmUp(transformer: Graph, graphics: Graphics | undefined): Promise<number> {
  const vector = Float32Array.from(ownVector(transformer));
  await compileShaders(transformer, {
    photo: { values: new Float32Array(HEIGHT * WIDTH * 3), shape: [1, HEIGHT, WIDTH, 3] },
    vector: vectorInput(transformer, vector),
  });
  const photo = new ImageData(WIDTH, HEIGHT);
  const start = performance.now();
  dropPicture(await stylise(transformer, { photo, vector, strength: 100 }, graphics));
  return (performance.now() - start) / (WIDTH * HEIGHT);
}

/** Compiles what the predictor needs; it reads every picture at one size. */
export function prepare(predictor: Graph): Promise<void> {
  const shape = [1, STYLE_SIDE, STYLE_SIDE, 3];
  return compileShaders(predictor, { style: { values: new Float32Array(3 * STYLE_SIDE ** 2), shape } });
}

/** Has the driver compile all of a graph's shaders side by side instead of one after the other. */
async function compileShaders(graph: Graph, inputs: Record<string, NamedArray>): Promise<void> {
  if (getBackend() !== 'webgl') return;
  const webgl = backend() as MathBackendWebGL;
  const tensors: Record<string, Tensor> = graph.toTensors(inputs);
  env().set('ENGINE_COMPILE_ONLY', true);
  try {
    graph.execute(tensors).dispose();
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
