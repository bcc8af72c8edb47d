/** The map: cells give their own style, points between them the mean, and surprises are far and new. */
import { expect, it } from 'vitest';
import { cellAt, middleOf, nearestCell, styleAt, surprisingCell, type StyleMap } from './map';

/** Two rows of three; the vector of a cell is where it lies. */
const map: StyleMap = {
  style_space: 's',
  rows: 2,
  columns: 3,
  vectors: [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ],
  places: Array(6).fill([{ id: 'oil', name: { en: 'Oil', ru: 'Масло' } }]),
  swatches: 'map.webp',
};

it('gives a cell its own style in the middle, and at the edge of the map too', () => {
  for (let cell = 0; cell < 6; cell += 1) {
    const point = middleOf(map, cell);
    expect([...styleAt(map, point)]).toEqual(map.vectors[cell]);
    expect(cellAt(map, point)).toBe(cell);
  }
  expect([...styleAt(map, { x: 0, y: 0 })]).toEqual([0, 0]);
  expect([...styleAt(map, { x: 1, y: 1 })]).toEqual([1, 2]);
  expect(cellAt(map, { x: 1, y: 1 })).toBe(5);
});

it('interpolates between cells', () => {
  expect([...styleAt(map, { x: 0.5, y: 0.5 })]).toEqual([0.5, 1]);
  const [down, right] = styleAt(map, { x: 1 / 3, y: 0.25 });
  expect(down).toBeCloseTo(0);
  expect(right).toBeCloseTo(0.5);
});

it('is a single cell too', () => {
  const one = { ...map, rows: 1, columns: 1, vectors: [[4, 5]] };
  expect([...styleAt(one, { x: 0.9, y: 0.2 })]).toEqual([4, 5]);
});

it('finds the cell of a style', () => {
  expect(nearestCell(map, [0.9, 1.8])).toBe(5);
});

it('surprises with what is far from the last style and was not shown', () => {
  const drawn = [0, 0.4, 0.99].map((random) => surprisingCell(map, [0, 0], [], random));
  expect(drawn.sort()).toEqual([2, 4, 5]);
  expect(surprisingCell(map, [0, 0], [5, 2], 0.5)).toBe(4);
  expect(surprisingCell(map, [0, 0], [0, 1, 2, 3, 4, 5], 0.5)).toBe(0);
});
