// Model files: only what the manifest describes reaches TensorFlow.js.
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchModel, parseManifest } from '../src/engine/models';

const FOLDER = 'http://localhost/models/';
const WEIGHTS = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
const entry = (path: string, bytes: Uint8Array) => ({
  path,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
const MANIFEST = {
  name: 'style-predictor',
  style_space: 'space',
  inputs: [{ name: 'style', tensor: 'style:0' }],
  outputs: [{ name: 'vector', tensor: 'Identity:0' }],
  files: [entry('weights.bin', WEIGHTS)],
};

type Answer = () => Response | Promise<Response>;
const page = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
const FAULTS: Record<string, Answer> = {
  'a file that is not there': () => new Response('', { status: 404 }),
  'a server that fails': () => new Response('', { status: 503 }),
  'no answer': () => Promise.reject(new TypeError('offline')),
  'a page': page,
  'a truncated file': () => new Response(WEIGHTS.slice(0, 4999)),
  'an altered file': () => new Response(WEIGHTS.map((byte, i) => (i === 9 ? byte ^ 1 : byte))),
  'another file': () => new Response(WEIGHTS.slice().reverse()),
};
let site: Record<string, Answer>;
let asked: string[];
let pauses: number[]; // ms

/** Cache Storage, as far as it is used. */
class MemoryCache {
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();
  match(key: string, { ignoreSearch = false } = {}) {
    const same = (each: string) => each === key || (ignoreSearch && each.split('?')[0] === key);
    const bytes = this.kept.get([...this.kept.keys()].find(same) ?? '');
    return Promise.resolve(bytes && new Response(bytes));
  }
  async put(key: string, response: Response) {
    this.kept.set(key, new Uint8Array(await response.arrayBuffer()));
  }
  delete(key: string) {
    return Promise.resolve(this.kept.delete(key));
  }
}
let cache: MemoryCache;

beforeEach(() => {
  vi.unstubAllGlobals();
  asked = [];
  pauses = [];
  cache = new MemoryCache();
  site = {
    'manifest.json': () => Response.json(MANIFEST),
    'weights.bin': () => new Response(WEIGHTS),
  };
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) });
  vi.stubGlobal('fetch', (url: URL) => {
    const file = url.pathname.split('/').at(-1) ?? '';
    asked.push(file);
    return Promise.resolve((site[file] ?? (() => new Response('gone', { status: 404 })))());
  });
  vi.stubGlobal('setTimeout', (callback: () => void, ms: number) => {
    if (ms > 10_000) return; // a stalled download is waited for much longer than any test takes
    pauses.push(ms);
    queueMicrotask(callback); // no waiting between retries
  });
});

const load = (onProgress: (fraction: number) => void = () => undefined) =>
  fetchModel(FOLDER, 'style-predictor', onProgress);

describe('a published model', () => {
  test('is fetched whole, with progress to 1', async () => {
    const seen: number[] = [];
    const { contents } = await load((fraction) => void seen.push(fraction));
    expect(contents.get('weights.bin')).toEqual(WEIGHTS);
    expect(seen.at(-1)).toBe(1);
  });

  test('comes from the cache the second time', async () => {
    await load();
    await load();
    expect(asked).toEqual(['manifest.json', 'weights.bin', 'manifest.json']);
  });

  test('is fetched without any cache where the browser has none', async () => {
    vi.stubGlobal('caches', undefined);
    expect((await load()).contents.get('weights.bin')).toEqual(WEIGHTS);
  });

  test('is kept under its hash, beside its older version', async () => {
    const older = `${FOLDER}style-predictor/weights.bin?sha256=0000`;
    cache.kept.set(older, WEIGHTS.slice(1));
    expect((await load()).contents.get('weights.bin')).toEqual(WEIGHTS);
    expect([...cache.kept.keys()]).toEqual([
      older,
      `${FOLDER}style-predictor/weights.bin?sha256=${entry('', WEIGHTS).sha256}`,
    ]);
  });

  test('is read by the manifest that was kept where the network has none', async () => {
    await load();
    const manifest = new TextEncoder().encode(JSON.stringify(MANIFEST));
    cache.kept.set(`${FOLDER}style-predictor/manifest.json?sha256=00`, manifest);
    site = {};
    expect((await load()).contents.get('weights.bin')).toEqual(WEIGHTS);
  });

  test('is fetched anew when its cache entry went bad', async () => {
    await load();
    for (const key of cache.kept.keys()) cache.kept.set(key, WEIGHTS.slice(1));
    expect((await load()).contents.get('weights.bin')).toEqual(WEIGHTS);
    expect([...cache.kept.values()]).toEqual([WEIGHTS]);
  });

  test.each(Object.entries(FAULTS))('is asked for again, three times, after %s', async (_, fault) => {
    let calls = 0;
    site['weights.bin'] = () => (calls++ < 3 ? fault() : new Response(WEIGHTS));
    expect((await load()).contents.get('weights.bin')).toEqual(WEIGHTS);
    expect(pauses).toHaveLength(3);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b)); // ever longer
  });

  test('is not asked for again where there is no network at all', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    site['weights.bin'] = () => Promise.reject(new TypeError('offline'));
    await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
    expect(pauses).toEqual([]);
  });

  test('never makes the progress exceed the whole, however often it is asked for', async () => {
    let calls = 0;
    site['weights.bin'] = () => new Response(calls++ ? WEIGHTS : WEIGHTS.slice(1));
    const seen: number[] = [];
    await load((fraction) => void seen.push(fraction));
    expect(Math.max(...seen)).toBe(1);
    expect(seen.at(-1)).toBe(1);
  });
});

describe('refused is', () => {
  const MISSING = ['a file that is not there', 'a server that fails', 'no answer', 'a page'];

  test.each(Object.entries(FAULTS))('%s', async (name, fault) => {
    site['weights.bin'] = fault;
    const code = MISSING.includes(name) ? 'model-missing' : 'model-altered';
    await expect(load()).rejects.toMatchObject({ code });
    expect(cache.kept.size).toBe(0);
    expect(asked.filter((file) => file === 'weights.bin')).toHaveLength(4);
  });

  test('an endless file, without reading on', async () => {
    let sent = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(stream) {
            sent += 1;
            stream.enqueue(WEIGHTS);
          },
        }),
      );
    site['weights.bin'] = endless;
    await expect(load()).rejects.toMatchObject({ code: 'model-altered' });
    expect(sent).toBeLessThan(20);
  });

  test('a model without a manifest', async () => {
    delete site['manifest.json'];
    await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
  });

  test.each([
    ['no JSON', 'not found', 'model-missing'],
    ['no files', JSON.stringify({ ...MANIFEST, files: [] }), 'model-altered'],
    ['another model’s name', JSON.stringify({ ...MANIFEST, name: 'style-transformer' }), 'model-altered'],
    ['nothing', 'null', 'model-altered'],
    ['no style space', JSON.stringify({ ...MANIFEST, style_space: undefined }), 'model-altered'],
    [
      'a path out of its folder',
      JSON.stringify({ ...MANIFEST, files: [entry('../x', WEIGHTS)] }),
      'model-altered',
    ],
    [
      'a file without a hash',
      JSON.stringify({ ...MANIFEST, files: [{ path: 'x', bytes: 3 }] }),
      'model-altered',
    ],
  ])('a manifest with %s', (_, text, code) => {
    expect(() => parseManifest(text, 'style-predictor')).toThrowError(
      expect.objectContaining({ code }) as Error,
    );
  });
});
