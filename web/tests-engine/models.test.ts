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
  style_space: 'space',
  inputs: [{ name: 'style', tensor: 'style:0' }],
  outputs: [{ name: 'vector', tensor: 'Identity:0' }],
  files: [entry('weights.bin', WEIGHTS)],
};

type Answer = () => Response | Promise<Response>;
let site: Record<string, Answer>;
let asked: string[];

/** Cache Storage, as far as it is used. */
class MemoryCache {
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();
  match(key: string) {
    const bytes = this.kept.get(key);
    return Promise.resolve(bytes && new Response(bytes));
  }
  async put(key: string, response: Response) {
    this.kept.set(key, new Uint8Array(await response.arrayBuffer()));
  }
  delete(key: string | { url: string }) {
    return Promise.resolve(this.kept.delete(typeof key === 'string' ? key : new URL(key.url).pathname));
  }
  keys() {
    return Promise.resolve([...this.kept.keys()].map((key) => ({ url: `http://localhost${key}` })));
  }
}
let cache: MemoryCache;

beforeEach(() => {
  asked = [];
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
  vi.stubGlobal('setTimeout', (callback: () => void) => queueMicrotask(callback)); // no waiting between retries
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

  test('replaces its older version in the cache', async () => {
    cache.kept.set('/nocturne-models/style-predictor/0000', WEIGHTS);
    cache.kept.set('/nocturne-models/style-transformer/0000', WEIGHTS);
    await load();
    expect([...cache.kept.keys()].filter((key) => key.endsWith('0000'))).toEqual([
      '/nocturne-models/style-transformer/0000',
    ]);
  });

  test('is fetched anew when its cache entry went bad', async () => {
    await load();
    for (const key of cache.kept.keys()) cache.kept.set(key, WEIGHTS.slice(1));
    expect((await load()).contents.get('weights.bin')).toEqual(WEIGHTS);
    expect([...cache.kept.values()]).toEqual([WEIGHTS]);
  });

  test('is asked for again when the network fails once', async () => {
    let calls = 0;
    site['weights.bin'] = () => (calls++ ? new Response(WEIGHTS) : Promise.reject(new TypeError('offline')));
    expect((await load()).contents.get('weights.bin')).toEqual(WEIGHTS);
  });
});

describe('refused is', () => {
  const page = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });

  test.each([
    ['a file that is not there', () => new Response('', { status: 404 }), 'model-missing'],
    ['a server that fails', () => new Response('', { status: 503 }), 'model-missing'],
    ['a page instead of the weights', page, 'model-missing'],
    ['a truncated file', () => new Response(WEIGHTS.slice(0, 4999)), 'model-altered'],
    [
      'an altered file',
      () => new Response(WEIGHTS.map((byte, i) => (i === 9 ? byte ^ 1 : byte))),
      'model-altered',
    ],
  ])('%s', async (_, answer, code) => {
    site['weights.bin'] = answer;
    await expect(load()).rejects.toMatchObject({ code });
    expect(cache.kept.size).toBe(0);
  });

  test('a model without a manifest', async () => {
    delete site['manifest.json'];
    await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
  });

  test.each([
    ['no JSON', 'not found', 'model-missing'],
    ['no files', JSON.stringify({ ...MANIFEST, files: [] }), 'model-altered'],
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
    expect(() => parseManifest(text, 'm')).toThrowError(expect.objectContaining({ code }) as Error);
  });
});
