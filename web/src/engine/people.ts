/** The person mask: where a photo shows people, found on a small copy of it. */
import { CONSTANTS } from './constants';
import { EngineError } from './errors';
import type { Graph } from './graph';
import type { Fitting, Size } from './guided';
import { toFloats } from './pixels';
import { reducedSize } from './working';

/** How the mask is fitted to the photo, so that it follows the photo's edges at any size. */
export function maskFitting(): Fitting {
  const { boxes, flat } = CONSTANTS['person-mask'];
  return { boxes, flat };
}

/** What is likelier is surely a person: what is nearly one in photos without people seldom is so sure. */
export const SURE = 0.95;

/** The size at which a photo is looked at. */
export function lookedAtSize(photo: Size): Size {
  const { side, multiple } = CONSTANTS['person-mask'];
  return reducedSize(photo, side, multiple);
}

/** [height,width]: how likely each pixel shows a person, in [0,1]. */
export async function findPeople(network: Graph, photo: ImageData): Promise<Float32Array<ArrayBuffer>> {
  const { width, height } = photo;
  const values = toFloats(photo, { width, height, top: 0, left: 0 });
  const mask = await network.run({ photo: { values, shape: [1, height, width, 3] } });
  if (mask.length !== width * height || !mask.every(Number.isFinite)) {
    throw new EngineError('backend-failed', 'The person mask is none.');
  }
  return mask as Float32Array<ArrayBuffer>;
}
