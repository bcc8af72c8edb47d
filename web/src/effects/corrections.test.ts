/** A brush adds to the mask and takes from it, softly at its edge, at any size of the picture; every state comes back. */
import { expect, it } from 'vitest';
import { Corrections } from './corrections';

const size = { width: 100, height: 50 };
const half = () => 0.5;
const brush = (adds: boolean) => ({ radius: 0.1, adds });
const middle = { x: 0.5, y: 0.5 };

it('adds and takes away within its reach and leaves the rest as it was found', () => {
  const corrections = new Corrections(size);
  corrections.begin();
  corrections.draw(middle, middle, brush(true));
  const added = corrections.over(half, size);
  expect([added(50, 25), added(57, 25), added(63, 25), added(5, 5)]).toEqual([1, 1, 0.5, 0.5]);
  corrections.begin();
  corrections.draw(middle, middle, brush(false));
  expect(corrections.over(half, size)(50, 25)).toBe(0);
});

it('draws lines without gaps', () => {
  const corrections = new Corrections(size);
  corrections.begin();
  corrections.draw({ x: 0.1, y: 0.2 }, { x: 0.9, y: 0.8 }, { radius: 0.02, adds: true });
  const mask = corrections.over(() => 0, size);
  for (let x = 12; x < 88; x++) expect(mask(x, Math.round(10 + ((x - 10) / 80) * 30))).toBeGreaterThan(0.5);
});

it('is the same on a larger picture, with a soft edge', () => {
  const corrections = new Corrections(size);
  corrections.begin();
  corrections.draw(middle, middle, brush(true));
  const large = corrections.over(() => 0, { width: 1000, height: 500 });
  expect([large(500, 250), large(300, 250)]).toEqual([1, 0]);
  const edge = Array.from({ length: 40 }, (_, i) => large(580 + i, 250));
  expect(edge.filter((share) => share > 0.05 && share < 0.95).length).toBeGreaterThan(5);
});

it('goes back stroke by stroke, and to any state by its number', () => {
  const corrections = new Corrections(size);
  corrections.begin();
  corrections.draw(middle, middle, brush(true));
  const first = corrections.current;
  corrections.begin();
  corrections.draw({ x: 0.1, y: 0.1 }, { x: 0.1, y: 0.1 }, brush(true));
  const second = corrections.current;
  corrections.undo();
  expect(corrections.current).toBe(first);
  corrections.begin();
  expect(corrections.current).not.toBe(second);
  corrections.goTo(second);
  expect(corrections.over(() => 0, size)(10, 5)).toBe(1);
  corrections.goTo(99);
  expect(corrections.current).toBe(second);
  corrections.goTo(0);
  expect(corrections.over(half, size)).toBe(half);
  corrections.undo();
  expect(corrections.current).toBe(0);
});

it('has fewer cells than a large photo has pixels', () => {
  const corrections = new Corrections({ width: 8000, height: 6000 });
  corrections.begin();
  corrections.draw(middle, middle, brush(true));
  expect(corrections.over(() => 0, { width: 8000, height: 6000 })(4000, 3000)).toBe(1);
});
