/**
 * The page's one door to TensorFlow.js: a typed client of the worker in worker.ts.
 * Every call is (request, { signal, onProgress }); a cancelled or superseded call never resolves.
 * A worker that broke, or that was stopped in the middle of its work, is replaced without being asked.
 */
import { Carrier } from './carrier';
import { CONSTANTS } from './constants';
import { EngineError, isCancelled } from './errors';
import { measuredStrengths } from './evenness';
import { Job, type JobKind } from './job';
import { lookedAtSize, maskFitting, showsAnybody } from './people';
import { Pace, patience, ProgressReporter } from './pace';
import { dropPicture, type Picture } from './picture';
import type { Answers, Request } from './protocol';
import { BackendBenchmark } from './backend-benchmark';
import { Supervisor } from './supervisor';
import { paintLarge } from './tiles';
import { workingSize } from './working';
import type {
  CallOptions,
  CarryRequest,
  EngineInfo,
  FitRequest,
  InventRequest,
  LargeRequest,
  Maps,
  MeasureRequest,
  MemoryUse,
  People,
  PeopleRequest,
  PredictRequest,
  Progress,
  StartOptions,
  StyliseRequest,
  TranslateRequest,
  Translation,
} from './types';

export { EngineError, isCancelled, untilAborted, type EngineErrorCode } from './errors';
export type * from './types';

export interface EngineClient {
  /** Loads TensorFlow.js and the transformer and warms up, anew with these options. Rejects with EngineError. */
  start(options?: StartOptions, call?: CallOptions): Promise<EngineInfo>;
  /** Whether `ready` has nothing to wait for. */
  readonly started: boolean;
  /** The engine once it has started; a start that failed or was abandoned begins anew. Rejects with EngineError. */
  ready(onProgress?: (progress: Progress) => void): Promise<EngineInfo>;
  /** Stops a start that is under way, its downloads with it; who waits for it is told 'cancelled'. */
  abandon(): void;
  /** A style picture's vector, [100]; fetches the predictor at its first use. Calls queue. */
  predictStyle(request: PredictRequest, call?: CallOptions): Promise<Float32Array>;
  /** A style that no picture has, [100]; fetches the generator of styles at its first use. */
  inventStyle(request: InventRequest, call?: CallOptions): Promise<Float32Array>;
  /**
   * The painted photo, same size. A newer call supersedes an older one, which rejects with 'cancelled';
   * so while a slider moves, wait for one preview before asking for the next.
   */
  stylise(request: StyliseRequest, call?: CallOptions): Promise<Picture>;
  /** How far paintings of several strengths depart from the photo, for `evenStrength` (evenness.ts). */
  measure(request: MeasureRequest, call?: CallOptions): Promise<Float32Array>;
  /**
   * The painted photo at its full size, in tiles: memory does not grow with the photo but for the result itself.
   * Supersedes and is superseded as `stylise`.
   */
  styliseLarge(request: LargeRequest, call?: CallOptions): Promise<ImageData>;
  /**
   * What a translator makes of this photo, at a moderate size; fetches the translator at its first use. `fit` and
   * `carry` bring it to the photo at any hour, size and strength without asking the network again.
   */
  translate(request: TranslateRequest, call?: CallOptions): Promise<Translation>;
  /** Where the photo shows people; fetches the person mask at its first use, while other calls go on. */
  findPeople(request: PeopleRequest, call?: CallOptions): Promise<People>;
  /** How photo pixels become those of the weighted sum of the pictures. */
  fit(request: FitRequest, call?: CallOptions): Promise<Maps>;
  /** The photo translated as the maps say, same size. */
  carry(request: CarryRequest, call?: CallOptions): Promise<ImageData>;
  /** What the worker holds, for tests and measurements. */
  memory(): Promise<MemoryUse>;
  /** Stops the worker; pending calls reject with 'cancelled'. */
  dispose(): void;
}

/** What the page hears of the engine's starts. */
export interface EngineEvents {
  /** Every start, also when the engine moved to another backend by itself. */
  onStarted?: (info: EngineInfo) => void;
  /** A start that nobody cancelled. */
  onFailed?: (error: unknown) => void;
  onAbandoned?: () => void;
}

export function createEngine(options: StartOptions = {}, events: EngineEvents = {}): EngineClient {
  return new Engine(options, events);
}

/** What a measurement of a strength's effect paints, at most. */
const MEASURED_PIXELS = measuredStrengths().length * CONSTANTS['style-transformer'].evenness_side ** 2;
/** Of the progress of a full size: fitting it to what was seen takes the rest. */
const TILES_SHARE = 0.9;
/** A job is given up after this many workers failed on it: two with graphics, one with WebAssembly. */
const MOST_FAILURES = 3;

class Engine implements EngineClient {
  private readonly queue: Job[] = [];
  private running: Job | undefined;
  private large: AbortController | undefined;
  private readonly pace = new Pace();
  private readonly carrier = new Carrier();
  private readonly benchmark = new BackendBenchmark();
  private readonly supervisor: Supervisor;

