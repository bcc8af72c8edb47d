/** The page's side of carry-worker.ts: one request at a time; a cancelled one stops its worker at once. */
import type { CarryAnswers, CarryReply, CarryRequest } from './carry-worker';
import { EngineError } from './errors';

export interface CarryOptions {
  signal?: AbortSignal | undefined;
  /** 0..1, of this request. */
  onProgress?: (fraction: number) => void;
}

export class Carrier {
  private idle: Worker | undefined;

  /** The worker's answer. Rejects with EngineError. */
  async ask<K extends CarryRequest['kind']>(
    request: Extract<CarryRequest, { kind: K }>,
    { signal, onProgress = () => undefined }: CarryOptions = {},
    transfer: Transferable[] = [],
  ): Promise<CarryAnswers[K]> {
    if (signal?.aborted) throw cancelled();
    const worker = this.idle ?? newWorker();
    this.idle = undefined;
    let stop: (() => void) | undefined;
    try {
      const value = await new Promise<CarryAnswers[K]>((resolve, reject) => {
        stop = () => {
          reject(cancelled());
        };
        signal?.addEventListener('abort', stop);
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new EngineError('internal', event.message || 'The worker cannot be loaded.'));
        };
        worker.onmessage = ({ data }: MessageEvent<CarryReply>) => {
          if (data.type === 'progress') onProgress(data.fraction);
          else if (data.type === 'done') resolve(data.value as CarryAnswers[K]);
          else reject(new EngineError(data.isFull ? 'out-of-memory' : 'internal', data.message));
        };
        worker.postMessage(request, transfer);
      });
      this.idle = worker;
      return value;
    } catch (error) {
      worker.terminate();
      throw error;
    } finally {
      if (stop) signal?.removeEventListener('abort', stop);
    }
  }

  /** Lets the resting worker go. */
  dispose(): void {
    this.idle?.terminate();
    this.idle = undefined;
  }
}

function newWorker(): Worker {
  return new Worker(new URL('./carry-worker.ts', import.meta.url), { type: 'module' });
}

function cancelled(): EngineError {
  return new EngineError('cancelled', 'The call was cancelled.');
}
