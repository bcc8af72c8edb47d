/** The style transformer: a photo and a style vector to a painted photo. */
import { EngineError } from './errors';
import type { Graph } from './graph';
import { paddingFor, toFloats, toPixels } from './pixels';
import { paintedShare, vectorAt } from './strength';
import type { StyliseRequest } from './types';

export const VECTOR_LENGTH = 100;

/**
 * The photo painted at its own size.
 * Throws EngineError 'model-mismatch' when the vector is not of the transformer's style space.
 */
export async function stylise(transformer: Graph, request: StyliseRequest): Promise<ImageData> {
  const { photo, strength } = request;
  checkSpace(transformer, request);
  if (strength <= 0) return new ImageData(new Uint8ClampedArray(photo.data), photo.width, photo.height);
  const vector = vectorAt(ownVector(transformer), request.vector, strength);
  const padding = paddingFor(photo.height, photo.width);
  const painted = await transformer.run({
    photo: { values: toFloats(photo, padding), shape: [1, padding.height, padding.width, 3] },
    vector: { values: vector, shape: [1, VECTOR_LENGTH] },
  });
  return toPixels(painted, padding, photo, paintedShare(strength));
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