  constructor(
    options: StartOptions,
    private readonly events: EngineEvents,
  ) {
    const { onStarted, onFailed } = events;
    this.supervisor = new Supervisor(options, {
      onStarted: ({ info, msPerPixel }) => {
        this.pace.computeOn(info.backend);
        if (msPerPixel !== undefined) this.pace.learn(msPerPixel, 1);
        onStarted?.(info);
      },
      onFailed: (error) => onFailed?.(error),
    });
  }

  async start(options: StartOptions = {}, { signal, onProgress }: CallOptions = {}): Promise<EngineInfo> {
    const abandon = () => {
      this.supervisor.stop();
    };
    this.supervisor.configure(options);
    signal?.addEventListener('abort', abandon);
    try {
      if (signal?.aborted) throw new EngineError('cancelled', 'The start was cancelled.');
      return await this.ready(onProgress);
    } finally {
      signal?.removeEventListener('abort', abandon);
    }
  }

  get started(): boolean {
    return this.supervisor.started;
  }

  async ready(onProgress?: (progress: Progress) => void): Promise<EngineInfo> {
    const progress = new ProgressReporter(onProgress);
    const { started } = await this.supervisor.worker(progress.report);
    progress.finish();
    return started.info;
  }

  abandon(): void {
    if (this.started || !this.supervisor.launched) return;
    this.supervisor.stop();
    this.events.onAbandoned?.();
  }

  predictStyle(request: PredictRequest, call: CallOptions = {}): Promise<Float32Array> {
    return this.submit({ kind: 'predict', request }, call);
  }

  inventStyle(request: InventRequest, call: CallOptions = {}): Promise<Float32Array> {
    return this.submit({ kind: 'invent', request }, call);
  }

  stylise(request: StyliseRequest, call: CallOptions = {}): Promise<Picture> {
    this.supersede();
    return this.submit({ kind: 'stylise', request }, call);
  }

  measure(request: MeasureRequest, call: CallOptions = {}): Promise<Float32Array> {
    return this.submit({ kind: 'measure', request }, call);
  }

