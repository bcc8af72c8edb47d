/** Turns day to night or back: the network is asked once a photo; each strength is only carried to the photo. */
import {
  EngineError,
  type CallOptions,
  type EngineInfo,
  type Maps,
  type PhotoSource,
  type TranslatorName,
} from '../../engine/client';
import type { EffectPainter, Networks, Photo, Strong } from '../effect';
import type { DayNightEffect } from './effect';

export class DayNightPainter implements EffectPainter<DayNightEffect> {
  readonly shares = { prepare: 6, preview: 0, full: 4 };
  readonly paintsWithEngine = false;
  /** What the translators said of a photo; strength and size need no second word. */
  readonly #maps = new WeakMap<Photo, Partial<Record<TranslatorName, Maps>>>();

  constructor(private readonly networks: Networks) {}

  isPrepared(photo: Photo, { id }: DayNightEffect): boolean {
    return this.#maps.get(photo)?.[id] !== undefined;
  }

  async prepare(photo: Photo, { id }: DayNightEffect, _: EngineInfo, call: CallOptions): Promise<void> {
    const maps = await this.networks.translate({ photo: photo.full, translator: id }, call);
    this.#maps.set(photo, { ...this.#maps.get(photo), [id]: maps });
  }

  paint(size: 'preview' | 'full', request: Strong<DayNightEffect>, call: CallOptions): Promise<ImageData> {
    return this.#carry(request.photo[size], request, call);
  }

  paintLarge(source: PhotoSource, request: Strong<DayNightEffect>, call: CallOptions): Promise<ImageData> {
    const { width, height } = source;
    return this.#carry(source.read({ left: 0, top: 0, width, height }), request, call);
  }

  #carry(pixels: ImageData, request: Strong<DayNightEffect>, call: CallOptions): Promise<ImageData> {
    const { photo, effect, strength } = request;
    const maps = this.#maps.get(photo)?.[effect.id];
    if (!maps) throw new EngineError('internal', `${effect.id} has not been asked about this photo yet.`);
    return this.networks.carry({ photo: pixels, maps, strength }, call);
  }
}
