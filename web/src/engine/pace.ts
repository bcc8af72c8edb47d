/** How long work will take, from how long it took; how long to wait for it; and progress that moves while a worker is busy. */
import type { BackendName, Progress } from './types';

const TICK = 80; // ms between two reports
const GUESS = 0.005; // ms a pixel before anything was measured: a slow processor
/** Smaller pictures say little of larger ones: most of their time goes by whatever their size. */
const LEAST_PIXELS = 40_000;
const WORTH_A_RESTART = 300; // ms; a new worker takes about as long to start

/** Milliseconds per pixel, measured in every run. */
export class Pace {
  private msPerPixel: number | undefined;
  private backend: BackendName | undefined;

  /** Sets the backend in use; measurements of another backend are discarded. */
  computeOn(backend: BackendName): void {
    if (backend !== this.backend) this.msPerPixel = undefined;
    this.backend = backend;
  }

  /** Expected milliseconds for that many pixels. */
  expect(pixels: number): number {
    return (this.msPerPixel ?? GUESS) * pixels;
  }

  learn(ms: number, pixels: number): void {
    if (pixels < LEAST_PIXELS && this.msPerPixel !== undefined) return;
    const rate = ms / pixels;
    this.msPerPixel = this.msPerPixel === undefined ? rate : (this.msPerPixel + rate) / 2;
  }
}

/**
 * Milliseconds to wait for a cancelled job before its worker is restarted, from those it should still take.
 * A job about to end is waited for; one that is overdue by as long as a restart takes may go on for any time.
 */
export function patience(remaining: number): number {
  return remaining > WORTH_A_RESTART ? 0 : Math.max(0, remaining + WORTH_A_RESTART);
}

/** Estimated share of the work done: linear up to 85 % at the expected time, then ever slower, never 1. */
export function estimate(elapsed: number, expected: number): number {
  const share = elapsed / Math.max(1, expected);
  return share <= 1 ? 0.85 * share : 1 - 0.15 / share;
}

/** Passes reports on so that the fraction never falls, whoever reports. */
export class ProgressReporter {
  private last: Progress = { stage: 'prepare', fraction: 0 };
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly listener: ((progress: Progress) => void) | undefined) {}

  readonly report = (progress: Progress): void => {
    if (progress.fraction < this.last.fraction) return;
    this.last = progress;
    this.listener?.(progress);
  };

  /** Reports an estimate from where the progress stands toward 1, until `stop`; expected in milliseconds. */
  run(stage: Progress['stage'], expected: number): void {
    const from = this.last.fraction;
    const start = performance.now();
    const tick = () => {
      const share = estimate(performance.now() - start, expected);
      this.report({ stage, fraction: from + (1 - from) * share });
    };
    tick();
    this.timer = setInterval(tick, TICK);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  finish(): void {
    this.stop();
    this.report({ ...this.last, fraction: 1 });
  }
}
