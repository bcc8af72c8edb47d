/**
 * Vite plugin: no chunk of a worker imports the worker's entry file. WebKit evaluates that file a second time when a
 * chunk that is fetched later imports it: two sets of variables, and the second one's `onmessage` takes over.
 * (A document's entry is evaluated once there.)
 */
import type { Plugin, Rolldown } from 'vite';

type ModuleInfoOf = (id: string) => Pick<Rolldown.ModuleInfo, 'importers' | 'dynamicImporters'> | null;

/** Moves what the entry shares with chunks that are fetched later into a chunk of its own, and checks the result. */
export function keepEntryUnshared(): Plugin {
  return {
    name: 'keep-entry-unshared',
    apply: 'build',
    outputOptions: (options) => ({ ...options, codeSplitting: { groups: [SHARED] } }),
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const wrong = importsOfEntries(chunks);
      if (wrong.length)
        this.error(
          `${wrong.join(', ')}: no chunk may import a worker's entry file, which WebKit would evaluate a second time. ` +
            'Move what they share out of the entry into a module of its own (vite/worker-entry.ts).',
        );
    },
  };
}

const SHARED: Rolldown.CodeSplittingGroup = {
  tags: ['$initial'], // part of the entry, unless named
  name: (id, modules) => (isUsedLater(id, (each) => modules.getModuleInfo(each)) ? 'shared' : null),
};

/** Whether a module that is imported dynamically reaches this one. */
function isUsedLater(id: string, infoOf: ModuleInfoOf, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const { importers = [], dynamicImporters = [] } = infoOf(id) ?? {};
  return dynamicImporters.length > 0 || importers.some((importer) => isUsedLater(importer, infoOf, seen));
}

/** The chunks that import an entry, as `chunk imports entry`. */
function importsOfEntries(
  chunks: Pick<Rolldown.OutputChunk, 'fileName' | 'isEntry' | 'imports' | 'dynamicImports'>[],
): string[] {
  const entries = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  return chunks.flatMap(({ fileName, imports, dynamicImports }) =>
    [...imports, ...dynamicImports]
      .filter((imported) => entries.has(imported))
      .map((entry) => `${fileName} imports ${entry}`),
  );
}
