/**
 * The map of styles: a Kohonen map (training/style/som.py) with the vector of a style in each cell, neighbours alike.
 * Between the cells it is interpolated. Published by converter/map.py as styles/map.json.
 */
import type { LocalName } from '../../i18n';

export interface StyleMap {
  style_space: string;
  rows: number;
  columns: number;
  /** Of each cell, row by row from the top left, [100]. */
  vectors: number[][];
  /** The gallery's styles nearest to each cell, the nearest first. */
  places: { id: string; name: LocalName }[][];
  /** A picture with a painted swatch for each cell, in the same order. */
  swatches: string;
}

/** The map's file could not be fetched. */
export class MapMissing extends Error {}

/** A point of the map: x to the right and y downwards, both in [0,1], from edge to edge. */
export interface Point {
  x: number;
  y: number;
}

/** The style at a point: bilinear between the middles of cells. */
export function styleAt({ rows, columns, vectors }: StyleMap, { x, y }: Point): Float32Array {
  const [across, down] = [between(x, columns), between(y, rows)];
  const cells = down.flatMap((row) =>
    across.map((column) => ({
      vector: vectors[row.index * columns + column.index] ?? [],
      share: row.share * column.share,
    })),
  );
  return Float32Array.from(vectors[0] ?? [], (_, i) =>
    cells.reduce((sum, { vector, share }) => sum + share * (vector[i] ?? 0), 0),
  );
}

/** The two cells of a row of `count` that a place in [0,1] lies between, with the share of each. */
function between(place: number, count: number): { index: number; share: number }[] {
  const at = Math.min(count - 1, Math.max(0, place * count - 0.5));
  const first = Math.min(Math.floor(at), Math.max(0, count - 2));
  const next = Math.min(first + 1, count - 1);
  return [
    { index: first, share: 1 - (at - first) },
    { index: next, share: at - first },
  ];
}

/** The cell in which a point lies, as an index. */
export function cellAt({ rows, columns }: StyleMap, { x, y }: Point): number {
  const [row, column] = [Math.floor(y * rows), Math.floor(x * columns)];
  return Math.min(rows - 1, row) * columns + Math.min(columns - 1, column);
}

/** The middle of a cell. */
export function middleOf({ rows, columns }: StyleMap, cell: number): Point {
  return { x: ((cell % columns) + 0.5) / columns, y: (Math.floor(cell / columns) + 0.5) / rows };
}

/** The cell whose style is nearest to a vector. */
export function nearestCell({ vectors }: StyleMap, vector: ArrayLike<number>): number {
  const distances = vectors.map((each) => distance(each, vector));
  return distances.indexOf(Math.min(...distances));
}

/** A cell of those farther from `vector` than half of them are, that is not among `shown`; `random` in [0,1). */
export function surprisingCell(
  { vectors }: StyleMap,
  vector: ArrayLike<number>,
  shown: readonly number[],
  random: number,
): number {
  const farthest = vectors
    .map((each, cell) => ({ cell, far: distance(each, vector) }))
    .sort((one, other) => other.far - one.far)
    .slice(0, Math.ceil(vectors.length / 2))
    .filter(({ cell }) => !shown.includes(cell));
  return farthest[Math.floor(random * farthest.length)]?.cell ?? 0;
}

function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return Math.sqrt(Array.from(one).reduce((sum, number, i) => sum + (number - (other[i] ?? 0)) ** 2, 0));
}
