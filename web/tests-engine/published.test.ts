// What the page offers depends on the models that lie beside it when it is built.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { publishedModels } from '../vite/published';

test('a model is published once its manifest is there', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'models-'));
  for (const name of ['day-to-night', '.night-to-day.new', 'empty']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'day-to-night', 'manifest.json'), '{}');
  expect(publishedModels(folder)).toEqual(['day-to-night']);
  expect(publishedModels(path.join(folder, 'nowhere'))).toEqual([]);
});
