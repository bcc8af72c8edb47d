/** The translators between day and night: a photo at working size to the translated one. */
import { EngineError } from './errors';
import type { Graph } from './graph';
import { toFloats } from './pixels';

/** One or more pictures side by side, [height,width,3 K] in [0,1], of the photo's size: see workingSize. */
export async function translate(translator: Graph, photo: ImageData): Promise<Float32Array<ArrayBuffer>> {
  const { width, height } = photo;
  const values = toFloats(photo, { width, height, top: 0, left: 0 });
  const translated = await translator.run({ photo: { values, shape: [1, height, width, 3] } });
  const count = translated.length / values.length;
  if (count < 1 || !Number.isInteger(count) || !translated.every(Number.isFinite)) {
    throw new EngineError('backend-failed', 'The translator gave no picture.');
  }
  return translated as Float32Array<ArrayBuffer>;
}
