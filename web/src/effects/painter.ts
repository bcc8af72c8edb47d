/**
 * Turns requests (this photo, that effect, so strong) into pictures, one engine run at a time.
 * A newer request waits for the run in flight or, where that would keep the visitor waiting, cancels it;
 * the newest request is always the last to be painted.
 */
import {
  EngineError,
  isCancelled,
  untilAborted,
  type CallOptions,
  type EngineInfo,
  type PhotoSource,
  type Progress,
} from '../engine/client';
import { dropPicture, type Picture } from '../engine/picture';
import { isSameSettings, type EffectPainter, type Networks, type Strong } from './effect';
import { EFFECTS, type Effect } from './index';
import { Steps } from './steps';

export interface PaintRequest extends Strong<Effect> {
  /** A preview while something is dragged, a peek at a style that is pointed at, else the full picture. */
  goal: 'preview' | 'peek' | 'full';
}

export interface PainterEvents {
  onProgress(stage: Progress['stage'], fraction: number): void;
  /** A picture to show: `final` when it is what was asked for at full size, else a preview of it. */
  onPicture(picture: Picture, request: PaintRequest, final: boolean): void;
  /** Nothing is left to paint. */
  onRest(): void;
  /** The newest request failed. */
  onError(error: unknown): void;
}

export interface Engine extends Networks {
  /** Whether `ready` has nothing to wait for. */
  readonly started: boolean;
  /** The started engine; progress of the start goes to `onProgress`. */
  ready(onProgress?: (progress: Progress) => void): Promise<EngineInfo>;
  /** Stops a start that is under way, its downloads with it; the next `ready` begins anew. */
  abandon(): void;
}

const QUICK_MS = 900; // a full picture this quick is not worth a preview nor a cancellation
const START_SHARE = 4; // of the progress bar, beside the effects' shares

export class Painter {
  #next: PaintRequest | undefined;
  #current: PaintRequest | undefined;
  #controller = new AbortController();
  #running = false;
  /** Milliseconds the last full picture took. */
  readonly #fullTimes = new Map<Effect['kind'], number>();
  readonly #painters: Record<Effect['kind'], EffectPainter<Effect>>;
  readonly #engine: Engine;
  readonly #events: PainterEvents;

  constructor(engine: Engine, events: PainterEvents) {
    this.#engine = engine;
    this.#events = events;
    this.#painters = createPainters(engine);
  }

