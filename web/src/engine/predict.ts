/** Style vectors: of any picture by the style predictor, or invented of noise. */
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
  return styleVector(await predictor.run({ style: { values, shape: [1, STYLE_SIDE, STYLE_SIDE, 3] } }));
}

/** A style vector, [100], of noise. */
export async function inventStyle(inventor: Graph, noise: Float32Array): Promise<Float32Array> {
  return styleVector(await inventor.run({ noise: { values: noise, shape: [1, noise.length] } }));
}

function styleVector(vector: Float32Array): Float32Array {
  if (vector.length !== VECTOR_LENGTH || !vector.every(Number.isFinite)) {
    throw new EngineError('model-altered', 'The network gives no style vector.');
  }
  vector[KEPT] = 0;
  return vector;
}

/** Refuses a network whose vectors mean something else to this transformer. */
export function checkSameSpace({ name, style_space }: Manifest, transformer: Manifest): void {
  if (style_space !== transformer.style_space) {
    throw new EngineError('model-mismatch', `The model ${name} and the transformer do not belong together.`);
  }
}
