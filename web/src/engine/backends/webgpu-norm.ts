/**
 * Instance norm on WebGPU in five passes that write the picture once, as on WebGL: sums of each row, their sum, the
 * same for the squares of what differs from the mean, then scale, shift and ReLU together. All sums are in float32.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { webgpu_util, type WebGPUBackend, type WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { NormInputs, NormKernels } from './norm-kernels';

const WORKGROUP: [number, number, number] = [64, 1, 1];

export const WEBGPU_NORMS: NormKernels<WebGPUBackend> = {
  mean(webgpu, x) {
    const rows = sumOfRows(webgpu, [x], 'x[at]');
    return averageOf(webgpu, [rows], x, 'average');
  },
  deviation(webgpu, x, mean, epsilon) {
    const rows = sumOfRows(webgpu, [x, mean], '(x[at] - mean[channel]) * (x[at] - mean[channel])');
    return averageOf(webgpu, [rows, epsilon], x, 'inverseSqrt(average + epsilon[0])');
  },
  scaled(webgpu, { x, mean, deviation, scale, shift }: NormInputs, isRectified) {
    const norm = program(
      isRectified ? 'norm-rectified' : 'norm-scaled',
      ['x', 'mean', 'deviation', 'scale', 'shift'],
      x.shape,
      `let channel = index % uniforms.xShape.w;
       let centred = x[index] - mean[channel];
       let found = centred * (scale[channel] * deviation[channel]) + shift[channel];
       setOutputAtIndex(index, ${isRectified ? 'max(found, 0.0)' : 'found'});`,
    );
    return webgpu.runWebGPUProgram(norm, [x, mean, deviation, scale, shift], 'float32');
  },
};

/** [1,H,W,C] -> [1,H,1,C]: the sums of what `number` says; neighbouring threads read neighbouring channels. */
function sumOfRows(webgpu: WebGPUBackend, inputs: [TensorInfo, TensorInfo?], number: string): TensorInfo {
  const [, height = 1, , channels = 1] = inputs[0].shape;
  const given = inputs.filter((each) => each !== undefined);
  const rows = program(
    `norm-rows-${given.length}`,
    ['x', 'mean'].slice(0, given.length),
    [1, height, 1, channels],
    `let width = uniforms.xShape.z;
     let channels = uniforms.xShape.w;
     let channel = index % channels;
     let first = (index / channels) * width * channels + channel;
     var sum = 0.0;
     for (var column = 0; column < width; column++) {
       let at = first + column * channels;
       sum += ${number};
     }
     setOutputAtIndex(index, sum);`,
  );
  return webgpu.runWebGPUProgram(rows, given, 'float32');
}

/** [1,H,1,C] -> [1,1,1,C]: the average over x, as `result` makes of it; the rows are disposed. */
function averageOf(
  webgpu: WebGPUBackend,
  inputs: [TensorInfo, TensorInfo?],
  { shape: [, height = 1, width = 1, channels = 1] }: TensorInfo,
  result: string,
): TensorInfo {
  const given = inputs.filter((each) => each !== undefined);
  const total = program(
    `norm-average-${given.length}`,
    ['rows', 'epsilon'].slice(0, given.length),
    [1, 1, 1, channels],
    `var sum = 0.0;
     for (var row = 0; row < uniforms.rowsShape.y; row++) {
       sum += rows[row * uniforms.rowsShape.w + index];
     }
     let average = sum / uniforms.count;
     setOutputAtIndex(index, ${result});`,
    'count : f32,',
  );
  const count = [{ type: 'float32', data: [height * width] }];
  const found = webgpu.runWebGPUProgram(total, given, 'float32', count);
  webgpu.disposeData(inputs[0].dataId);
  return found;
}

/** One number of the output a thread. */
function program(
  shaderKey: string,
  variableNames: string[],
  outputShape: number[],
  main: string,
  uniforms = '',
): WebGPUProgram {
  const dispatchLayout = webgpu_util.flatDispatchLayout(outputShape);
  return {
    shaderKey,
    variableNames,
    outputShape,
    uniforms,
    size: true,
    dispatchLayout,
    dispatch: webgpu_util.computeDispatch(dispatchLayout, outputShape, WORKGROUP),
    workgroupSize: WORKGROUP,
    getUserCode: () => `fn main(index : i32) { if (index < uniforms.size) { ${main} } }`,
  };
}
