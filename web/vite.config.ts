// How the page is built. Run: npm ci && npm run build; the result in dist/ works in any static folder.
import { defineConfig } from 'vitest/config';
import { copyPublished } from './vite/published';
import { precompress } from './vite/precompress';

export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the security policy allows no data: scripts, and hashed files cache better
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  worker: { format: 'es' },
  plugins: [copyPublished(), precompress()],
  test: { include: ['tests-engine/**/*.test.ts', 'src/**/*.test.ts'] },
});
