// The benchmark of WebGPU beside what runs, with workers that take as long as a test says.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineError } from '../src/engine/errors';
import type { Request } from '../src/engine/protocol';
import { BackendBenchmark, distrust, recall } from '../src/engine/backend-benchmark';

const SOON = 10_000; // ms; longer than any rest
const present = { backend: 'webgl', models: '' } as const;
let ms: Record<string, number>; // a painting, by backend
let started: string[];
let open: number;
let isSlow: boolean;

vi.mock('../src/engine/link', () => ({
  WORKER: 'worker-1.js',
  WorkerLink: class {
    private backend = '';
    private stop: () => void = () => undefined;
    constructor() {
      open += 1;
    }
    async ask(request: Request) {
      if (request.kind === 'start') started.push((this.backend = request.options.backend ?? ''));
      if (!(this.backend in ms)) throw new EngineError('backend-failed', 'It does not start.');
      if (isSlow)
        await new Promise((_, reject) => {
          this.stop = () => {
            reject(new EngineError('cancelled', 'Stopped.'));
          };
        });
      return { value: {}, ms: ms[this.backend] };
    }
    close() {
      open -= 1;
      this.stop();
      this.close = () => undefined;
    }
  },
}));

beforeEach(() => {
  vi.useFakeTimers();
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('ImageData', vi.fn());
  stubBrowser('Browser 1', false);
  [ms, started, open, isSlow] = [{ webgl: 100, webgpu: 50 }, [], 0, false];
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function stubBrowser(userAgent: string, isFallbackAdapter: boolean): void {
  const gpu = { requestAdapter: () => Promise.resolve({ info: { isFallbackAdapter } }) };
  vi.stubGlobal('navigator', { userAgent, gpu });
}

async function measured(benchmark = new BackendBenchmark()): Promise<void> {
  benchmark.soon(present);
  await vi.advanceTimersByTimeAsync(SOON);
}

test.each([
  ['twice as fast', { webgl: 100, webgpu: 50 }, 'webgpu'],
  ['faster by no more than chance', { webgl: 100, webgpu: 90 }, undefined],
  ['slower', { webgl: 100, webgpu: 200 }, undefined],
  ['unable to start', { webgl: 100 }, undefined],
])('WebGPU that is %s', async (_, times, winner) => {
  ms = times;
  await measured();
  expect(recall()).toBe(winner);
  expect(open).toBe(0);
});

test('is measured once, and again with the next version of the browser', async () => {
  await measured();
  await measured();
  expect(started).toEqual(['webgl', 'webgpu']);
  stubBrowser('Browser 2', false);
  expect(recall()).toBeUndefined();
  await measured();
  expect(started).toHaveLength(4);
});

test('a winner that failed is not chosen again, nor measured', async () => {
  await measured();
  distrust();
  await measured();
  expect(recall()).toBeUndefined();
  expect(started).toHaveLength(2);
});

test('a visitor who wants something stops it, and nothing is remembered', async () => {
  isSlow = true;
  const benchmark = new BackendBenchmark();
  await measured(benchmark);
  expect(open).toBe(1);
  benchmark.stop();
  await vi.advanceTimersByTimeAsync(SOON);
  expect(open).toBe(0);
  expect(started).toEqual(['webgl']);
  isSlow = false;
  await measured(benchmark);
  expect(recall()).toBe('webgpu');
});

test('does not begin while the page is hidden, nor before it rests', async () => {
  vi.stubGlobal('document', { visibilityState: 'hidden' });
  await measured();
  vi.stubGlobal('document', { visibilityState: 'visible' });
  new BackendBenchmark().soon(present);
  await vi.advanceTimersByTimeAsync(1000);
  expect(started).toEqual([]);
});

test('software WebGPU is no challenger', async () => {
  stubBrowser('Browser 1', true);
  await measured();
  expect(started).toEqual([]);
});
