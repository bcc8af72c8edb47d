/**
 * Instance norm on WebGL in five passes that write the picture once: sums of each row, their sum, the same for the
 * squares of what differs from the mean, then scale, shift and ReLU together. All sums are in float32.
 *
 * Textures are packed: a texel holds two columns by two channels.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { NormKernels } from './norm-kernels';

const ITSELF = 'four';
const SQUARED = 'pow2(four - getMean(0, 0, 0, rc.w).xyxy)';

export const WEBGL_NORMS: NormKernels<MathBackendWebGL> = {
  mean: (webgl, x) => averaged(webgl, [x], ITSELF, 'average'),
  deviation(webgl, x, mean, epsilon) {
    const [value] = webgl.readSync(epsilon.dataId) as Float32Array;
    return averaged(webgl, [x, mean], SQUARED, `inversesqrt(average + float(${String(value)}))`);
  },
  scaled(webgl, { x, mean, deviation, scale, shift }, isRectified) {
    const norm = program(
      ['x', 'mean', 'deviation', 'scale', 'shift'],
      x.shape,
      [],
      `ivec4 rc = getOutputCoords();
       vec2 factor = getScale(0, 0, 0, rc.w).xy * getDeviation(0, 0, 0, rc.w).xy;
       vec4 centred = getX(0, rc.y, rc.z, rc.w) - getMean(0, 0, 0, rc.w).xyxy;
       vec4 result = centred * factor.xyxy + getShift(0, 0, 0, rc.w).xyxy;
       setOutput(${isRectified ? 'max(result, vec4(0.0))' : 'result'});`,
    );
    return webgl.runWebGLProgram(norm, [x, mean, deviation, scale, shift], 'float32');
  },
};

/** [1,H,W,C] -> [1,1,1,C]: the average of the four numbers of each texel, as `result` makes of it. */
function averaged(
  webgl: MathBackendWebGL,
  inputs: TensorInfo[],
  numbers: string,
  result: string,
): TensorInfo {
  const [, height = 1, width = 1, channels = 1] = inputs[0]?.shape ?? [];
  const rows = program(
    ['x', 'mean'].slice(0, inputs.length),
    [1, height, 1, channels],
    [{ name: 'width', type: 'int' }],
    `ivec4 rc = getOutputCoords();
     vec2 sum = vec2(0.0);
     for (int column = 0; column < width; column += 2) {
       vec4 four = getX(0, rc.y, column, rc.w);
       four = ${numbers};
       sum += four.xy + (column + 1 < width ? four.zw : vec2(0.0));
     }
     setOutput(vec4(sum, 0.0, 0.0));`,
  );
  const total = program(
    ['rows'],
    [1, 1, 1, channels],
    [
      { name: 'height', type: 'int' },
      { name: 'count', type: 'float' },
    ],
    `ivec4 rc = getOutputCoords();
     vec2 sum = vec2(0.0);
     for (int row = 0; row < height; row++) sum += getRows(0, row, 0, rc.w).xy;
     vec2 average = sum / count;
     setOutput(vec4(${result}, 0.0, 0.0));`,
  );
  const sums = webgl.runWebGLProgram(rows, inputs, 'float32', [[width]]);
  const found = webgl.runWebGLProgram(total, [sums], 'float32', [[height], [height * width]]);
  webgl.disposeIntermediateTensorInfo(sums);
  return found;
}

function program(
  variableNames: string[],
  outputShape: number[],
  customUniforms: NonNullable<GPGPUProgram['customUniforms']>,
  main: string,
): GPGPUProgram {
  return {
    variableNames,
    outputShape,
    customUniforms,
    userCode: `vec4 pow2(vec4 x) { return x * x; } void main() { ${main} }`,
    packedInputs: true,
    packedOutput: true,
    enableShapeUniforms: true,
  };
}
