/**
 * Vite plugin: bundles only the TensorFlow.js functions and kernels that graph-ops.ts lists.
 * The library registers all of them; on the wire that is a third of it. A published graph with
 * an operation that is not listed stops the build, so that no visitor meets a missing kernel.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { FREE_OPS, GRAPH_OPS, OTHER_KERNELS } from './graph-ops.ts';

const REGISTER = /tfjs-backend-\w+\/dist\/register_all_kernels\.js$/;
const OPS = /tfjs-core\/dist\/ops\/ops_for_converter\.js$/;
/** Threads need blob: workers, which the page's security policy forbids; the engine never asks for them. */
const THREADS = /tfjs-backend-wasm\/wasm-out\/tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/;

export function usedKernels(models: string): Plugin {
  return {
    name: 'used-kernels',
    enforce: 'pre',
    apply: 'build',
    buildStart() {
      const missing = unlistedOps(models);
      if (missing.length)
        this.error(`Add to vite/graph-ops.ts, for the graphs in ${models}: ${missing.join(', ')}`);
    },
    load(id) {
      if (OPS.test(id)) return opsModule();
      if (THREADS.test(id)) return 'export default undefined; export const wasmWorkerContents = "";';
      return null;
    },
    transform(code, id) {
      return REGISTER.test(id) ? { code: keepListedKernels(code), map: null } : null;
    },
  };
}

/** Operations of the graphs in the models' folder that the list lacks. */
export function unlistedOps(models: string): string[] {
  if (!existsSync(models)) return [];
  const graphs = readdirSync(models, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'model.json')
    .map((file) => readFileSync(path.join(models, file), 'utf8'));
  const used = new Set(graphs.flatMap((graph) => opsOf(graph)));
  return [...used].filter((op) => !(op in GRAPH_OPS) && !FREE_OPS.includes(op)).sort();
}

function opsOf(graph: string): string[] {
  interface Nodes {
    node: { op: string }[];
  }
  const { modelTopology } = JSON.parse(graph) as {
    modelTopology: Nodes & { library?: { function?: { nodeDef: Nodes['node'] }[] } };
  };
  const inner = modelTopology.library?.function?.flatMap((each) => each.nodeDef) ?? [];
  return [...modelTopology.node, ...inner].map(({ op }) => op);
}

/** The module of functions that the graph executor looks into by name. */
function opsModule(): string {
  const names = [...new Set(Object.values(GRAPH_OPS).map(([name]) => name))];
  const inImage = names.filter((name) => name.startsWith('image.')).map((name) => name.slice(6));
  const plain = names.filter((name) => !name.includes('.'));
  return [
    `export { ${[...plain, 'scalar'].join(', ')}, fused } from './ops';`,
    ...inImage.map((name) => `import { ${name} } from './image/${snakeCase(name)}';`),
    `export const image = { ${inImage.join(', ')} };`,
  ].join('\n');
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The library's list of imports and registrations, without the lines of the other kernels. */
function keepListedKernels(code: string): string {
  const wanted = new Set([
    ...OTHER_KERNELS,
    ...Object.values(GRAPH_OPS).flatMap(([, ...kernels]) => kernels),
  ]);
  const dropped = new Set<string>();
  const lines = code.split('\n').filter((line) => {
    const [, config, kernel] = /^import \{ (\w+) \} from '\.\/kernels\/(\w+)';/.exec(line) ?? [];
    if (!config || !kernel || wanted.has(kernel)) return true;
    dropped.add(config);
    return false;
  });
  return lines.filter((line) => !dropped.has(line.trim().replace(',', ''))).join('\n');
}
