/**
 * Turns day to night or back: the network is asked once a photo. Each hour and each share of the lights is a weighted
 * sum of its pictures, each strength a share of that; both are only carried to the photo.
 */
import {
  EngineError,
  type CallOptions,
  type EngineInfo,
  type Maps,
  type PhotoSource,
  type Translation,
  type TranslatorName,
} from '../../engine/client';
import { CONSTANTS } from '../../engine/constants';
import type { EffectPainter, Networks, Photo, Strong } from '../effect';
import { pixelsOf } from '../lay';
import { AS_ALL_ELSE, lookAhead, sparingPeople } from '../people';
import type { DayNightEffect } from './effect';
import { usualPeople, weightsOf } from './hours';

export class DayNightPainter implements EffectPainter<DayNightEffect> {
  readonly shares = { prepare: 6, preview: 0, full: 4 };
  readonly paintsWithEngine = false;
  /** What the translators said of a photo; hour, lights, strength and size need no second word. */
  readonly #translations = new WeakMap<Photo, Partial<Record<TranslatorName, Translation>>>();
  /** The maps that were fitted last. */
  #fitted: { translation: Translation; weights: number[]; maps: Maps } | undefined;

  constructor(private readonly networks: Networks) {}

  isPrepared(photo: Photo, { id }: DayNightEffect): boolean {
    return this.#translations.get(photo)?.[id] !== undefined;
  }

  async prepare(photo: Photo, { id }: DayNightEffect, _: EngineInfo, call: CallOptions): Promise<void> {
    if (usualPeople(id) !== AS_ALL_ELSE) lookAhead(photo, this.networks);
    const translation = await this.networks.translate({ photo: photo.full, translator: id }, call);
    this.#translations.set(photo, { ...this.#translations.get(photo), [id]: translation });
  }

  paint(size: 'preview' | 'full', request: Strong<DayNightEffect>, call: CallOptions): Promise<ImageData> {
    return this.#carryAll(() => request.photo[size], request, call);
  }

  paintLarge(source: PhotoSource, request: Strong<DayNightEffect>, call: CallOptions): Promise<ImageData> {
    const { width, height } = source;
    return this.#carryAll(() => source.read({ left: 0, top: 0, width, height }), request, call);
  }

  /** People keep as much of their natural light as the settings say. */
  async #carryAll(
    pixels: () => ImageData,
    request: Strong<DayNightEffect>,
    call: CallOptions,
  ): Promise<ImageData> {
    const carry = (each: Strong<DayNightEffect>, part: CallOptions) => this.#carry(pixels(), each, part);
    const usual = usualPeople(request.effect.id);
    return pixelsOf(await sparingPeople(request, pixels, carry, this.networks, usual, call));
  }

  async #carry(pixels: ImageData, request: Strong<DayNightEffect>, call: CallOptions): Promise<ImageData> {
    const maps = await this.#mapsFor(request, call);
    return this.networks.carry({ photo: pixels, maps, strength: request.strength }, call);
  }

  async #mapsFor({ photo, effect, settings }: Strong<DayNightEffect>, call: CallOptions): Promise<Maps> {
    const translation = this.#translations.get(photo)?.[effect.id];
    if (!translation)
      throw new EngineError('internal', `${effect.id} has not been asked about this photo yet.`);
    const weights = weightsOf(effect.id, settings);
    const last = this.#fitted;
    if (last?.translation === translation && String(last.weights) === String(weights)) return last.maps;
    const { signal } = call; // progress is the carrying's alone
    const maps = await this.networks.fit(
      { translation, weights, fitting: CONSTANTS[effect.id] },
      { ...(signal && { signal }) },
    );
    this.#fitted = { translation, weights, maps };
    return maps;
  }
}
