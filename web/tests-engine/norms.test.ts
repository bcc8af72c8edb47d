// Norms of a graph as three operations: all of the published ones, and none that is built otherwise.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OPS, withFusedNorms, type GraphNode } from '../src/engine/norms';

const MODEL = 'models/style-transformer';
const read = (file: string) => JSON.parse(readFileSync(`${MODEL}/${file}`, 'utf8')) as unknown;
const { modelTopology } = read('model.json') as { modelTopology: { node: GraphNode[] } };
const { statistics } = read('manifest.json') as { statistics: string[] };
const count = (nodes: GraphNode[], ...ops: string[]) => nodes.filter(({ op }) => ops.includes(op)).length;

describe('fused norms', () => {
  const fused = withFusedNorms(modelTopology.node);

  test('take the place of every norm of the published transformer', () => {
    const norms = statistics.length / 2;
    expect(count(fused, OPS.mean)).toBe(norms);
    expect(count(fused, OPS.deviation)).toBe(norms);
    expect(count(fused, OPS.scaled, OPS.rectified)).toBe(norms);
    expect(count(fused, OPS.rectified)).toBeGreaterThan(0);
  });

  test('keep the statistics’ names and all that reads them', () => {
    expect(fused.map(({ name }) => name)).toEqual(modelTopology.node.map(({ name }) => name));
    const named = new Map(fused.map((node) => [node.name, node.op]));
    for (const name of statistics) {
      expect([OPS.mean, OPS.deviation]).toContain(named.get(name.replace(':0', '')));
    }
  });

  test('leave a norm alone whose parts are read by others', () => {
    const reader = { name: 'reader', op: 'Neg', input: ['norm00.mean'] };
    const nodes = withFusedNorms([...modelTopology.node, reader]);
    expect(count(nodes, OPS.mean)).toBe(statistics.length / 2 - 1);
  });
});
