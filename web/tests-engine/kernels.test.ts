// Only the listed kernels are bundled; the list has to cover the graphs and name what exists.
import { mkdtempSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRAPH_OPS, OTHER_KERNELS } from '../vite/graph-ops';
import { unlistedOps } from '../vite/used-kernels';

const BACKENDS = path.resolve('node_modules/@tensorflow');

function folderWithGraph(...ops: string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'models-'));
  mkdirSync(path.join(folder, 'a-model'));
  const graph = { modelTopology: { node: ops.map((op) => ({ op })) } };
  writeFileSync(path.join(folder, 'a-model', 'model.json'), JSON.stringify(graph));
  return folder;
}

describe('the list of operations', () => {
  test('covers every published graph', () => {
    expect(unlistedOps(path.resolve('models'))).toEqual([]);
  });

  test('an operation outside it is named', () => {
    expect(unlistedOps(folderWithGraph('Const', 'Conv2D', 'StringSplit'))).toEqual(['StringSplit']);
    expect(unlistedOps(folderWithGraph('Placeholder', 'MirrorPad', 'Identity'))).toEqual([]);
  });

  test.each(['wasm', 'webgl', 'webgpu'])('names kernels that the %s backend has', (backend) => {
    const file = path.join(BACKENDS, `tfjs-backend-${backend}`, 'dist', 'register_all_kernels.js');
    const existing = readFileSync(file, 'utf8');
    const exists = (kernel: string) => existing.includes(`kernels/${kernel}'`);
    const missing = Object.entries(GRAPH_OPS).filter(
      ([, [, ...kernels]]) => kernels.length > 0 && !kernels.some(exists),
    );
    expect(missing).toEqual([]);
    expect(OTHER_KERNELS.filter((kernel) => !exists(kernel))).toEqual([]);
  });
});
