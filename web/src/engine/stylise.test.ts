/** What a transformer is given for a vector, with the boldness where it has learnt that and without where not. */
import { expect, test } from 'vitest';
import type { Graph } from './graph';
import { hasBoldness, vectorInput } from './stylise';

const vector = Float32Array.from({ length: 100 }, (_, i) => i / 100);
const graph = (numbers: number) =>
  ({
    manifest: {
      inputs: [
        { name: 'photo', shape: [1, null, null, 3] },
        { name: 'vector', shape: [1, numbers] },
      ],
    },
  }) as unknown as Graph;

test('a transformer that has learnt boldness is given it after the style', () => {
  expect(hasBoldness(graph(101).manifest)).toBe(true);
  const { values, shape } = vectorInput(graph(101), vector, 80);
  expect(shape).toEqual([1, 101]);
  expect([...values.subarray(0, 100)]).toEqual([...vector]);
  expect(values[100]).toBeCloseTo(0.8);
  expect(vectorInput(graph(101), vector).values[100]).toBe(0.5);
});

test('another is given the style alone', () => {
  expect(hasBoldness(graph(100).manifest)).toBe(false);
  expect(vectorInput(graph(100), vector, 80)).toEqual({ values: vector, shape: [1, 100] });
});
