/** The operations of norms.ts, made known to graphs and to a backend that has kernels for them. */
import { engine, registerKernel, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { registerOp } from '@tensorflow/tfjs-converter';
import { OPS } from '../norms';

export interface NormInputs {
  /** [1,H,W,C] */
  x: TensorInfo;
  /** The others: [1,1,1,C]. */
  mean: TensorInfo;
  deviation: TensorInfo;
  scale: TensorInfo;
  shift: TensorInfo;
}

export interface NormKernels<Backend> {
  /** [1,1,1,C]: each channel's mean. */
  mean(backend: Backend, x: TensorInfo): TensorInfo;
  /** [1,1,1,C]: the reciprocal root of each channel's variance and epsilon, a tensor of one number. */
  deviation(backend: Backend, x: TensorInfo, mean: TensorInfo, epsilon: TensorInfo): TensorInfo;
  /** As x: normed, scaled and shifted; nothing below 0 where rectified. */
  scaled(backend: Backend, inputs: NormInputs, isRectified: boolean): TensorInfo;
}

interface KernelCall {
  inputs: unknown;
  backend: unknown;
}

export function registerNorms<Backend>(backendName: string, kernels: NormKernels<Backend>): void {
  type Run = (backend: Backend, inputs: Record<string, TensorInfo>) => TensorInfo;
  const register = (op: string, names: string[], run: Run) => {
    registerKernel({
      kernelName: op,
      backendName,
      kernelFunc: ({ inputs, backend }: KernelCall) =>
        run(backend as Backend, inputs as Record<string, TensorInfo>),
    });
    registerOp(op, ({ inputs }) =>
      engine().runKernel<Tensor>(op, Object.fromEntries(names.map((name, i) => [name, inputs[i] as Tensor]))),
    );
  };
  register(OPS.mean, ['x'], (backend, { x }) => kernels.mean(backend, x as TensorInfo));
  register(OPS.deviation, ['x', 'mean', 'epsilon'], (backend, { x, mean, epsilon }) =>
    kernels.deviation(backend, x as TensorInfo, mean as TensorInfo, epsilon as TensorInfo),
  );
  for (const op of [OPS.scaled, OPS.rectified]) {
    register(op, ['x', 'mean', 'deviation', 'scale', 'shift'], (backend, inputs) =>
      kernels.scaled(backend, inputs as unknown as NormInputs, op === OPS.rectified),
    );
  }
}
