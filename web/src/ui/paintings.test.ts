import { expect, it, vi } from 'vitest';
import type { Effect } from '../effects';
import type { Photo } from '../effects/effect';
import { Paintings, type Painting } from './paintings';

const picture = { width: 1, height: 1 } as ImageData;
const photo: Photo = { name: 'a', full: picture, preview: picture };
const oil: Effect = { kind: 'style', id: 'oil', name: 'Oil' };

/** A painting as a bitmap; its `close` is watched. */
const settings = { strokeSize: 1 };

function painting(strength: number, effect: Effect = oil): Painting & { close: () => void } {
  const close = vi.fn();
  const pixels = { width: 1, height: 1, close } as ImageBitmap;
  const request = { photo, effect, strength, settings, goal: 'full' as const };
  return { pixels, photoName: 'a', styleName: 'Oil', request, close };
}

function kept(...paintings: Painting[]): Paintings {
  const all = new Paintings();
  for (const each of paintings) all.keep(each);
  return all;
}

it('fades the full painting into the photo by the slider’s share', () => {
  const full = painting(100);
  expect(kept(full).fadeOf({ photo, effect: oil, strength: 30, settings })).toEqual({
    picture: full.pixels,
    share: 0.3,
  });
});

it('still has the full painting once a weaker one was painted', () => {
  const [full, half] = [painting(100), painting(50)];
  const paintings = kept(full, half);
  expect(paintings.current).toBe(half);
  expect(paintings.fadeOf({ photo, effect: oil, strength: 80, settings })?.picture).toBe(full.pixels);
  expect(full.close).not.toHaveBeenCalled();
});

it('has nothing to fade for another style, photo or stroke size, or a greater strength', () => {
  const paintings = kept(painting(50));
  const another: Photo = { ...photo };
  expect(paintings.fadeOf({ photo, effect: { ...oil }, strength: 10, settings })).toBeUndefined();
  expect(paintings.fadeOf({ photo: another, effect: oil, strength: 10, settings })).toBeUndefined();
  expect(paintings.fadeOf({ photo, effect: oil, strength: 60, settings })).toBeUndefined();
  const larger = { strokeSize: 2 };
  expect(paintings.fadeOf({ photo, effect: oil, strength: 10, settings: larger })).toBeUndefined();
});

it('has nothing to fade where only the photo itself was asked for', () => {
  expect(kept(painting(0)).fadeOf({ photo, effect: oil, strength: 0, settings })).toBeUndefined();
});

it('releases each bitmap once it is neither shown nor the strongest', () => {
  const [full, half, quarter, other] = [painting(100), painting(50), painting(25), painting(100, { ...oil })];
  const paintings = kept(full, half, quarter);
  expect(half.close).toHaveBeenCalledOnce();
  paintings.keep(other);
  expect(full.close).toHaveBeenCalledOnce();
  expect(quarter.close).toHaveBeenCalledOnce();
  paintings.keep(undefined);
  expect(other.close).toHaveBeenCalledOnce();
  expect(paintings.current).toBeUndefined();
});
