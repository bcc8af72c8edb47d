/** A checked model as a TensorFlow.js graph that runs on plain arrays and leaves no tensor behind. */
import { getBackend, io, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { EngineError } from './errors';
import { withFusedNorms, type GraphNode } from './norms';
import type { Manifest, ManifestPort, ModelFiles } from './models';

export interface NamedArray {
  values: Float32Array;
  shape: number[];
}

interface WeightGroup {
  paths: string[];
  weights: io.WeightsManifestEntry[];
}

/** A graph with one output, executed by the port names of its manifest. */
export class Graph {
  private constructor(
    private readonly model: GraphModel,
    readonly manifest: Manifest,
  ) {}

  /** Builds the graph from memory. Throws EngineError 'model-altered' when the files do not fit together. */
  static async from({ manifest, contents }: ModelFiles): Promise<Graph> {
    try {
      const model = await loadGraphModel(io.fromMemory(artifacts(contents)));
      return new Graph(model, manifest);
    } catch (cause) {
      const message = `The model ${manifest.name} cannot be built from its files.`;
      throw new EngineError('model-altered', message, { cause });
    }
  }

  /** Runs the graph once; inputs by port name, and tensors inside the graph that are given by their own names. */
  run(inputs: Record<string, NamedArray>, given: Record<string, NamedArray> = {}): Promise<Float32Array> {
    return this.use(inputs, async (output) => (await output.data()) as Float32Array, given);
  }

  /** Runs the graph once and hands its output to `take`, as a tensor that lives until that is done. */
  async use<T>(
    inputs: Record<string, NamedArray>,
    take: (output: Tensor) => Promise<T>,
    given: Record<string, NamedArray> = {},
  ): Promise<T> {
    const tensors = { ...this.toTensors(inputs), ...byOwnName(given) };
    let output: Tensor | undefined;
    try {
      output = this.execute(tensors);
      return await take(output);
    } finally {
      output?.dispose();
      for (const each of Object.values(tensors)) each.dispose();
    }
  }

  /** Values of tensors inside the graph, by name. */
  async read(names: string[], inputs: Record<string, NamedArray>): Promise<Record<string, NamedArray>> {
    const tensors = this.toTensors(inputs);
    let found: Tensor[] = [];
    try {
      found = [this.model.execute(tensors, names)].flat();
      const values = (await Promise.all(found.map((each) => each.data()))) as Float32Array[];
      return Object.fromEntries(
        found.map(({ shape }, i) => [names[i] as string, { values: values[i] as Float32Array, shape }]),
      );
    } finally {
      for (const each of [...found, ...Object.values(tensors)]) each.dispose();
    }
  }

  /** Queues the graph without waiting for its result; what `run` does between its tensors. */
  execute(tensors: Record<string, Tensor>): Tensor {
    const [output] = this.manifest.outputs;
    return this.model.execute(tensors, output?.tensor) as Tensor;
  }

  /** Tensors by the names the graph executes by; the caller disposes them. */
  toTensors(inputs: Record<string, NamedArray>): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, { values, shape }]) => [
        portNamed(this.manifest.inputs, name).tensor,
        tensor(values, shape, 'float32'),
      ]),
    );
  }
}

function byOwnName(given: Record<string, NamedArray>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { values, shape }]) => [name, tensor(values, shape, 'float32')]),
  );
}

function portNamed(ports: ManifestPort[], name: string): ManifestPort {
  const port = ports.find((each) => each.name === name);
  if (!port) throw new EngineError('model-altered', `The model has no input called ${name}.`);
  return port;
}

/** model.json and the weight files, joined in the order model.json names them. */
function artifacts(contents: ModelFiles['contents']): io.ModelArtifacts {
  const text = new TextDecoder().decode(fileNamed(contents, 'model.json'));
  const model = JSON.parse(text) as io.ModelJSON & { weightsManifest: WeightGroup[] };
  const groups = model.weightsManifest;
  const topology = model.modelTopology as { node: GraphNode[] };
  return {
    // WebAssembly has no kernels for the fused operations, and needs none.
    modelTopology: getBackend() === 'wasm' ? topology : { ...topology, node: withFusedNorms(topology.node) },
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: joined(groups.flatMap((group) => group.paths).map((path) => fileNamed(contents, path))),
    ...(model.signature && { signature: model.signature }),
    ...(model.userDefinedMetadata && { userDefinedMetadata: model.userDefinedMetadata }),
  };
}

function joined(parts: Uint8Array[]): ArrayBuffer {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all.buffer;
}

function fileNamed(contents: ModelFiles['contents'], path: string): Uint8Array {
  const file = contents.get(path);
  if (!file) throw new Error(`The manifest does not list ${path}.`);
  return file;
}
