// How the page is built. Run: npm ci && npm run build; the result in dist/ works in any static folder.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { copyPublished, publishedConstants, publishedModels } from './vite/published.ts';
import { serviceWorker } from './vite/service-worker.ts';
import { usedKernels } from './vite/used-kernels.ts';
import { precompress } from './vite/precompress.ts';
import { keepEntryUnshared } from './vite/worker-entry.ts';

const NOTICE = '/* Contains TensorFlow.js, Copyright Google LLC, licence Apache-2.0. */';
const HEIC_NOTICE =
  '/* Contains libheif-js 1.23.2 (libheif, libde265), licence LGPL-3.0: see licences/libheif.txt. */';
const MODELS = fileURLToPath(new URL('models', import.meta.url)); // .pathname would escape spaces

function noticeOf({ moduleIds }: { moduleIds: string[] }): string {
  return moduleIds.some((id) => id.includes('/libheif-js/')) ? HEIC_NOTICE : NOTICE;
}

export default defineConfig({
  define: {
    PUBLISHED_MODELS: JSON.stringify(publishedModels(MODELS)),
    PUBLISHED_CONSTANTS: JSON.stringify(publishedConstants(MODELS)),
  },
  base: './',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the security policy allows no data: scripts, and hashed files cache better
    modulePreload: false,
    sourcemap: false,
  },
  worker: {
    format: 'es',
    plugins: () => [usedKernels(MODELS), keepEntryUnshared()],
    // One notice a file instead of TensorFlow.js's hundreds.
    rolldownOptions: { output: { minify: true, comments: false, postBanner: noticeOf } },
  },
  plugins: [copyPublished(), serviceWorker(), precompress()],
  test: { setupFiles: 'tests-engine/setup.ts', include: ['tests-engine/**/*.test.ts', 'src/**/*.test.ts'] },
});
