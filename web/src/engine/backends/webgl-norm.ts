/**
 * Instance norm on WebGL in five passes that write the picture once: sums of each row, their sum, the same for the
 * squares of what differs from the mean, then scale, shift and ReLU together. All sums are in float32.
 *
 * Textures are packed: a texel holds two columns by two channels.
 */
import { engine, registerKernel, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { registerOp } from '@tensorflow/tfjs-converter';
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { OPS } from '../norms';

interface KernelCall {
  inputs: unknown;
  backend: unknown;
}
type Kernel = (inputs: Record<string, TensorInfo>, webgl: MathBackendWebGL) => TensorInfo;

/** Makes the operations of norms.ts known to graphs and to the backend. */
export function registerNorms(): void {
  register(OPS.mean, ['x'], ({ x }, webgl) => averaged(webgl, [x as TensorInfo], ITSELF, 'average'));
  register(OPS.deviation, ['x', 'mean', 'epsilon'], ({ x, mean, epsilon }, webgl) => {
    const [value] = webgl.readSync((epsilon as TensorInfo).dataId) as Float32Array;
    const reciprocal = `inversesqrt(average + float(${String(value)}))`;
    return averaged(webgl, [x, mean] as TensorInfo[], SQUARED, reciprocal);
  });
  const names = ['x', 'mean', 'deviation', 'scale', 'shift'];
  register(OPS.scaled, names, (inputs, webgl) => scaled(webgl, inputs, 'result'));
  register(OPS.rectified, names, (inputs, webgl) => scaled(webgl, inputs, 'max(result, vec4(0.0))'));
}

function register(op: string, names: string[], kernel: Kernel): void {
  registerKernel({
    kernelName: op,
    backendName: 'webgl',
    kernelFunc: ({ inputs, backend }: KernelCall) =>
      kernel(inputs as Record<string, TensorInfo>, backend as MathBackendWebGL),
  });
  registerOp(op, ({ inputs }) =>
    engine().runKernel<Tensor>(op, Object.fromEntries(names.map((name, i) => [name, inputs[i] as Tensor]))),
  );
}

const ITSELF = 'four';
const SQUARED = 'pow2(four - getMean(0, 0, 0, rc.w).xyxy)';

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

function scaled(webgl: MathBackendWebGL, inputs: Record<string, TensorInfo>, result: string): TensorInfo {
  const { x, mean, deviation, scale, shift } = inputs as Record<string, TensorInfo> & { x: TensorInfo };
  const norm = program(
    ['x', 'mean', 'deviation', 'scale', 'shift'],
    x.shape,
    [],
    `ivec4 rc = getOutputCoords();
     vec2 factor = getScale(0, 0, 0, rc.w).xy * getDeviation(0, 0, 0, rc.w).xy;
     vec4 centred = getX(0, rc.y, rc.z, rc.w) - getMean(0, 0, 0, rc.w).xyxy;
     vec4 result = centred * factor.xyxy + getShift(0, 0, 0, rc.w).xyxy;
     setOutput(${result});`,
  );
  return webgl.runWebGLProgram(norm, [x, mean, deviation, scale, shift] as TensorInfo[], 'float32');
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
