/** The style transformer: a photo and a style vector to a painted photo. */
import { add, mul, sub, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Graphics } from './backend';
import { EngineError } from './errors';
import type { Graph, NamedArray } from './graph';
import type { Picture } from './picture';
import { tileSide } from './limits';
import { paddingFor, toFloats, toPixels, type Padding } from './pixels';
import type { TileRequest, WholeStatistics } from './protocol';
import { paintedShare, vectorAt } from './strength';
import type { StyliseRequest } from './types';

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
  const share = paintedShare(strength);
  graphics?.expectSize(padding.height, padding.width);
  const toBitmap = graphics?.toBitmap;
  if (!toBitmap) return toPixels(await transformer.run(inputs), padding, photo, share);
  return transformer.use(inputs, async (painted) => {
    const seen = share < 1 ? faded(inputs.photo, painted, share) : painted;
    try {
      return await toBitmap(seen, padding, photo);
    } finally {
      seen.dispose();
    }
  });
}

/** The painting over the photo, `share` of it, 0..1. */
function faded({ values, shape }: NamedArray, painted: Tensor, share: number): Tensor {
  return tidy(() => {
    const photo = tensor(values, shape);
    return add(photo, mul(sub(painted, photo), share));
  });
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
  const { photo, padding, statistics, strength } = request;
  const painted = await transformer.run(inputsOf(transformer, request, padding), statistics);
  return toPixels(painted, padding, photo, paintedShare(strength));
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

function checkSpace(transformer: Graph, { vector, styleSpace }: StyliseRequest): void {
  const wanted = transformer.manifest.style_space;
  if (vector.length !== VECTOR_LENGTH || (styleSpace !== undefined && styleSpace !== wanted)) {
    throw new EngineError('model-mismatch', 'This style belongs to another version of the models.');
  }
}
