/** The engine is started once, and again only where it failed or was stopped. */
import { expect, it } from 'vitest';
import { EngineError, type CallOptions, type EngineClient, type EngineInfo } from '../engine/client';
import { startOnce } from './starter';

const INFO: EngineInfo = { backend: 'wasm', label: '', styleSpace: '' };

/** An engine whose start ends as the test says, and what it told the page. */
function engine() {
  const starts: { succeed: () => void; fail: (error: Error) => void }[] = [];
  const told: string[] = [];
  const client = {
    start: (_: unknown, call: CallOptions) =>
      new Promise((resolve, reject) => {
        call.signal?.addEventListener('abort', () => {
          reject(new EngineError('cancelled', ''));
        });
        starts.push({
          succeed: () => {
            resolve(INFO);
          },
          fail: reject,
        });
      }),
  } as unknown as EngineClient;
  const started = startOnce(
    client,
    {},
    {
      onStarted: () => told.push('started'),
      onFailed: () => told.push('failed'),
      onAbandoned: () => told.push('abandoned'),
    },
  );
  return { started, starts, told };
}

const outcome = (start: Promise<unknown>) =>
  start.then(
    () => 'ready',
    (error: EngineError) => error.code,
  );

it('starts once for all who wait', async () => {
  const { started, starts, told } = engine();
  const waiting = [started.ready(() => undefined), started.ready(() => undefined)];
  starts[0]?.succeed();
  expect(await Promise.all(waiting)).toEqual([INFO, INFO]);
  expect(starts).toHaveLength(1);
  expect(told).toEqual(['started']);
});

it('starts anew after a failure and after it was stopped', async () => {
  const { started, starts, told } = engine();
  const failed = outcome(started.ready(() => undefined));
  starts[0]?.fail(new EngineError('model-missing', ''));
  expect(await failed).toBe('model-missing');
  const stopped = outcome(started.ready(() => undefined));
  started.abandon();
  const anew = started.ready(() => undefined); // before the stopped start has ended
  expect(await stopped).toBe('cancelled');
  starts[2]?.succeed();
  expect(await anew).toEqual(INFO);
  expect(told).toEqual(['failed', 'abandoned', 'started']);
});

it('is not stopped once it has started', async () => {
  const { started, starts, told } = engine();
  const ready = started.ready(() => undefined);
  starts[0]?.succeed();
  await ready;
  started.abandon();
  await started.ready(() => undefined);
  expect(starts).toHaveLength(1);
  expect(told).toEqual(['started']);
});
