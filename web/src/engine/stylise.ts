/** The style transformer: a photo and a style vector to a painted photo. */
import type { Graphics } from './backend';
import { CONSTANTS } from './constants';
import { EngineError } from './errors';
import { departure, measuredStrengths } from './evenness';
import type { Graph, NamedArray } from './graph';
import type { Manifest } from './models';
import type { Picture } from './picture';
import { fitToCoarse, smaller } from './levels';
import { tileSide } from './limits';
import { paddingFor, takeColours, toFloats, toPixels, type Padding } from './pixels';
import type { TileRequest, WholeStatistics } from './protocol';
import { vectorAt } from './strength';
import type { MeasureRequest, StyliseRequest } from './types';
import { reduce, reducedSize } from './working';

export const VECTOR_LENGTH = 100;
const USUAL_BOLDNESS = 50;

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
  const coarse = coarseOf(photo, request.strokeSize);
  if (coarse) return withLargeStrokes(transformer, request, coarse);
  const padding = paddingFor(photo.height, photo.width);
  graphics?.expectSize(padding.height, padding.width);
  const toBitmap = graphics?.toBitmap;
  if (!toBitmap || request.keepColours) return painted(transformer, request, padding);
  return transformer.use(inputsOf(transformer, request, padding), (each) => toBitmap(each, padding, photo));
}

/** The photo at the size at which strokes are as large as wanted; undefined where they are so at its own. */
function coarseOf(photo: ImageData, strokeSize = 1): ImageData | undefined {
  const { working_side: side, another_size_from: ratio } = CONSTANTS['style-transformer'];
  const longer = ({ width, height }: ImageData) => Math.max(width, height);
  const coarse = smaller(photo, Math.min(side, longer(photo)) / strokeSize);
  return longer(photo) < ratio * longer(coarse) ? undefined : coarse;
}

/** Painted small, and again at the photo's size for what is finer. */
async function withLargeStrokes(
  transformer: Graph,
  request: StyliseRequest,
  photo: ImageData,
): Promise<ImageData> {
  const coarse = await painted(transformer, { ...request, photo }, paddingFor(photo.height, photo.width));
  const { height, width } = request.photo;
  const fine = await painted(transformer, request, paddingFor(height, width));
  fitToCoarse(fine, coarse);
  return fine;
}

/** The photo painted in one pass; `given` are statistics, where it is a tile. */
async function painted(
  transformer: Graph,
  request: StyliseRequest,
  padding: Padding,
  given?: TileRequest['statistics'],
): Promise<ImageData> {
  const inputs = inputsOf(transformer, request, padding);
  const values = await transformer.run(inputs, given);
  if (request.keepColours) takeColours(values, inputs.photo.values);
  return toPixels(values, padding, request.photo);
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
    const values = await transformer.run(inputs);
    if (request.keepColours) takeColours(values, inputs.photo.values);
    found.push(departure(values, inputs.photo.values));
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
  const seen = (await stylise(transformer, request, undefined)) as ImageData; // no bitmap without graphics
  return { tensors, reach, side: tileSide(), seen };
}

/** A tile of a photo, painted at its own size. */
export async function styliseTile(transformer: Graph, request: TileRequest): Promise<ImageData> {
  return painted(transformer, request, request.padding, request.statistics);
}

function inputsOf(
  transformer: Graph,
  { photo, vector, strength, boldness }: StyliseRequest,
  padding: Padding,
) {
  return {
    photo: { values: toFloats(photo, padding), shape: [1, padding.height, padding.width, 3] },
    vector: vectorInput(transformer, vectorAt(ownVector(transformer), vector, strength), boldness),
  };
}

/** The vector, [100], as the transformer takes it: with the boldness, 0..100, after it where it has learnt that. */
export function vectorInput(
  { manifest }: Graph,
  vector: Float32Array,
  boldness = USUAL_BOLDNESS,
): NamedArray {
  const values = hasBoldness(manifest) ? Float32Array.from([...vector, boldness / 100]) : vector;
  return { values, shape: [1, values.length] };
}

/** Whether the transformer's vector has one number more than the style. */
export function hasBoldness({ inputs }: Manifest): boolean {
  return inputs.some(({ name, shape }) => name === 'vector' && shape[1] === VECTOR_LENGTH + 1);
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
