/** The errors the engine hands to the page: a code to translate, and an English sentence for logs. */

export type EngineErrorCode =
  | 'model-missing' // a model file is not there, or a web page came in its place
  | 'model-altered' // a model file is not the one its manifest describes
  | 'model-mismatch' // vector and transformer belong to different style spaces
  | 'backend-failed' // no way to compute, or it broke and did not come back
  | 'switched-off' // neither WebAssembly nor WebGL, as some security settings want it
  | 'out-of-memory'
  | 'cancelled' // by the caller, or because a newer call took its place
  | 'internal';

/** An engine failure; `name` is 'AbortError' for a cancelled call, as the web platform does. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code === 'cancelled' ? 'AbortError' : 'EngineError';
    this.code = code;
  }
}

/** Whether the error only says that what was asked for is no longer wanted. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The promise's outcome, or a cancellation as soon as the signal comes; what was awaited goes on by itself. */
export function untilAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      reject(new EngineError('cancelled', 'The wait was cancelled.'));
    };
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    promise.then(resolve, reject);
  });
}
