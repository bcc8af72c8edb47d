/** The style predictor: any picture to its style vector. */
import { CONSTANTS } from './constants';
import { EngineError } from './errors';
import type { Graph } from './graph';
import type { Manifest } from './models';
import { centreSquare } from './resample';
import { VECTOR_LENGTH } from './stylise';

/** The size the predictor was trained at. */
export const STYLE_SIDE = CONSTANTS['style-predictor'].predictor_side;

/** The vector's number that says how much of the photo is kept: none, when it is painted in a style. */
const KEPT = 0;

/** The vector, [100], to paint in the picture's style; read from its centre square. */
export async function predictStyle(predictor: Graph, picture: ImageData): Promise<Float32Array> {
  const values = centreSquare(picture, STYLE_SIDE);
  const vector = await predictor.run({ style: { values, shape: [1, STYLE_SIDE, STYLE_SIDE, 3] } });
  if (vector.length !== VECTOR_LENGTH) {
    throw new EngineError('model-altered', 'The style predictor gives no style vector.');
  }
  vector[KEPT] = 0;
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
