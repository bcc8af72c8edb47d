/**
 * Corrections of a photo's mask by hand: what a brush has added and taken away, over what the network found. Every state
 * is kept, so that a painting that was made with one can be gone back to.
 */
import type { Share } from './lay';

const LONGEST = 512; // cells along the longer side: a brush is coarser than that
const FULL = 100; // in a cell: 100 is a person for sure, -100 is nobody, 0 as the network found

/** A place on the picture, both numbers in [0,1]. */
export interface Place {
  x: number;
  y: number;
}

export interface Brush {
  /** Of the picture's longer side. */
  radius: number;
  adds: boolean;
}

export class Corrections {
  readonly #width: number;
  readonly #height: number;
  /** By their numbers; 0 is without corrections. */
  readonly #states: { cells: Int8Array; before: number }[];
  #current = 0;

  /** For a picture of that size. */
  constructor({ width, height }: { width: number; height: number }) {
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    this.#width = Math.max(1, Math.round(width * scale));
    this.#height = Math.max(1, Math.round(height * scale));
    this.#states = [{ cells: new Int8Array(this.#width * this.#height), before: 0 }];
  }

  /** The number of the state that is seen. */
  get current(): number {
    return this.#current;
  }

  /** Goes to a state, where there is one of that number. */
  goTo(state: number): void {
    if (this.#states[state]) this.#current = state;
  }

  /** The state before the last stroke. */
  undo(): void {
    this.#current = this.#states[this.#current]?.before ?? 0;
  }

  /** Begins a stroke: a state of its own. */
  begin(): void {
    this.#states.push({ cells: this.#cells.slice(), before: this.#current });
    this.#current = this.#states.length - 1;
  }

  /** Draws a line of the stroke that was begun. */
  draw(from: Place, to: Place, { radius, adds }: Brush): void {
    const [wide, high] = [this.#width, this.#height];
    const reach = Math.max(0.5, radius * Math.max(wide, high));
    const [startX, startY, endX, endY] = [from.x * wide, from.y * high, to.x * wide, to.y * high];
    const value = adds ? FULL : -FULL;
    for (let y = first(startY, endY, reach); y < last(startY, endY, reach, high); y++) {
      for (let x = first(startX, endX, reach); x < last(startX, endX, reach, wide); x++) {
        const away = distance(x + 0.5, y + 0.5, startX, startY, endX, endY);
        if (away <= reach) this.#cells[y * wide + x] = value;
      }
    }
  }

  /** The mask of a picture of that size with a state's corrections; their edges are soft. */
  over(found: Share, size: { width: number; height: number }, state = this.#current): Share {
    const cells = this.#states[state]?.cells;
    if (!cells || state === 0) return found;
    const [wide, high] = [this.#width / size.width, this.#height / size.height];
    return (x, y) => {
      const change = this.#between(cells, (x + 0.5) * wide - 0.5, (y + 0.5) * high - 0.5) / FULL;
      const share = found(x, y);
      return change > 0 ? share + (1 - share) * change : share * (1 + change);
    };
  }

  get #cells(): Int8Array {
    return (this.#states[this.#current] as { cells: Int8Array }).cells;
  }

  /** Bilinear between cells' middles, the border's cells beyond it. */
  #between(cells: Int8Array, x: number, y: number): number {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const at = (column: number, row: number) =>
      cells[inside(row, this.#height) * this.#width + inside(column, this.#width)] as number;
    const upper = at(left, top) + (x - left) * (at(left + 1, top) - at(left, top));
    const lower = at(left, top + 1) + (x - left) * (at(left + 1, top + 1) - at(left, top + 1));
    return upper + (y - top) * (lower - upper);
  }
}

function first(start: number, end: number, reach: number): number {
  return Math.max(0, Math.floor(Math.min(start, end) - reach));
}

function last(start: number, end: number, reach: number, length: number): number {
  return Math.min(length, Math.ceil(Math.max(start, end) + reach));
}

function inside(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}

/** From a point to a line's nearest. */
function distance(x: number, y: number, startX: number, startY: number, endX: number, endY: number): number {
  const [wide, high] = [endX - startX, endY - startY];
  const square = wide * wide + high * high;
  const along = square === 0 ? 0 : ((x - startX) * wide + (y - startY) * high) / square;
  const on = Math.min(1, Math.max(0, along));
  return Math.hypot(x - startX - on * wide, y - startY - on * high);
}
