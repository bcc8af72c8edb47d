/**
 * Vite plugin: builds src/service-worker.ts with the list of the built page's files and their hashes in it.
 * It runs when all other files are there, and before they are compressed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';

const SCRIPT = 'service-worker';
/** Files that the page never asks for, and the models' own, which the engine keeps when it needs them. */
const LEFT_OUT =
  /^(service-worker\.js|licences\/.*|styles\/pictures\/.*|models\/.*(\.bin|\.md|\/model\.json))$/;
/** Files that are large and not needed for a visitor's own photo. */
const LATER = /^(samples\/[^/]*\.(jpg|png|webp)|styles\/map\.(json|webp))$/;
/** The decoder of HEIC photos, which most visitors never need: kept once it was asked for. */
const HEIC = /^assets\/(heic-worker|libheif)-[^/]*$/;

export function serviceWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: SCRIPT,
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        const entry = path.join(config.root, 'src', `${SCRIPT}.ts`);
        if (existsSync(entry)) await buildScript(entry, config);
      },
    },
  };
}

async function buildScript(entry: string, config: ResolvedConfig): Promise<void> {
  const out = path.resolve(config.root, config.build.outDir);
  const paths = (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map((each) => path.relative(out, path.join(each.parentPath, each.name)).replaceAll(path.sep, '/'))
    .filter((each) => !LEFT_OUT.test(each))
    .sort();
  const site = await Promise.all(paths.map((each) => published(out, each)));
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: {
      ...config.define, // what the page is built with
      SITE_FILES: asText(site.filter((file) => !LATER.test(file.path) && !HEIC.test(file.path))),
      LATER_FILES: asText(site.filter((file) => LATER.test(file.path))),
      HEIC_FILES: asText(site.filter((file) => HEIC.test(file.path))),
    },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      // A classic script without a hash in its name: browsers look there for the next version.
      rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: `${SCRIPT}.js` } },
    },
  });
}

async function published(out: string, file: string) {
  const content = await readFile(path.join(out, file));
  return { path: file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** A JavaScript expression for the list's JSON as one string, which is parsed faster than a literal. */
function asText(list: unknown): string {
  return JSON.stringify(JSON.stringify(list));
}
