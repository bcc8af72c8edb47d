/** Of two arrivals the later one wins, however slow the earlier one is. */
import { expect, it, vi } from 'vitest';
import { LatestOnly } from './latest-only';

it('drops a slow one that a later one has overtaken', async () => {
  const newest = new LatestOnly<'photo'>();
  const discard = vi.fn();
  let arrive: (picture: string) => void = () => undefined;
  const slow = new Promise<string>((resolve) => (arrive = resolve));
  const sample = newest.of('photo', slow, discard);
  expect(await newest.of('photo', Promise.resolve('own photo'), discard)).toBe('own photo');
  arrive('sample');
  expect(await sample).toBeUndefined();
  expect(discard.mock.calls).toEqual([['sample']]);
});

it('says nothing of a download that fails after it was overtaken or forgotten', async () => {
  const newest = new LatestOnly<'photo'>();
  const sample = newest.of('photo', Promise.reject(new Error('offline')), vi.fn());
  newest.forget();
  expect(newest.waits).toBe(false);
  expect(await sample).toBeUndefined();
});

it('passes the newest one’s error on and waits no more', async () => {
  const newest = new LatestOnly<'photo'>();
  const sample = newest.of('photo', Promise.reject(new Error('offline')), vi.fn());
  expect(newest.waits).toBe(true);
  await expect(sample).rejects.toThrow('offline');
  expect(newest.waits).toBe(false);
});

it('keeps a photo and a style apart', async () => {
  const newest = new LatestOnly<'photo' | 'style'>();
  const photo = newest.of('photo', Promise.resolve(1), vi.fn());
  const style = newest.of('style', Promise.resolve(2), vi.fn());
  expect(await Promise.all([photo, style])).toEqual([1, 2]);
});
