/** Vite plugin: copies what is published as it is (styles, samples, models, licences) into the built page. */
import { cp } from 'node:fs/promises';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';

/** Extensions that reach the page; the code that painted the pictures lies beside them and stays out. */
const PUBLISHED = {
  styles: ['.json', '.webp', '.png', '.jpg', '.svg'],
  samples: ['.json', '.webp', '.png', '.jpg'],
  models: ['.json', '.bin', '.md'],
};

/** Licences that ask for their text to go along: where it lies, and its name in the built page. */
const LICENCES = { 'node_modules/libheif-js/libheif-wasm/LICENSE': 'licences/libheif.txt' };

/** Names of the models in the folder. */
export function publishedModels(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'manifest.json')));
}

/** The constants in the manifests of the models in the folder, by model: what the page shares with Python. */
export function publishedConstants(folder: string): Record<string, unknown> {
  const constants = (name: string) => {
    const manifest = readFileSync(path.join(folder, name, 'manifest.json'), 'utf8');
    return (JSON.parse(manifest) as { constants?: unknown }).constants ?? {};
  };
  return Object.fromEntries(publishedModels(folder).map((name) => [name, constants(name)]));
}

export function copyPublished(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'copy-published',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle() {
      const out = path.resolve(config.root, config.build.outDir);
      for (const [folder, extensions] of Object.entries(PUBLISHED)) {
        await copyFolder(path.join(config.root, folder), path.join(out, folder), extensions);
      }
      for (const [from, to] of Object.entries(LICENCES)) {
        if (existsSync(path.join(config.root, from)))
          await cp(path.join(config.root, from), path.join(out, to));
      }
    },
  };
}

async function copyFolder(from: string, to: string, extensions: string[]): Promise<void> {
  if (!existsSync(from)) return;
  const wanted = (file: string) => statSync(file).isDirectory() || extensions.includes(path.extname(file));
  await cp(from, to, { recursive: true, filter: wanted });
}
