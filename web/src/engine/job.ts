/** One call of the page on its way: waiting, in the worker, or settled. */
import { EngineError } from './errors';
import { ProgressReporter } from './pace';
import type { Answers, Request } from './protocol';
import type { CallOptions } from './types';

export type JobKind = Exclude<Request['kind'], 'start' | 'fetch-people'>;

export class Job<K extends JobKind = JobKind> {
  readonly progress: ProgressReporter;
  readonly promise: Promise<Answers[K]>;
  settled = false;
  /** When the worker will be done, by performance.now(); undefined while waiting. */
  expectedEnd: number | undefined;
  /** How many workers failed on it. */
  failures = 0;
  private succeed: (value: Answers[K]) => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;
  private readonly release: () => void;

  /** onAbort: the caller's signal fired before the job was settled. */
  constructor(
    readonly request: Extract<Request, { kind: K }>,
    { signal, onProgress }: CallOptions,
    onAbort: (job: Job<K>) => void,
  ) {
    this.progress = new ProgressReporter(onProgress);
    this.promise = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
    const abort = () => {
      onAbort(this);
    };
    signal?.addEventListener('abort', abort);
    this.release = () => signal?.removeEventListener('abort', abort);
  }

  resolve(value: Answers[K]): void {
    this.settle(() => {
      this.progress.finish();
      this.succeed(value);
    });
  }

  reject(error: unknown): void {
    this.settle(() => {
      this.progress.stop();
      this.fail(error);
    });
  }

  cancel(why: string): void {
    this.reject(new EngineError('cancelled', why));
  }

  private settle(action: () => void): void {
    if (this.settled) return;
    this.settled = true;
    this.release();
    action();
  }
}
