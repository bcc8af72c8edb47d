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

/** Whether a mask, in [0,1], shows anybody: where too little of it is surely a person, nobody is there. */
export function showsAnybody(mask: Float32Array): boolean {
  const { sure, least } = CONSTANTS['person-mask'];
  return mask.filter((likely) => likely > sure).length >= least * mask.length;
}

/** The size at which a photo is looked at. */
export function lookedAtSize(photo: Size): Size {
  const { side, multiple } = CONSTANTS['person-mask'];
  return reducedSize(photo, side, multiple);
}

/**
 * [height,width]: how likely each pixel shows a person, in [0,1]. The mean of what is found on the photo and on its
 * mirror image, for what is seen on one of them alone is often no person; training/portrait/networks.py does the same.
 */
export async function findPeople(network: Graph, photo: ImageData): Promise<Float32Array<ArrayBuffer>> {
  const { width, height } = photo;
  const values = toFloats(photo, { width, height, top: 0, left: 0 });
  const straight = await look(network, values, { width, height });
  const mirrored = await look(network, inMirror(values, width, 3), { width, height });
  return inMirror(mirrored, width, 1).map((likely, i) => (likely + (straight[i] as number)) / 2);
}

async function look(network: Graph, values: Float32Array, { width, height }: Size): Promise<Float32Array> {
  const mask = await network.run({ photo: { values, shape: [1, height, width, 3] } });
  if (mask.length !== width * height || !mask.every(Number.isFinite)) {
    throw new EngineError('backend-failed', 'The person mask is none.');
  }
  return mask;
}

/** [height,width,channels] from right to left. */
export function inMirror(values: Float32Array, width: number, channels: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (_, i) => {
    const x = Math.floor(i / channels) % width;
    return values[i + (width - 1 - 2 * x) * channels] as number;
  });
}
