/** What a picture costs a graphics processor, with the fused norms and without, for tests/web/test_engine_norms.py. */
import { backend, type TensorInfo } from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/engine/backend';
import { Graph } from '../../src/engine/graph';
import { fetchModel, type ModelFiles } from '../../src/engine/models';
import { vectorInput } from '../../src/engine/stylise';

const SIDE = 64;

/** plain: hide the norms from the engine by other names. */
export async function countPasses(name: 'webgl' | 'webgpu', plain: boolean) {
  await startBackend(name, () => undefined);
  const files = await fetchModel(
    new URL('models/', document.baseURI).href,
    'style-transformer',
    () => undefined,
  );
  const graph = await Graph.from(plain ? hidden(files) : files);
  const inputs = {
    photo: {
      values: Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => 0.5 + 0.5 * Math.sin(i * i)),
      shape: [1, SIDE, SIDE, 3],
    },
    vector: vectorInput(
      graph,
      Float32Array.from({ length: 100 }, (_, i) => 0.5 * Math.sin(i)),
    ),
  };
  await graph.run(inputs); // uploads the weights
  const cost = watched(name === 'webgl' ? 'runWebGLProgram' : 'runWebGPUProgram');
  const painted = await graph.run(inputs);
  const counted = { ...cost };
  const statistics = await graph.read(graph.manifest.statistics ?? [], inputs);
  const given = await graph.run(inputs, statistics);
  return { ...counted, painted: [...painted], given: [...given] };
}

type RunProgram = (
  program: { outputShape: number[] },
  inputs: TensorInfo[],
  ...rest: unknown[]
) => TensorInfo;

/** Passes, and bytes that they read and write, from now on; `method` is the backend's that runs one. */
function watched<Method extends string>(method: Method) {
  const cost = { passes: 0, bytes: 0 };
  const watchedBackend = backend() as unknown as Record<Method, RunProgram>;
  const run = watchedBackend[method].bind(watchedBackend);
  const bytes = (shape: number[]) => 4 * shape.reduce((a, b) => a * b, 1);
  watchedBackend[method] = (program, inputs, ...rest) => {
    cost.passes += 1;
    cost.bytes += bytes(program.outputShape) + inputs.reduce((sum, { shape }) => sum + bytes(shape), 0);
    return run(program, inputs, ...rest);
  };
  return cost;
}

function hidden({ manifest, contents }: ModelFiles): ModelFiles {
  const rename = (text: string) => text.replaceAll(/norm(\d\d)\./g, 'plain$1.');
  const text = rename(new TextDecoder().decode(contents.get('model.json')));
  return {
    manifest: { ...manifest, statistics: (manifest.statistics ?? []).map(rename) },
    contents: new Map([...contents, ['model.json', new TextEncoder().encode(text)]]),
  };
}