  async styliseLarge(request: LargeRequest, { signal, onProgress }: CallOptions = {}): Promise<ImageData> {
    this.supersede();
    const large = (this.large = new AbortController());
    const abort = () => {
      large.abort();
    };
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const { report } = new ProgressReporter(onProgress);
    const call = { signal: large.signal };
    const paint = (fraction: number) => {
      report({ stage: 'paint', fraction });
    };
    try {
      const { result, seen } = await paintLarge(
        request,
        (each) => this.submit(each, call),
        (share) => {
          paint(share * TILES_SHARE);
        },
      );
      const fitting = { kind: 'fit-to-coarse' as const, fine: result, coarse: seen };
      const onFitted = (share: number) => {
        paint(TILES_SHARE + share * (1 - TILES_SHARE));
      };
      const fitted = await this.carrier.ask(fitting, { ...call, onProgress: onFitted }, [result.data.buffer]);
      paint(1);
      return fitted;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async translate({ photo, translator }: TranslateRequest, call: CallOptions = {}): Promise<Translation> {
    const { signal } = call;
    const working = await this.carrier.ask({ kind: 'reduce', photo, size: workingSize(photo) }, { signal });
    const pictures = await this.submit({ kind: 'translate', request: { photo: working, translator } }, call);
    return { working, pictures };
  }

  async findPeople({ photo }: PeopleRequest, call: CallOptions = {}): Promise<People> {
    const { signal } = call;
    await this.fetchPeople(); // paintings need not wait for it
    const working = await this.carrier.ask({ kind: 'reduce', photo, size: lookedAtSize(photo) }, { signal });
    const mask = await this.submit({ kind: 'people', request: { photo: working } }, call);
    const pictures = Float32Array.from({ length: 3 * mask.length }, (_, i) => mask[Math.floor(i / 3)] ?? 0);
    const request = { kind: 'fit' as const, working, pictures, weights: [1], fitting: maskFitting() };
    const maps = await this.carrier.ask(request, { signal });
    return { maps, isAnybody: showsAnybody(mask) };
  }

  fit({ translation, weights, fitting }: FitRequest, { signal }: CallOptions = {}): Promise<Maps> {
    return this.carrier.ask({ kind: 'fit', ...translation, weights, fitting }, { signal });
  }

  carry(
    { photo, maps, strength }: CarryRequest,
    { signal, onProgress }: CallOptions = {},
  ): Promise<ImageData> {
    return this.carrier.ask(
      { kind: 'carry', photo, maps, strength: strength / 100 },
      {
        signal,
        onProgress: (fraction) => onProgress?.({ stage: 'paint', fraction }),
      },
    );
  }

  memory(): Promise<MemoryUse> {
    return this.submit({ kind: 'memory' }, {});
  }

  dispose(): void {
    this.large?.abort();
    for (const job of this.unsettled()) job.cancel('The engine was stopped.');
    this.queue.length = 0;
    this.carrier.dispose();
    this.benchmark.stop();
    this.supervisor.configure({}); // what has not started is not asked for again
  }

  /** Has the worker fetch the person mask; the next one, where this one is stopped on account of another job. */
  private async fetchPeople(): Promise<void> {
    const { link } = await this.supervisor.worker();
    try {
      await link.ask({ kind: 'fetch-people' }, () => undefined);
    } catch (error) {
      if (!isCancelled(error) || !this.started) throw error;
      await this.fetchPeople();
    }
  }

  /** Cancels whatever is being painted. */
  private supersede(): void {
    this.large?.abort();
    for (const job of this.unsettled()) {
      if (job.request.kind === 'stylise') this.cancel(job, 'A newer picture took its place.');
    }
  }

  private submit<K extends JobKind>(
    request: Extract<Request, { kind: K }>,
    call: CallOptions,
  ): Promise<Answers[K]> {
    const job = new Job<K>(request, call, (aborted) => {
      this.cancel(aborted as unknown as Job, 'The call was cancelled.');
    });
    if (call.signal?.aborted) {
      job.cancel('The call was cancelled.');
    } else {
      this.benchmark.stop();
      this.queue.push(job as unknown as Job);
      void this.pump();
    }
    return job.promise;
  }

  /** Works through the queue, one request in the worker at a time. */
  private async pump(): Promise<void> {
    if (this.running) return;
    this.running = this.queue.shift();
    const job = this.running;
    if (!job) return;
    try {
      await this.perform(job);
    } catch (error) {
      this.recover(job, error);
    }
    this.running = undefined;
    void this.pump();
  }

  private async perform(job: Job): Promise<void> {
    // A start that the job has to wait for is the first half of its progress.
    const { link } = await this.supervisor.worker(({ stage, fraction }: Progress) => {
      job.progress.report({ stage, fraction: fraction / 2 });
    });
    if (job.settled) return;
    const expected = this.expect(job.request);
    job.expectedEnd = performance.now() + expected;
    if (job.request.kind === 'stylise') job.progress.run('paint', expected);
    const { value, ms } = await link.ask(job.request, job.progress.report).catch((error: unknown) => {
      if (isFatal(error)) this.supervisor.discard(link);
      throw error;
    });
    if (job.request.kind === 'stylise' && job.request.request.strength > 0) {
      this.pace.learn(ms, pixelsOf(job.request.request.photo));
    }
    if (job.settled) dropPicture(value);
    job.resolve(value);
    const { present } = this.supervisor;
    if (job.request.kind === 'stylise' && present) this.benchmark.soon(present);
  }

  /** Expected milliseconds; nobody knows how long a download takes at the first use. */
  private expect(request: Job['request']): number {
    const paints = request.kind === 'stylise' || request.kind === 'statistics' || request.kind === 'tile';
    if (paints) return this.pace.expect(pixelsOf(request.request.photo));
    if (request.kind === 'measure') return this.pace.expect(MEASURED_PIXELS);
    return request.kind === 'memory' ? 0 : Infinity;
  }

  /** A job whose worker failed is tried again on the next one. */
  private recover(job: Job, error: unknown): void {
    job.failures += 1;
    job.expectedEnd = undefined; // it waits again, for a worker that must not be stopped on its account
    const again = error instanceof EngineError && error.code === 'backend-failed';
    if (again && job.failures < MOST_FAILURES && !job.settled) this.queue.unshift(job);
    else job.reject(error);
  }

  private cancel(job: Job, why: string): void {
    if (job.settled) return;
    job.cancel(why);
    const place = this.queue.indexOf(job);
    if (place >= 0) this.queue.splice(place, 1);
    if (job === this.running && job.expectedEnd !== undefined) this.free(job, job.expectedEnd);
  }

  /** Has the worker soon free of a cancelled job, at the latest by restarting it. */
  private free(job: Job, expectedEnd: number): void {
    const wait = patience(expectedEnd - performance.now());
    if (wait === 0) this.restart();
    else
      setTimeout(() => {
        if (job === this.running) this.restart();
      }, wait);
  }

  /** Stops a busy worker and has the next one ready before it is needed. */
  private restart(): void {
    this.supervisor.stop();
    this.supervisor.worker().catch(() => undefined); // the next call meets the same error and reports it
  }

  private unsettled(): Job[] {
    return [...this.queue, ...(this.running ? [this.running] : [])];
  }
}

/** Whether the worker may have been left in a state that spoils what comes next. */
function isFatal(error: unknown): boolean {
  return error instanceof EngineError && ['out-of-memory', 'backend-failed'].includes(error.code);
}

function pixelsOf({ width, height }: ImageData): number {
  return width * height;
}
