/** The style predictor: any picture to its style vector. */
import { EngineError } from './errors';
import type { Graph } from './graph';
import type { Manifest } from './models';
import { centreSquare } from './resample';
import { VECTOR_LENGTH } from './stylise';

/** The size the predictor was trained at. */
export const STYLE_SIDE = 256;

/** The picture's vector, [100], read from its centre square. */
export async function predictStyle(predictor: Graph, picture: ImageData): Promise<Float32Array> {
  const values = centreSquare(picture, STYLE_SIDE);
  const vector = await predictor.run({ style: { values, shape: [1, STYLE_SIDE, STYLE_SIDE, 3] } });
  if (vector.length !== VECTOR_LENGTH) {
    throw new EngineError('model-altered', 'The style predictor gives no style vector.');
  }
  return vector;
}

/** Refuses a predictor whose vectors mean something else to this transformer. */
export function checkSameSpace(predictor: Manifest, transformer: Manifest): void {
  if (predictor.style_space !== transformer.style_space) {
    throw new EngineError(
      'model-mismatch',
      'The style predictor and the transformer do not belong together.',
    );
  }
}
