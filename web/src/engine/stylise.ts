/** The style transformer: a photo and a style vector to a painted photo. */
import type { Graphics } from './backend';
import { CONSTANTS } from './constants';
import { EngineError } from './errors';
import { departure, measuredStrengths } from './evenness';
import type { Graph } from './graph';
import type { Picture } from './picture';
import { tileSide } from './limits';
import { paddingFor, toFloats, toPixels, type Padding } from './pixels';
import type { TileRequest, WholeStatistics } from './protocol';
import { vectorAt } from './strength';
import type { MeasureRequest, StyliseRequest } from './types';
import { reduce, reducedSize } from './working';

export const VECTOR_LENGTH = 100;

/**
 * The photo painted at its own size: a bitmap where graphics can draw it, which spares reading it back.
 * Throws EngineError 'model-mismatch' when the vector is not of the transformer's style space.
 */
export async function stylise(
  transformer: Graph,
  request: StyliseRequest,
  graphics: Graphics | undefined,
): Promise<Picture> {
  const { photo, strength } = request;
  checkSpace(transformer, request);
  if (strength <= 0) return new ImageData(new Uint8ClampedArray(photo.data), photo.width, photo.height);
  const padding = paddingFor(photo.height, photo.width);
  const inputs = inputsOf(transformer, request, padding);
  graphics?.expectSize(padding.height, padding.width);
  const toBitmap = graphics?.toBitmap;
  if (!toBitmap) return toPixels(await transformer.run(inputs), padding, photo);
  return transformer.use(inputs, (painted) => toBitmap(painted, padding, photo));
}

/** How far the painting departs from the photo at each of the measured strengths; throws as `stylise`. */
export async function departuresOf(transformer: Graph, request: MeasureRequest): Promise<Float32Array> {
  const { evenness_side: side } = CONSTANTS['style-transformer'];
  checkSpace(transformer, request);
  const photo = reduce(request.photo, reducedSize(request.photo, side));
  const padding = paddingFor(photo.height, photo.width);
  const found = [];
  for (const strength of measuredStrengths()) {
    const inputs = inputsOf(transformer, { ...request, photo, strength }, padding);
    found.push(departure(await transformer.run(inputs), inputs.photo.values));
  }
  return Float32Array.from(found);
}

/** What tiles of a photo have to be given to be painted as the whole; throws as `stylise`. */
export async function statisticsOf(transformer: Graph, request: StyliseRequest): Promise<WholeStatistics> {
  const { statistics, reach } = transformer.manifest;
  if (!statistics || reach === undefined) {
    throw new EngineError('model-altered', "The transformer's manifest does not say how to paint in tiles.");
  }
  checkSpace(transformer, request);
  const padding = paddingFor(request.photo.height, request.photo.width);
  const tensors = await transformer.read(statistics, inputsOf(transformer, request, padding));
  return { tensors, reach, side: tileSide() };
}

/** A tile of a photo, painted at its own size. */
export async function styliseTile(transformer: Graph, request: TileRequest): Promise<ImageData> {
  const { photo, padding, statistics } = request;
  const painted = await transformer.run(inputsOf(transformer, request, padding), statistics);
  return toPixels(painted, padding, photo);
}

function inputsOf(transformer: Graph, { photo, vector, strength }: StyliseRequest, padding: Padding) {
  return {
    photo: { values: toFloats(photo, padding), shape: [1, padding.height, padding.width, 3] },
    vector: { values: vectorAt(ownVector(transformer), vector, strength), shape: [1, VECTOR_LENGTH] },
  };
}

/** The vector an average photo would have, [100]; stands for the photo's own. */
export function ownVector(transformer: Graph): number[] {
  const own = transformer.manifest.photo_mean_vector;
  if (own?.length !== VECTOR_LENGTH) {
    throw new EngineError('model-altered', "The transformer's manifest lacks the photos' mean vector.");
  }
  return own;
}

function checkSpace(transformer: Graph, { vector, styleSpace }: MeasureRequest): void {
  const wanted = transformer.manifest.style_space;
  if (vector.length !== VECTOR_LENGTH || (styleSpace !== undefined && styleSpace !== wanted)) {
    throw new EngineError('model-mismatch', 'This style belongs to another version of the models.');
  }
}
