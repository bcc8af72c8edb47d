/** Paints in a style: the predictor is asked once a picture of the visitor's, the transformer for every painting. */
import {
  EngineError,
  type CallOptions,
  type EngineInfo,
  type PhotoSource,
  type StyliseRequest,
} from '../../engine/client';
import type { Picture } from '../../engine/picture';
import type { EffectPainter, Networks, Photo, Strong } from '../effect';
import type { StyleEffect } from './effect';

export class StylePainter implements EffectPainter<StyleEffect> {
  readonly shares = { prepare: 3, preview: 1, full: 6 };
  readonly paintsWithEngine = true;

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

  paint(size: 'preview' | 'full', request: Strong<StyleEffect>, call: CallOptions): Promise<Picture> {
    return this.networks.stylise({ photo: request.photo[size], ...painting(request) }, call);
  }

  paintLarge(source: PhotoSource, request: Strong<StyleEffect>, call: CallOptions): Promise<ImageData> {
    const large = { photo: source, reduced: request.photo.full, ...painting(request) };
    return this.networks.styliseLarge(large, call);
  }
}

function painting({ effect, strength }: Strong<StyleEffect>): Omit<StyliseRequest, 'photo'> {
  const { id, vector, space } = effect;
  if (!vector) throw new EngineError('internal', `Style ${id} has not been painted yet.`);
  return { vector, strength, ...(space && { styleSpace: space }) };
}
