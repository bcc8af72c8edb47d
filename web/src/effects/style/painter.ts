/** Paints in a style: the predictor is asked once a picture of the visitor's, the transformer for every painting. */
import { evenStrength, type Departures } from '../../engine/evenness';
import { EngineError, type CallOptions, type EngineInfo, type PhotoSource } from '../../engine/client';
import type { Picture } from '../../engine/picture';
import type { EffectPainter, Networks, Photo, Strong } from '../effect';
import { USUAL } from './adjust';
import type { StyleEffect } from './effect';

export class StylePainter implements EffectPainter<StyleEffect> {
  readonly shares = { prepare: 3, preview: 1, full: 6 };
  readonly paintsWithEngine = true;

  /** How far paintings depart from their photos: measured once for each photo and style. */
  readonly #departures = new WeakMap<Photo, WeakMap<StyleEffect, Map<boolean, Departures>>>();

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
    return this.networks.stylise({ photo: request.photo[size], strength, ...wanted(request) }, call);
  }

  async paintLarge(source: PhotoSource, request: Strong<StyleEffect>, call: CallOptions): Promise<ImageData> {
    const strength = await this.#evenStrength(request, call);
    const large = { photo: source, reduced: request.photo.full, strength, ...wanted(request) };
    return this.networks.styliseLarge(large, call);
  }

  async #evenStrength(request: Strong<StyleEffect>, call: CallOptions): Promise<number> {
    const { photo, effect, strength } = request;
    if (strength >= 100) return strength;
    const ofPhoto = this.#departures.get(photo) ?? new WeakMap<StyleEffect, Map<boolean, Departures>>();
    this.#departures.set(photo, ofPhoto);
    const known = ofPhoto.get(effect) ?? new Map<boolean, Departures>();
    ofPhoto.set(effect, known);
    const { signal } = call; // progress is the painting's alone
    const { vector, styleSpace, keepColours } = wanted(request);
    const measured = { photo: photo.full, vector, keepColours, ...(styleSpace && { styleSpace }) };
    const departures =
      known.get(keepColours) ?? (await this.networks.measure(measured, { ...(signal && { signal }) }));
    known.set(keepColours, departures);
    return evenStrength(departures, strength);
  }
}

function wanted({ effect: { id, vector, space }, settings }: Strong<StyleEffect>) {
  if (!vector) throw new EngineError('internal', `Style ${id} has not been painted yet.`);
  const { strokeSize, keepColours } = { ...USUAL, ...settings };
  return { vector, strokeSize, keepColours: keepColours === 1, ...(space && { styleSpace: space }) };
}
