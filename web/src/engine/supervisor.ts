/** Keeps one started worker: starts it at need, replaces it when it broke or was stopped. */
import { EngineError } from './errors';
import { WorkerLink } from './link';
import type { Started } from './protocol';
import { distrust, recall, type Present } from './backend-benchmark';
import type { EngineInfo, Progress, StartOptions } from './types';

export interface StartedWorker {
  link: WorkerLink;
  started: Started;
}

export interface SupervisorEvents {
  onStarted: (started: Started) => void;
  /** No worker could be started; one that was stopped meanwhile has not failed. */
  onFailed: (error: unknown) => void;
}

/** A graphics processor that failed this often is not trusted again. */
const MOST_FAILURES = 2;

export class Supervisor {
  private link: WorkerLink | undefined;
  private launch: Promise<StartedWorker> | undefined;
  private info: EngineInfo | undefined;
  private failures = 0;
  private readonly listeners = new Set<(progress: Progress) => void>();

  constructor(
    private options: StartOptions,
    private readonly events: SupervisorEvents,
  ) {}

  /** Whether a start has succeeded since the engine was configured; a worker that broke later is replaced quietly. */
  get started(): boolean {
    return this.info !== undefined;
  }

  /** Whether a worker is being started, or has been. */
  get launched(): boolean {
    return this.launch !== undefined;
  }

  /** Sets what the next worker is started with, and stops the present one. */
  configure(options: StartOptions): void {
    this.stop();
    this.options = options;
    this.info = undefined;
    this.failures = 0;
  }

  /** The started worker; all who wait for the same start hear of its progress. Rejects with EngineError. */
  async worker(onProgress: (progress: Progress) => void = () => undefined): Promise<StartedWorker> {
    this.listeners.add(onProgress);
    try {
      return await (this.launch ??= this.begin());
    } finally {
      this.listeners.delete(onProgress);
    }
  }

  /** Stops the worker at once, whatever it computes; what was asked of it rejects with 'cancelled'. */
  stop(): void {
    const { link } = this;
    this.link = undefined;
    this.launch = undefined;
    link?.close();
  }

  /** Puts a worker aside that failed; graphics that keep failing give way to WebAssembly. */
  discard(link: WorkerLink): void {
    if (this.link !== link) return; // heard of before
    this.failures += 1;
    if (this.info?.backend === recall()) distrust();
    const graphics = this.info !== undefined && this.info.backend !== 'wasm';
    if (graphics && this.failures >= MOST_FAILURES) this.options = { ...this.options, backend: 'wasm' };
    this.stop();
  }

  /** What runs where nobody forced it. */
  get present(): Present | undefined {
    if (this.options.backend || !this.info) return undefined;
    return { backend: this.info.backend, models: this.resolved().models };
  }

  private async begin(): Promise<StartedWorker> {
    const link = new WorkerLink(() => {
      this.discard(link);
    });
    this.link = link;
    try {
      const { value } = await link.ask({ kind: 'start', options: this.resolved() }, (progress) => {
        for (const listener of this.listeners) listener(progress);
      });
      this.info = value.info;
      this.events.onStarted(value);
      return { link, started: value };
    } catch (error) {
      if (this.link === link) this.stop();
      const code = error instanceof EngineError ? error.code : undefined;
      if (this.options.backend || code !== 'backend-failed') {
        if (!this.started && code !== 'cancelled') this.events.onFailed(error);
        throw error;
      }
      // The choice was ours and it was wrong: WebAssembly works everywhere.
      if (recall()) distrust();
      else this.options = { ...this.options, backend: 'wasm' };
      return (this.launch = this.begin());
    }
  }

  private resolved() {
    const models = new URL(this.options.models ?? 'models/', document.baseURI);
    if (models.origin !== location.origin) {
      throw new EngineError('model-missing', 'Models are only read from the page’s own address.');
    }
    if (!models.pathname.endsWith('/')) models.pathname += '/';
    // Only the first start has time to warm up: a later one has a visitor waiting.
    const backend = this.options.backend ?? recall();
    return {
      ...this.options,
      ...(backend && { backend }),
      models: models.href,
      published: new URL('models/', document.baseURI).href,
      warmUp: this.info === undefined,
    };
  }
}
