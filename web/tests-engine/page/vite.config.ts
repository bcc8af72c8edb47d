/** The bare page's build: the real page's settings, without what that one is published with. */
import { defineConfig } from 'vitest/config';
import page from '../../vite.config.ts';

export default defineConfig({ ...page, plugins: [] });
