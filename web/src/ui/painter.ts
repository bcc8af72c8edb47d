/**
 * Turns wishes (this photo, that style, so strong) into pictures, one engine run at a time.
 * A newer wish waits for the run in flight or, where that would keep the visitor waiting, cancels it;
 * the newest wish is always the last to be painted.
 */
import {
  EngineError,
  type CallOptions,
  type EngineClient,
  type EngineInfo,
  type Maps,
  type PhotoSource,
  type Progress,
  type TranslatorName,
} from '../engine/client';
import { dropPicture, type Picture } from '../engine/picture';
import type { ProgressStage } from './progress';
import { Steps } from './steps';
import type { Style } from './style';

/** A photo at the two sizes it is painted at. */
export interface Photo {
  name: string;
  /** Longer side at most 1024 px. */
  full: ImageData;
  /** Longer side small enough to follow a slider; the same picture as `full` where that is small itself. */
  preview: ImageData;
}

export interface Wish {
  photo: Photo;
  style: Style;
  /** 0..100; 0 is the photo itself. */
  strength: number;
  /** A preview while something is dragged, a peek at a style that is pointed at, else the full picture. */
  goal: 'preview' | 'peek' | 'full';
}

export interface PainterEvents {
  onProgress(stage: ProgressStage, fraction: number): void;
  /** A picture to show: `final` when it is what was wished for at full size, else a preview of it. */
  onPicture(picture: Picture, wish: Wish, final: boolean): void;
  /** Nothing is left to paint. */
  onRest(): void;
  /** The newest wish could not be fulfilled. */
  onError(error: unknown): void;
}

export interface Engine extends Pick<
  EngineClient,
  'predictStyle' | 'stylise' | 'styliseLarge' | 'translate' | 'carry'
> {
  /** Whether `ready` has nothing to wait for. */
  readonly started: boolean;
  /** The started engine; progress of the start goes to `onProgress`. */
  ready(onProgress: (progress: Progress) => void): Promise<EngineInfo>;
  /** Stops a start that is under way, its downloads with it; the next `ready` begins anew. */
  abandon(): void;
}

const QUICK_MS = 900; // a full picture this quick is not worth a preview nor a cancellation
// Shares of the progress bar, roughly as long as the steps take.
const SHARE = { start: 4, predict: 3, sketch: 1, paint: 6, translate: 6, carry: 4 };

export class Painter {
  #wish: Wish | undefined;
  #current: Wish | undefined;
  #controller = new AbortController();
  #running = false;
  /** Milliseconds the last full picture took, by translator; a style's by undefined. */
  readonly #fullTimes = new Map<TranslatorName | undefined, number>();
  /** What the translators said of a photo; strength and size need no second word. */
  readonly #maps = new WeakMap<Photo, Partial<Record<TranslatorName, Maps>>>();
  readonly #engine: Engine;
  readonly #events: PainterEvents;

  constructor(engine: Engine, events: PainterEvents) {
    this.#engine = engine;
    this.#events = events;
  }

