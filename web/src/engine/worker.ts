/**
 * The engine's worker: the only place where TensorFlow.js runs.
 * The client sends one request at a time; see protocol.ts for the messages.
 */
import { getBackend, memory, type MemoryInfo } from '@tensorflow/tfjs-core';
import { startBackend, type Graphics } from './backend';
import { EngineError, type EngineErrorCode } from './errors';
import { Graph } from './graph';
import { wasmBytes } from './limits';
import { fetchModel, type ModelFiles } from './models';
import { findPeople } from './people';
import { checkSameSpace, inventStyle, predictStyle } from './predict';
import type { Answers, Reply, Request, ResolvedStart, Started } from './protocol';
import { departuresOf, hasBoldness, statisticsOf, stylise, styliseTile } from './stylise';
import { translate } from './translate';
import type { MemoryUse, Progress, TranslateRequest, TranslatorName } from './types';
import { prepare, warmUp } from './warm-up';

type Report = (stage: Progress['stage'], fraction: number) => void;

let models = ''; // address of the models' folder
let published = ''; // and of the page's own
let graphics: Graphics | undefined;
let transformer: Graph | undefined;
let predictor: Graph | undefined;
let inventor: Graph | undefined;
let personMask: Graph | undefined;
let maskFiles: Promise<ModelFiles> | undefined; // of personMask, on their way or fetched
const translators = new Map<TranslatorName, Graph>();

self.onmessage = ({ data }: MessageEvent<{ id: number; request: Request }>) => {
  void reply(data.id, data.request);
};

async function reply(id: number, request: Request): Promise<void> {
  const report: Report = (stage, fraction) => {
    post({ id, type: 'progress', progress: { stage, fraction } });
  };
  const start = performance.now();
  try {
    const value = await answer(request, report);
    post({ id, type: 'done', value, ms: performance.now() - start }, belongingsOf(value));
  } catch (error) {
    post({ id, type: 'failed', code: codeOf(error), message: messageOf(error) });
  }
}

async function answer(request: Request, report: Report): Promise<Answers[Request['kind']]> {
  if (request.kind === 'start') return start(request.options, report);
  if (request.kind === 'predict') return predict(request.request.picture, report);
  if (request.kind === 'invent') return invent(request.request.noise, report);
  if (request.kind === 'memory') return memoryUse();
  if (request.kind === 'measure') return departuresOf(loadedTransformer(), request.request);
  if (request.kind === 'statistics') return statisticsOf(loadedTransformer(), request.request);
  if (request.kind === 'tile') return styliseTile(loadedTransformer(), request.request);
  if (request.kind === 'fetch-people') {
    await fetchMask();
    return undefined;
  }
  if (request.kind === 'people') {
    personMask ??= await Graph.from(await fetchMask());
    return findPeople(personMask, request.request.photo);
  }
  if (request.kind === 'translate') return toDayOrNight(request.request, report);
  return stylise(loadedTransformer(), request.request, graphics);
}

async function start(options: ResolvedStart, report: Report): Promise<Started> {
  ({ models, published } = options);
  const [files, active] = await Promise.all([
    fetchModel(models, 'style-transformer', (fraction) => {
      report('download', 0.7 * fraction);
    }),
    startBackend(options.backend, () => {
      post({ type: 'lost' });
    }),
  ]);
  graphics = active.graphics;
  report('prepare', 0.8);
  transformer = await Graph.from(files);
  report('prepare', 0.9);
  const msPerPixel = options.warmUp ? await warmUp(transformer, graphics) : undefined;
  const { backend, label } = active;
  const { manifest } = files;
  const info = { backend, label, styleSpace: manifest.style_space ?? '', hasBoldness: hasBoldness(manifest) };
  return { info, msPerPixel };
}

async function predict(picture: ImageData, report: Report): Promise<Float32Array> {
  predictor ??= await loadPredictor(report);
  report('predict', 0.8);
  return predictStyle(predictor, picture);
}

async function invent(noise: Float32Array, report: Report): Promise<Float32Array> {
  inventor ??= await loadOfStyles('style-inventor', report);
  return inventStyle(inventor, noise);
}

async function loadPredictor(report: Report): Promise<Graph> {
  const graph = await loadOfStyles('style-predictor', report);
  await prepare(graph);
  return graph;
}

/** A model whose vectors the transformer paints. */
async function loadOfStyles(name: string, report: Report): Promise<Graph> {
  const graph = await loadModel(name, report);
  checkSameSpace(graph.manifest, loadedTransformer().manifest);
  return graph;
}

function fetchMask(): Promise<ModelFiles> {
  maskFiles ??= fetchModel(published, 'person-mask', () => undefined);
  maskFiles.catch(() => (maskFiles = undefined));
  return maskFiles;
}

async function toDayOrNight(
  { photo, translator: name }: TranslateRequest,
  report: Report,
): Promise<Float32Array<ArrayBuffer>> {
  const translator = translators.get(name) ?? (await loadModel(name, report));
  translators.set(name, translator);
  report('paint', 0.8);
  return translate(translator, photo);
}

async function loadModel(name: string, report: Report): Promise<Graph> {
  const files = await fetchModel(models, name, (fraction) => {
    report('download', 0.7 * fraction);
  });
  report('prepare', 0.75);
  return Graph.from(files);
}

function memoryUse(): MemoryUse {
  const { numTensors, numBytes, ...gpu } = memory() as MemoryInfo & {
    numBytesInGPUAllocated?: number; // WebGL's
    numBytesAllocatedInGPU?: number; // WebGPU's
  };
  const gpuBytes = gpu.numBytesInGPUAllocated ?? gpu.numBytesAllocatedInGPU ?? 0;
  return { tensors: numTensors, bytes: numBytes, gpuBytes, wasmBytes: wasmBytes() };
}

function loadedTransformer(): Graph {
  if (!transformer) throw new EngineError('internal', 'The engine was asked to work before it started.');
  return transformer;
}

function codeOf(error: unknown): EngineErrorCode {
  if (error instanceof EngineError) return error.code;
  // WebAssembly and typed arrays have no error class of their own for a full memory.
  const full = /memory|allocation|invalid array (buffer )?length|texture size/i.test(messageOf(error));
  if (full || error instanceof RangeError) return 'out-of-memory';
  // Drivers fail in many words, not all of them before the loss of the context is announced.
  const graphics = ['webgl', 'webgpu'].includes(getBackend());
  const isTrap = typeof WebAssembly !== 'undefined' && error instanceof WebAssembly.RuntimeError;
  return graphics || isTrap ? 'backend-failed' : 'internal';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What of an answer moves to the page instead of being copied. */
function belongingsOf(value: Answers[Request['kind']]): Transferable[] {
  if (value instanceof ImageData) return [value.data.buffer];
  return value instanceof ImageBitmap ? [value] : [];
}

function post(message: Reply, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}
