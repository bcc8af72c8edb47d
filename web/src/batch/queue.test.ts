import { expect, it } from 'vitest';
import { Queue } from './queue';
import { withNamesOfTheirOwn } from './zip';

const never = new AbortController().signal;

/** A queue of numbers that are doubled; 13 cannot be. */
function doubling() {
  const told: string[] = [];
  let running = 0;
  let most = 0;
  const queue = new Queue<number, number>(
    async (item) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (item === 13) throw new Error('unlucky');
      return 2 * item;
    },
    (item, state) => told.push(`${item} ${state}`),
  );
  return { queue, told, most: () => most };
}

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of results) found.push(each);
  return found;
}

it('works through all, one at a time', async () => {
  const { queue, told, most } = doubling();
  expect(await all(queue.run([1, 2], never))).toEqual([2, 4]);
  expect(told).toEqual(['1 waiting', '2 waiting', '1 working', '1 done', '2 working', '2 done']);
  expect(most()).toBe(1);
});

it('goes on after one that is broken', async () => {
  const { queue, told } = doubling();
  expect(await all(queue.run([1, 13, 3], never))).toEqual([2, 6]);
  expect(told).toContain('13 failed');
});

it('begins no other while it is paused, and goes on where it was', async () => {
  const { queue, told } = doubling();
  const results = queue.run([1, 2], never);
  expect((await results.next()).value).toBe(2);
  queue.pause();
  const second = results.next();
  await new Promise((resolve) => setTimeout(resolve));
  expect(queue.isPaused).toBe(true);
  expect(told).not.toContain('2 working');
  queue.resume();
  expect((await second).value).toBe(4);
});

it('ends at once when it is stopped, also while it is paused', async () => {
  const { queue } = doubling();
  const stop = new AbortController();
  const results = queue.run([1, 2], stop.signal);
  await results.next();
  queue.pause();
  const second = results.next();
  stop.abort();
  await expect(second).rejects.toThrow();
});

it('numbers files of one name, whatever the case', async () => {
  async function* files() {
    for (const name of ['a.jpg', 'A.jpg', 'b.jpg', 'a.jpg']) yield await Promise.resolve(new File([], name));
  }
  const names = (await all(withNamesOfTheirOwn(files()))).map(({ name }) => name);
  expect(names).toEqual(['a.jpg', 'A (2).jpg', 'b.jpg', 'a (3).jpg']);
});