  /** Whether something is being painted or waits to be, peeks aside. */
  get busy(): boolean {
    return [this.#current, this.#next].some((request) => request !== undefined && request.goal !== 'peek');
  }

  /** Asks for a picture; it takes the place of every earlier request. */
  ask(request: PaintRequest): void {
    this.#next = request;
    if (!this.#running) void this.#work();
    else if (!this.#current || !this.#mayFinish(this.#current, request)) this.#controller.abort();
  }

  /** Forgets every request; the page is free at once, the engine as soon as it has stopped. */
  cancel(): void {
    if (this.busy && !this.#engine.started) this.#engine.abandon();
    this.#next = this.#current = undefined;
    this.#controller.abort();
  }

  /** A finished request at the photo's own size, `source`. Rejects with EngineError. */
  async paintLarge(request: PaintRequest, source: PhotoSource, call: CallOptions): Promise<ImageData> {
    if (request.strength === 0) {
      return source.read({ left: 0, top: 0, width: source.width, height: source.height });
    }
    return this.#painterOf(request.effect).paintLarge(source, request, call);
  }

  /**
   * A photo that is not on the screen: at its own size, from `source`, or as on the screen. Nothing else may be painted
   * meanwhile. Rejects with EngineError.
   */
  async paintUnseen(
    request: PaintRequest,
    source: PhotoSource | undefined,
    call: CallOptions,
  ): Promise<Picture> {
    const { photo, effect, strength } = request;
    if (strength === 0) return source ? this.paintLarge(request, source, call) : photo.full;
    const painter = this.#painterOf(effect);
    if (!painter.isPrepared(photo, effect))
      await painter.prepare(photo, effect, await this.#engine.ready(), call);
    return source ? this.paintLarge(request, source, call) : painter.paint('full', request, call);
  }

  #painterOf({ kind }: Effect): EffectPainter<Effect> {
    return this.#painters[kind];
  }

  /** Whether the networks have nothing more to be asked about this photo than to paint it. */
  isPrepared({ photo, effect }: Pick<PaintRequest, 'photo' | 'effect'>): boolean {
    return this.#painterOf(effect).isPrepared(photo, effect);
  }

  #mayFinish(current: PaintRequest, next: PaintRequest): boolean {
    if (current.goal === 'peek') return true;
    const samePicture =
      current.photo === next.photo &&
      current.effect === next.effect &&
      isSameSettings(current.settings, next.settings);
    // What is being prepared serves the newer request too.
    return samePicture && (current.goal === 'preview' || this.#isQuick(current) || !this.isPrepared(current));
  }

  #wantsPreview(request: PaintRequest): boolean {
    if (request.goal !== 'full') return true;
    return request.photo.preview !== request.photo.full && !this.#isQuick(request);
  }

  #isQuick({ effect }: PaintRequest): boolean {
    return (this.#fullTimes.get(effect.kind) ?? Infinity) < QUICK_MS;
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#next) {
      const request = (this.#current = this.#next);
      this.#next = undefined;
      this.#controller = new AbortController();
      try {
        await this.#fulfil(request, this.#controller.signal);
      } catch (error) {
        if (!isCancelled(error) && this.#current === request) this.#fail(error);
      }
      if (this.#current === request) this.#current = undefined;
    }
    this.#running = false;
    this.#events.onRest();
  }

  #fail(error: unknown): void {
    this.#next = this.#current = undefined;
    this.#events.onError(error);
  }

  async #fulfil(request: PaintRequest, signal: AbortSignal): Promise<void> {
    const { photo, effect, goal, strength } = request;
    if (strength === 0) {
      this.#show(photo.full, request, goal === 'full');
      return;
    }
    const painter = this.#painterOf(effect);
    const step = this.#steps(request);
    await this.#prepare(request, painter, signal, step);
    if (this.#wantsPreview(request)) {
      const call = { signal, onProgress: step(painter.shares.preview) };
      this.#show(await painter.paint('preview', request, call), request, false);
    }
    if (goal !== 'full') return;
    const begun = performance.now();
    const picture = await painter.paint('full', request, { signal, onProgress: step(painter.shares.full) });
    this.#fullTimes.set(effect.kind, performance.now() - begun);
    if (this.#next) dropPicture(picture);
    else this.#show(picture, request, true);
  }

  /** Rejects as cancelled where a newer request came while the networks were asked: it needs the same answer. */
  async #prepare(
    request: PaintRequest,
    painter: EffectPainter<Effect>,
    signal: AbortSignal,
    step: StepMaker,
  ): Promise<void> {
    const isPrepared = this.isPrepared(request);
    if (isPrepared && !painter.paintsWithEngine) return;
    const ready = this.#engine.ready(step(this.#engine.started ? 0 : START_SHARE));
    const engine = await untilAborted(ready, signal);
    if (isPrepared) return;
    const call = { signal, onProgress: step(painter.shares.prepare) };
    await painter.prepare(request.photo, request.effect, engine, call);
    if (this.#next) throw new EngineError('cancelled', 'A newer request goes on from here.');
  }

  /** Shows the picture unless its request was cancelled in between. */
  #show(picture: Picture, request: PaintRequest, final: boolean): void {
    if (this.#current === request && !this.#controller.signal.aborted)
      this.#events.onPicture(picture, request, final);
    else dropPicture(picture);
  }

  /** Progress of a request's steps as one bar; a preview has none, it would only flicker. */
  #steps(request: PaintRequest): StepMaker {
    const { shares, paintsWithEngine } = this.#painterOf(request.effect);
    const isPrepared = this.isPrepared(request);
    const starts = !this.#engine.started && (paintsWithEngine || !isPrepared);
    const steps = new Steps([
      starts ? START_SHARE : 0,
      isPrepared ? 0 : shares.prepare,
      this.#wantsPreview(request) ? shares.preview : 0,
      shares.full,
    ]);
    return (share) => {
      const whole = steps.begin(share);
      return ({ stage, fraction }) => {
        if (this.#current === request && request.goal === 'full')
          this.#events.onProgress(stage, whole(fraction));
      };
    };
  }
}

/** One painter for each effect. That each is only given effects of its own kind, TypeScript cannot follow. */
function createPainters(networks: Networks): Record<Effect['kind'], EffectPainter<Effect>> {
  const painters = Object.entries(EFFECTS).map(([kind, effect]) => [kind, effect.createPainter(networks)]);
  return Object.fromEntries(painters) as Record<Effect['kind'], EffectPainter<Effect>>;
}

type StepMaker = (share: number) => (progress: Progress) => void;
