/** Paints in a style: the predictor is asked once a picture of the visitor's, the transformer for every painting. */
import { evenStrength, type Departures } from '../../engine/evenness';
import { EngineError, type CallOptions, type EngineInfo, type PhotoSource } from '../../engine/client';
import type { Picture } from '../../engine/picture';
import type { EffectPainter, Networks, Photo, Strong } from '../effect';
import { halves, laidOver, layOver, pixelsOf } from '../lay';
import { areKnown, lookAhead, sparingPeople } from '../people';
import { acrossOf, shareAcross, type Across } from './across';
import { USUAL, USUAL_PEOPLE } from './adjust';
import type { StyleEffect } from './effect';
import { partsOf } from './mixture';

/** Of one photo and effect: around people and on them, as preview and as painted. */
const MOST_LAYERS = 4;

export class StylePainter implements EffectPainter<StyleEffect> {
  readonly shares = { prepare: 3, preview: 1, full: 6 };
  readonly paintsWithEngine = true;

  /** How far paintings depart from their photos: measured once for each photo and style. */
  readonly #departures = new WeakMap<Photo, WeakMap<StyleEffect, Map<string, Departures>>>();

  /** What was laid across the picture last. */
  #layers: {
    photo: Photo;
    effect: StyleEffect;
    key: string;
    pictures: readonly [ImageData, ImageData];
  }[] = [];

  constructor(private readonly networks: Networks) {}

  isPrepared(_: Photo, effect: StyleEffect): boolean {
    return effect.vector !== undefined;
  }

  async prepare(_: Photo, effect: StyleEffect, engine: EngineInfo, call: CallOptions): Promise<void> {
    const { id, picture, noise } = effect;
    if (noise) effect.vector = await this.networks.inventStyle({ noise }, call);
    else if (picture) effect.vector = await this.networks.predictStyle({ picture }, call);
    else throw new EngineError('internal', `Style ${id} has neither vector nor picture nor noise.`);
    effect.space = engine.styleSpace;
  }

  paint(size: 'preview' | 'full', request: Strong<StyleEffect>, call: CallOptions): Promise<Picture> {
    lookAhead(request.photo, this.networks);
    // A preview waits neither for the mask of people nor for a measurement of what half as strong is.
    const isReady = areKnown(request.photo) && this.#departuresOf(request) !== undefined;
    if (size === 'preview' && !isReady) return this.#paintAll(size, request, call);
    const pixels = () => request.photo[size];
    return sparingPeople(
      request,
      pixels,
      (each, part) => this.#paintAll(size, each, part),
      this.networks,
      USUAL_PEOPLE,
      call,
    );
  }

  async paintLarge(source: PhotoSource, request: Strong<StyleEffect>, call: CallOptions): Promise<ImageData> {
    const { width, height } = source;
    const pixels = () => source.read({ left: 0, top: 0, width, height });
    return pixelsOf(
      await sparingPeople(
        request,
        pixels,
        (each, part) => this.#paintAllLarge(source, each, part),
        this.networks,
        USUAL_PEOPLE,
        call,
      ),
    );
  }

  async #paintAll(
    size: 'preview' | 'full',
    request: Strong<StyleEffect>,
    call: CallOptions,
  ): Promise<Picture> {
    const strength = await this.#evenStrength(request, call);
    const stylise = (effect: StyleEffect, each: CallOptions) =>
      this.networks.stylise(
        { photo: request.photo[size], strength, ...wanted({ ...request, effect }) },
        each,
      );
    const across = layersOf(request);
    if (!across) return stylise(request.effect, call);
    const [lower, upper] = await this.#bothLayers(size, request, across.layers, stylise, call);
    return laidOver(upper, lower, shareAcross(across, lower));
  }

  async #paintAllLarge(
    source: PhotoSource,
    request: Strong<StyleEffect>,
    call: CallOptions,
  ): Promise<ImageData> {
    const strength = await this.#evenStrength(request, call);
    const reduced = request.photo.full;
    const stylise = (effect: StyleEffect, each: CallOptions) =>
      this.networks.styliseLarge(
        { photo: source, reduced, strength, ...wanted({ ...request, effect }) },
        each,
      );
    const across = layersOf(request);
    if (!across) return stylise(request.effect, call);
    const [first, second] = halves(call);
    const lower = await stylise(across.layers[0], first);
    layOver(await stylise(across.layers[1], second), lower, shareAcross(across, lower));
    return lower;
  }

  /** Both paintings that lie across; the last ones are kept, so that the ends can be dragged without painting. */
  async #bothLayers(
    size: 'preview' | 'full',
    { photo, effect, strength, settings }: Strong<StyleEffect>,
    layers: readonly [StyleEffect, StyleEffect],
    stylise: (effect: StyleEffect, call: CallOptions) => Promise<Picture>,
    call: CallOptions,
  ): Promise<readonly [ImageData, ImageData]> {
    const { strokeSize, boldness, keepColours } = settings;
    const key = JSON.stringify([size, strength, strokeSize, boldness, keepColours]);
    const ofPicture = this.#layers.filter((each) => each.photo === photo && each.effect === effect);
    const known = ofPicture.find((each) => each.key === key);
    if (known) return known.pictures;
    const [first, second] = halves(call);
    const pictures = [
      pixelsOf(await stylise(layers[0], first)),
      pixelsOf(await stylise(layers[1], second)),
    ] as const;
    this.#layers = [{ photo, effect, key, pictures }, ...ofPicture].slice(0, MOST_LAYERS);
    return pictures;
  }

  async #evenStrength(request: Strong<StyleEffect>, call: CallOptions): Promise<number> {
    const { photo, effect, strength } = request;
    if (strength >= 100) return strength;
    const { signal } = call; // progress is the painting's alone
    const { vector, styleSpace, boldness, keepColours } = wanted(request);
    const measured = { photo: photo.full, vector, boldness, keepColours, ...(styleSpace && { styleSpace }) };
    const departures =
      this.#departuresOf(request) ?? (await this.networks.measure(measured, { ...(signal && { signal }) }));
    const ofPhoto = this.#departures.get(photo) ?? new WeakMap<StyleEffect, Map<string, Departures>>();
    this.#departures.set(photo, ofPhoto);
    const ofEffect = ofPhoto.get(effect) ?? new Map<string, Departures>();
    ofPhoto.set(effect, ofEffect.set(keyOf(request), departures));
    return evenStrength(departures, strength);
  }

  /** As they were measured; undefined before. */
  #departuresOf(request: Strong<StyleEffect>): Departures | undefined {
    return this.#departures.get(request.photo)?.get(request.effect)?.get(keyOf(request));
  }
}

/** What of the settings changes how far a painting departs from its photo. */
function keyOf(request: Strong<StyleEffect>): string {
  const { boldness, keepColours } = wanted(request);
  return JSON.stringify([boldness, keepColours]);
}

function wanted({ effect: { id, vector, space }, settings }: Strong<StyleEffect>) {
  if (!vector) throw new EngineError('internal', `Style ${id} has not been painted yet.`);
  const { strokeSize, boldness, keepColours } = { ...USUAL, ...settings };
  return {
    vector,
    strokeSize,
    boldness,
    keepColours: keepColours === 1,
    ...(space && { styleSpace: space }),
  };
}

/** The two styles that lie across the picture, and how; undefined where one style, or a mixture, is all over it. */
function layersOf({
  effect,
  settings,
}: Strong<StyleEffect>): (Across & { layers: readonly [StyleEffect, StyleEffect] }) | undefined {
  const across = acrossOf(settings);
  const [first, second, ...others] = partsOf(effect).map(({ name, vector }) => ({ ...effect, name, vector }));
  return across && first && second && others.length === 0
    ? { ...across, layers: [first, second] }
    : undefined;
}
