/** One worker and the requests sent to it. A dead link rejects what it was asked. */
import { EngineError } from './errors';
import type { Answers, Reply, Request } from './protocol';
import type { Progress } from './types';
import workerUrl from './worker.ts?worker&url';

/** The worker's address; when built, with a hash of the engine's code in it. */
export const WORKER = workerUrl;

export interface Answered<T> {
  value: T;
  /** How long the worker took. */
  ms: number;
}

interface Pending {
  resolve: (answered: Answered<never>) => void;
  reject: (error: EngineError) => void;
  onProgress: (progress: Progress) => void;
}

export class WorkerLink {
  private readonly worker = new Worker(WORKER, { type: 'module' });
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private isClosed = false;

  /** onDead: the worker broke by itself, not by `close`. */
  constructor(private readonly onDead: () => void) {
    this.worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      this.receive(data);
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.die(event.message || "The engine's worker cannot be loaded.");
    };
  }

  /** Sends a request; rejects with EngineError. */
  ask<K extends Request['kind']>(
    request: Extract<Request, { kind: K }>,
    onProgress: (progress: Progress) => void,
  ): Promise<Answered<Answers[K]>> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      if (this.isClosed) {
        reject(stopped());
        return;
      }
      this.pending.set(id, { resolve, reject, onProgress });
      this.worker.postMessage({ id, request });
    });
  }

  /** Stops the worker at once, whatever it computes. */
  close(): void {
    this.isClosed = true;
    this.worker.terminate();
    this.rejectAll(stopped());
  }

  private receive(reply: Reply): void {
    if (reply.type === 'lost') {
      this.die('The graphics context was lost.');
      return;
    }
    const pending = this.pending.get(reply.id);
    if (!pending) return;
    if (reply.type === 'progress') {
      pending.onProgress(reply.progress);
      return;
    }
    this.pending.delete(reply.id);
    if (reply.type === 'failed') pending.reject(new EngineError(reply.code, reply.message));
    else pending.resolve({ value: reply.value as never, ms: reply.ms });
  }

  private die(reason: string): void {
    this.rejectAll(new EngineError('backend-failed', reason));
    this.onDead();
  }

  private rejectAll(error: EngineError): void {
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function stopped(): EngineError {
  return new EngineError('cancelled', 'The engine was stopped.');
}
