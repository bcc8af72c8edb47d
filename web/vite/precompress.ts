/** Vite plugin: writes a .br and a .gz beside every file of the built page that shrinks by it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const COMPRESSIBLE = /\.(html|js|css|json|wasm|svg|txt|md|webmanifest|bin)$/;
const SMALLEST = 512; // bytes; below that the headers weigh more than what is saved

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

export function precompress(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        const out = path.resolve(config.root, config.build.outDir);
        const files = (await readdir(out, { recursive: true })).filter((file) => COMPRESSIBLE.test(file));
        await Promise.all(files.map((file) => compress(path.join(out, file))));
      },
    },
  };
}

async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < SMALLEST) return;
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const packed = { '.br': await brotli(content, { params }), '.gz': await gzip(content, { level: 9 }) };
  for (const [extension, bytes] of Object.entries(packed)) {
    if (bytes.length < content.length) await writeFile(file + extension, bytes);
  }
}
