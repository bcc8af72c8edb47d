// No chunk of a worker imports the worker's entry: WebKit would evaluate that a second time.
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { keepEntryUnshared } from '../vite/worker-entry';

/** The modules of a worker by name; `worker` is its entry. Every one ends with a side effect, so that none is dropped. */
type Modules = Record<string, string>;

const SHARED = 'export const state = { started: false };';
const LATER = {
  worker: 'import { state } from "tool"; state.started = true; import("backend");',
  backend: 'import { state } from "tool"; console.log("backend", state);',
  tool: SHARED,
};

/** The chunks of the built worker. */
async function chunksOf(modules: Modules, plugins = [keepEntryUnshared()]): Promise<Rolldown.OutputChunk[]> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [...plugins, inMemory(modules)],
    build: { write: false, modulePreload: false, rolldownOptions: { input: 'worker' } },
  });
  const { output } = built as Rolldown.RolldownOutput;
  return output.filter((file) => file.type === 'chunk');
}

function inMemory(modules: Modules): Rolldown.Plugin {
  return {
    name: 'in-memory',
    resolveId: { order: 'pre', handler: (id) => (id in modules ? `\0${id}` : null) },
    load: (id) => modules[id.slice(1)] ?? null,
  };
}

function entriesImported(chunks: Rolldown.OutputChunk[]): string[] {
  const entries = chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
  return chunks
    .flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
    .filter((each) => entries.includes(each));
}

test('what the entry shares with a chunk fetched later lies in a chunk of its own', async () => {
  expect(entriesImported(await chunksOf(LATER, []))).toHaveLength(1); // the bundler's own way
  const chunks = await chunksOf(LATER);
  expect(entriesImported(chunks)).toEqual([]);
  const [later] = chunks.filter(({ isDynamicEntry }) => isDynamicEntry);
  expect(later?.code).toContain('backend');
  expect(later?.code).not.toContain('started');
});

test('a worker that fetches nothing later stays one file', async () => {
  expect(
    await chunksOf({ worker: 'import { state } from "tool"; console.log(state);', tool: SHARED }),
  ).toHaveLength(1);
});

test('what is shared by way of other modules is moved too', async () => {
  const kernel = 'import { state } from "tool"; console.log(state);';
  expect(entriesImported(await chunksOf({ ...LATER, backend: 'import "kernel";', kernel }))).toEqual([]);
});

test.each([
  'import { state } from "worker"; console.log(state);',
  'console.log("backend"); import("worker");',
])('the build fails where a chunk imports the entry all the same: %s', async (backend) => {
  const worker = 'export const state = {}; console.log("entry"); import("backend");';
  const sentence = /backend.* imports .*worker.*: no chunk may import a worker's entry file/;
  await expect(chunksOf({ worker, backend })).rejects.toThrow(sentence);
});