  /** Whether something is being painted or waits to be, peeks aside. */
  get busy(): boolean {
    return [this.#current, this.#wish].some((wish) => wish !== undefined && wish.goal !== 'peek');
  }

  /** Asks for a picture; it takes the place of every earlier wish. */
  ask(wish: Wish): void {
    this.#wish = wish;
    if (!this.#running) void this.#work();
    else if (!this.#current || !this.#mayFinish(this.#current, wish)) this.#controller.abort();
  }

  /** Forgets every wish; the page is free at once, the engine as soon as it has stopped. */
  cancel(): void {
    if (this.busy && !this.#engine.started) this.#engine.abandon();
    this.#wish = this.#current = undefined;
    this.#controller.abort();
  }

  /** A finished wish at the photo's own size, `photo`. Rejects with EngineError. */
  async paintLarge(wish: Wish, photo: PhotoSource, call: CallOptions): Promise<ImageData> {
    const { style, strength } = wish;
    const maps = style.translator && this.#maps.get(wish.photo)?.[style.translator];
    if (strength === 0 || maps) {
      const pixels = photo.read({ left: 0, top: 0, width: photo.width, height: photo.height });
      return maps && strength > 0 ? this.#engine.carry({ photo: pixels, maps, strength }, call) : pixels;
    }
    if (!style.vector) throw new EngineError('internal', `Style ${style.id} has not been painted yet.`);
    const styleSpace = style.space && { styleSpace: style.space };
    const request = { photo, reduced: wish.photo.full, vector: style.vector, strength, ...styleSpace };
    return this.#engine.styliseLarge(request, call);
  }

  #mayFinish(current: Wish, next: Wish): boolean {
    if (current.goal === 'peek') return true;
    const samePicture = current.photo === next.photo && current.style === next.style;
    return samePicture && (current.goal === 'preview' || this.#isQuick(current) || this.#awaitsMaps(current));
  }

  /** Whether the network is still to say how it turns the photo; a newer wish will want to know that too. */
  #awaitsMaps({ photo, style: { translator } }: Wish): boolean {
    return translator !== undefined && this.#maps.get(photo)?.[translator] === undefined;
  }

  #wantsSketch(wish: Wish): boolean {
    return wish.photo.preview !== wish.photo.full && !this.#isQuick(wish);
  }

  #isQuick({ style }: Wish): boolean {
    return (this.#fullTimes.get(style.translator) ?? Infinity) < QUICK_MS;
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#wish) {
      const wish = (this.#current = this.#wish);
      this.#wish = undefined;
      this.#controller = new AbortController();
      try {
        await this.#fulfil(wish, this.#controller.signal);
      } catch (error) {
        if (!isCancelled(error) && this.#current === wish) this.#fail(error);
      }
      if (this.#current === wish) this.#current = undefined;
    }
    this.#running = false;
    this.#events.onRest();
  }

  #fail(error: unknown): void {
    this.#wish = this.#current = undefined;
    this.#events.onError(error);
  }

  async #fulfil(wish: Wish, signal: AbortSignal): Promise<void> {
    if (wish.strength === 0) {
      this.#show(wish.photo.full, wish, wish.goal === 'full');
      return;
    }
    if (wish.style.translator) {
      await this.#translate(wish, wish.style.translator, signal);
      return;
    }
    const startShare = this.#engine.started ? 0 : SHARE.start;
    const step = this.#steps(wish, [
      startShare,
      wish.style.vector ? 0 : SHARE.predict,
      this.#wantsSketch(wish) ? SHARE.sketch : 0,
      SHARE.paint,
    ]);
    const info = await untilAborted(this.#engine.ready(step(startShare)), signal);
    const vector = await this.#vector(wish.style, signal, step, info);
    const request = {
      vector,
      strength: wish.strength,
      ...(wish.style.space && { styleSpace: wish.style.space }),
    };
    if (wish.goal !== 'full' || this.#wantsSketch(wish)) {
      const call = { signal, onProgress: step(SHARE.sketch) };
      this.#show(await this.#engine.stylise({ photo: wish.photo.preview, ...request }, call), wish, false);
    }
    if (wish.goal !== 'full') return;
    const begun = performance.now();
    const call = { signal, onProgress: step(SHARE.paint) };
    const picture = await this.#engine.stylise({ photo: wish.photo.full, ...request }, call);
    this.#fullTimes.set(undefined, performance.now() - begun);
    if (this.#wish) dropPicture(picture);
    else this.#show(picture, wish, true);
  }

  /** Day to night or back: the network is asked once a photo; each strength is only carried to the photo. */
  async #translate(wish: Wish, translator: TranslatorName, signal: AbortSignal): Promise<void> {
    const { photo, strength, goal } = wish;
    const isNew = this.#awaitsMaps(wish);
    const startShare = isNew && !this.#engine.started ? SHARE.start : 0;
    const step = this.#steps(wish, [startShare, isNew ? SHARE.translate : 0, SHARE.carry]);
    if (isNew) await untilAborted(this.#engine.ready(step(startShare)), signal);
    const maps = await this.#mapsOf(photo, translator, signal, step);
    if (this.#wish) return; // newer, and waiting
    if (goal === 'preview' || this.#wantsSketch(wish)) {
      this.#show(await this.#engine.carry({ photo: photo.preview, maps, strength }, { signal }), wish, false);
    }
    if (goal === 'preview') return;
    const begun = performance.now();
    const call = { signal, onProgress: step(SHARE.carry) };
    const picture = await this.#engine.carry({ photo: photo.full, maps, strength }, call);
    this.#fullTimes.set(translator, performance.now() - begun);
    if (!this.#wish) this.#show(picture, wish, true);
  }

  async #mapsOf(
    photo: Photo,
    translator: TranslatorName,
    signal: AbortSignal,
    step: StepMaker,
  ): Promise<Maps> {
    const known = this.#maps.get(photo);
    if (known?.[translator]) return known[translator];
    const call = { signal, onProgress: step(SHARE.translate) };
    const maps = await this.#engine.translate({ photo: photo.full, translator }, call);
    this.#maps.set(photo, { ...known, [translator]: maps });
    return maps;
  }

  async #vector(style: Style, signal: AbortSignal, step: StepMaker, info: EngineInfo): Promise<Float32Array> {
    if (style.vector) return style.vector;
    if (!style.picture)
      throw new EngineError('internal', `Style ${style.id} has neither vector nor picture.`);
    const call = { signal, onProgress: step(SHARE.predict) };
    style.vector = await this.#engine.predictStyle({ picture: style.picture }, call);
    style.space = info.styleSpace;
    return style.vector;
  }

  /** Shows the picture unless its wish was cancelled in between. */
  #show(picture: Picture, wish: Wish, final: boolean): void {
    if (this.#current === wish && !this.#controller.signal.aborted)
      this.#events.onPicture(picture, wish, final);
    else dropPicture(picture);
  }

  /** Progress of a wish's steps as one bar; a preview has none, it would only flicker. */
  #steps(wish: Wish, shares: number[]): StepMaker {
    const steps = new Steps(shares);
    return (share) => {
      const whole = steps.begin(share);
      return ({ stage, fraction }) => {
        if (this.#current === wish && wish.goal === 'full') this.#events.onProgress(stage, whole(fraction));
      };
    };
  }
}

type StepMaker = (share: number) => (progress: Progress) => void;

export function isCancelled(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The promise's outcome, or a cancellation as soon as the signal comes; what was awaited goes on by itself. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new EngineError('cancelled', 'The wait was cancelled.'));
    });
    promise.then(resolve, reject);
  });
}
