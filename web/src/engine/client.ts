/**
 * The page's one door to TensorFlow.js: a typed client of the worker in worker.ts.
 * Every call is (request, { signal, onProgress }); a cancelled or superseded call never resolves.
 */
import { EngineError } from './errors';
import type { CallOptions, EngineInfo, PredictRequest, StartOptions, StyliseRequest } from './types';

export { EngineError, type EngineErrorCode } from './errors';
export type * from './types';

export interface EngineClient {
  /** Loads TensorFlow.js and the transformer and warms up. Rejects with EngineError. */
  start(options?: StartOptions, call?: CallOptions): Promise<EngineInfo>;
  /** A style picture's vector, [100]; fetches the predictor at its first use. */
  predictStyle(request: PredictRequest, call?: CallOptions): Promise<Float32Array>;
  /** The painted photo, same size. A newer call supersedes an older one, which rejects with 'cancelled'. */
  stylise(request: StyliseRequest, call?: CallOptions): Promise<ImageData>;
  /** Stops the worker; pending calls reject with 'cancelled'. */
  dispose(): void;
}

export function createEngine(): EngineClient {
  const notYet = () => Promise.reject(new EngineError('internal', 'The engine is not built yet.'));
  return { start: notYet, predictStyle: notYet, stylise: notYet, dispose: () => undefined };
}
