/** Keeps one started worker: starts it at need, replaces it when it broke or was stopped. */
import { EngineError } from './errors';
import { WorkerLink } from './link';
import type { Started } from './protocol';
import type { EngineInfo, Progress, StartOptions } from './types';

export interface StartedWorker {
  link: WorkerLink;
  started: Started;
}

/** A graphics context that was lost this often is not trusted again. */
const MOST_LOSSES = 2;

export class Supervisor {
  private options: StartOptions = {};
  private link: WorkerLink | undefined;
  private launch: Promise<StartedWorker> | undefined;
  private info: EngineInfo | undefined;
  private losses = 0;
  private readonly listeners = new Set<(progress: Progress) => void>();

  constructor(private readonly onStarted: (started: Started) => void) {}

  /** Sets what the next worker is started with, and stops the present one. */
  configure(options: StartOptions): void {
    this.stop();
    this.options = options;
    this.info = undefined;
    this.losses = 0;
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
    this.forget();
    link?.close();
  }

  private async begin(): Promise<StartedWorker> {
    const link = new WorkerLink(() => {
      this.lost();
    });
    this.link = link;
    try {
      const { value } = await link.ask({ kind: 'start', options: this.resolved() }, (progress) => {
        for (const listener of this.listeners) listener(progress);
      });
      this.info = value.info;
      this.onStarted(value);
      return { link, started: value };
    } catch (error) {
      if (this.link === link) this.stop();
      throw error;
    }
  }

  private resolved() {
    const models = new URL(this.options.models ?? 'models/', document.baseURI);
    if (models.origin !== location.origin) {
      throw new EngineError('model-missing', 'Models are only read from the page’s own address.');
    }
    if (!models.pathname.endsWith('/')) models.pathname += '/';
    // Only the first start has time to warm up: a later one has a visitor waiting.
    return { ...this.options, models: models.href, warmUp: this.info === undefined };
  }

  private lost(): void {
    this.losses += 1;
    const graphics = this.info !== undefined && this.info.backend !== 'wasm';
    if (graphics && this.losses >= MOST_LOSSES) this.options = { ...this.options, backend: 'wasm' };
    this.forget();
  }

  private forget(): void {
    this.link = undefined;
    this.launch = undefined;
  }
}
