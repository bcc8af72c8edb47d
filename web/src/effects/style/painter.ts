/** Paints in a style: the predictor is asked once a picture of the visitor's, the transformer for every painting. */
import { evenStrength, type Departures } from '../../engine/evenness';
import {
  EngineError,
  type CallOptions,
  type EngineInfo,
  type PhotoSource,
  type MeasureRequest,
} from '../../engine/client';
import type { Picture } from '../../engine/picture';
import type { EffectPainter, Networks, Photo, Strong } from '../effect';
import type { StyleEffect } from './effect';

export class StylePainter implements EffectPainter<StyleEffect> {
  readonly shares = { prepare: 3, preview: 1, full: 6 };
  readonly paintsWithEngine = true;

  /** How far paintings depart from their photos: measured once for each photo and style. */
  readonly #departures = new WeakMap<Photo, WeakMap<StyleEffect, Departures>>();

  constructor(private readonly networks: Networks) {}

  isPrepared(_: Photo, effect: StyleEffect): boolean {
    return effect.vector !== undefined;
  }

  async prepare(_: Photo, effect: StyleEffect, engine: EngineInfo, call: CallOptions): Promise<void> {
    const { id, picture } = effect;
    if (!picture) throw new EngineError('internal', `Style ${id} has neither vector nor picture.`);
    effect.vector = await this.networks.predictStyle({ picture }, call);
    effect.space = engine.styleSpace;
  }

  async paint(size: 'preview' | 'full', request: Strong<StyleEffect>, call: CallOptions): Promise<Picture> {
    const strength = await this.#evenStrength(request, call);
    return this.networks.stylise({ photo: request.photo[size], strength, ...style(request.effect) }, call);
  }

  async paintLarge(source: PhotoSource, request: Strong<StyleEffect>, call: CallOptions): Promise<ImageData> {
    const strength = await this.#evenStrength(request, call);
    const { photo, effect } = request;
    const large = { photo: source, reduced: photo.full, strength, ...style(effect) };
    return this.networks.styliseLarge(large, call);
  }

  async #evenStrength({ photo, effect, strength }: Strong<StyleEffect>, call: CallOptions): Promise<number> {
    if (strength >= 100) return strength;
    const known = this.#departures.get(photo) ?? new WeakMap<StyleEffect, Departures>();
    this.#departures.set(photo, known);
    const { signal } = call; // progress is the painting's alone
    const request = { photo: photo.full, ...style(effect) };
    const departures =
      known.get(effect) ?? (await this.networks.measure(request, { ...(signal && { signal }) }));
    known.set(effect, departures);
    return evenStrength(departures, strength);
  }
}

function style({ id, vector, space }: StyleEffect): Omit<MeasureRequest, 'photo'> {
  if (!vector) throw new EngineError('internal', `Style ${id} has not been painted yet.`);
  return { vector, ...(space && { styleSpace: space }) };
}
