/**
 * Whether WebGPU is faster here than what runs: measured once, when a picture is finished and the page rests,
 * and remembered on this machine until the browser or the engine's code changes.
 */
import { EngineError } from './errors';
import { WORKER, WorkerLink } from './link';
import { dropPicture } from './picture';
import type { BackendName } from './types';

const REMEMBERED = 'nocturne.backend';
const REST_MS = 4000; // a visitor who looks at the picture
const SIDE = 512; // px
const LAPS = 3; // after one that compiles
const WORTH_A_CHANGE = 1.25; // times as fast; less may be chance
const MOST_ATTEMPTS = 3; // a visit

interface Remembered {
  /** What it was measured with. */
  version?: string;
  /** What won, where that is not what runs by itself. */
  backend?: BackendName;
}

/** What won here; undefined where that is the usual choice, or nothing was measured with this code and browser. */
export function recall(): BackendName | undefined {
  return remembered().backend;
}

/** Forgets a winner that failed; it is not measured again before the next version. */
export function distrust(): void {
  if (recall()) remember(undefined);
}

/** Whether a challenger is clearly the faster one, by milliseconds a picture. */
export function wins(challenger: number, present: number): boolean {
  return challenger * WORTH_A_CHANGE < present;
}

/** Who runs, and where the models lie. */
export interface Present {
  backend: BackendName;
  models: string;
}

export class BackendBenchmark {
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private link: WorkerLink | undefined;

  /** Measures soon, unless the answer is known or the visitor wants something first. */
  soon(present: Present): void {
    this.stop();
    const isDecided = remembered().version !== undefined;
    if (isDecided || present.backend === 'webgpu' || this.attempts === MOST_ATTEMPTS) return;
    this.timer = setTimeout(() => {
      if (document.visibilityState === 'visible') void this.run(present);
    }, REST_MS);
  }

  /** The visitor comes first. */
  stop(): void {
    clearTimeout(this.timer);
    this.link?.close();
    this.link = undefined;
  }

  private async run({ backend, models }: Present): Promise<void> {
    try {
      if (!(await hasWebGpu())) return;
      this.attempts += 1;
      const present = await this.measure(backend, models);
      const challenger = await this.measure('webgpu', models).catch(failed);
      remember(wins(challenger, present) ? 'webgpu' : undefined);
    } catch {
      // Stopped, or what runs did not start a second time: nothing is known.
    }
  }

  /** Milliseconds of the best lap, in a worker of its own, painted as for the visitor. */
  private async measure(backend: BackendName, models: string): Promise<number> {
    const link = (this.link = new WorkerLink(() => undefined));
    const photo = new ImageData(SIDE, SIDE);
    const request = { photo, vector: new Float32Array(100), strength: 100 };
    try {
      await link.ask(
        { kind: 'start', options: { backend, models, published: models, warmUp: false } },
        () => undefined,
      );
      let best = Infinity;
      for (let lap = 0; lap <= LAPS; lap++) {
        const { value, ms } = await link.ask({ kind: 'stylise', request }, () => undefined);
        dropPicture(value);
        if (lap > 0) best = Math.min(best, ms);
      }
      return best;
    } finally {
      link.close();
    }
  }
}

/** A challenger that cannot run loses; one that was stopped was not measured. */
function failed(error: unknown): number {
  if (error instanceof EngineError && error.code === 'cancelled') throw error;
  return Infinity;
}

async function hasWebGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: GPU };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return adapter?.info.isFallbackAdapter === false; // software would not win
}

/** The hash in the worker's name changes with the engine and TensorFlow.js, the user agent with the browser. */
function version(): string {
  return `${WORKER} ${navigator.userAgent}`;
}

function remembered(): Remembered {
  try {
    const kept = (JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') ?? {}) as Remembered;
    return kept.version === version() ? kept : {};
  } catch {
    return {}; // no storage, or something else in it
  }
}

function remember(backend: BackendName | undefined): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify({ version: version(), backend }));
  } catch {
    // Storage may be switched off; then the usual choice stays.
  }
}
