/**
 * Model files: fetched, checked against their manifest, kept in Cache Storage by hash.
 * TensorFlow.js itself checks nothing, and a "not found" page read as weights paints garbage;
 * so it is only ever handed bytes that passed here.
 */
import { EngineError } from './errors';
import { sha256 } from './sha256';

export interface ManifestPort {
  name: string;
  /** The name the graph executes by, e.g. "photo:0". */
  tensor: string;
}

export interface ManifestFile {
  path: string;
  bytes: number;
  sha256: string;
}

/** What the engine reads of a manifest.json. */
export interface Manifest {
  name: string;
  style_space: string;
  inputs: ManifestPort[];
  outputs: ManifestPort[];
  files: ManifestFile[];
  /** [100]; the transformer's only. */
  photo_mean_vector?: number[];
}

export interface ModelFiles {
  manifest: Manifest;
  /** Checked contents by path. */
  contents: Map<string, Uint8Array<ArrayBuffer>>;
}

const CACHE = 'nocturne-models';
const RETRY_DELAYS = [300, 1200]; // ms; a network that fails three times in a row is down

/**
 * Fetches a model and checks every byte of it.
 * folder: absolute address of the models' folder, with a slash at the end; onProgress: 0..1 by bytes.
 * Throws EngineError 'model-missing' or 'model-altered'.
 */
export async function fetchModel(
  folder: string,
  name: string,
  onProgress: (fraction: number) => void,
): Promise<ModelFiles> {
  const base = new URL(`${name}/`, folder);
  const manifest = await fetchManifest(base, name);
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  let received = 0;
  const onBytes = (count: number) => {
    received += count;
    onProgress(Math.min(1, Math.max(0, received / total)));
  };
  const contents = await Promise.all(manifest.files.map((file) => obtain(base, name, file, onBytes)));
  await forgetOldVersions(name, manifest);
  return {
    manifest,
    contents: new Map(manifest.files.map((file, i) => [file.path, contents[i] ?? empty()])),
  };
}

async function fetchManifest(base: URL, name: string): Promise<Manifest> {
  // 'no-cache' asks the server whether it changed, so that a new model replaces an old one at once.
  const response = await fetchOk(new URL('manifest.json', base), { cache: 'no-cache' });
  return parseManifest(await response.text(), name);
}

/** Reads a manifest. Throws EngineError 'model-missing' when it is none, e.g. a page for "not found". */
export function parseManifest(text: string, name: string): Manifest {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch (cause) {
    throw new EngineError('model-missing', `There is no manifest of the model ${name}.`, { cause });
  }
  const { files, inputs, outputs, style_space } = manifest;
  const whole = files?.length && inputs?.length && outputs?.length && typeof style_space === 'string';
  if (!whole || !files.every(isFileEntry)) {
    throw new EngineError('model-altered', `The manifest of the model ${name} is incomplete.`);
  }
  return { ...(manifest as Manifest), name };
}

function isFileEntry(file: Partial<ManifestFile>): boolean {
  // A path may not leave the model's folder.
  const inside = typeof file.path === 'string' && /^[\w][\w.-]*$/.test(file.path);
  return inside && Number.isInteger(file.bytes) && /^[0-9a-f]{64}$/.test(file.sha256 ?? '');
}

/** A file from the cache or the network, checked. A bad cache entry is removed and fetched anew. */
async function obtain(
  base: URL,
  name: string,
  file: ManifestFile,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const cache = await openCache();
  const key = cacheKey(name, file.sha256);
  const kept = await cache?.match(key);
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if ((await faultOf(file, bytes)) === undefined) {
      onBytes(bytes.length);
      return bytes;
    }
    await cache?.delete(key);
  }
  const bytes = await download(new URL(file.path, base), file, onBytes);
  // A full disk or a private window only costs the next visit a download.
  await cache?.put(key, new Response(bytes)).catch(() => undefined);
  return bytes;
}

/** Downloads and checks; a wrong file is asked for once more, past the browser's own cache. */
async function download(
  url: URL,
  file: ManifestFile,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  let fault = '';
  for (const cache of ['default', 'reload'] as const) {
    let received = 0;
    const bytes = await readAll(await fetchOk(url, { cache }), (count) => {
      received += count;
      onBytes(count);
    });
    fault = (await faultOf(file, bytes)) ?? '';
    if (!fault) return bytes;
    onBytes(-received);
  }
  throw new EngineError('model-altered', `${fault} (${url.pathname}).`);
}

/** What is wrong with a file, or undefined. */
export async function faultOf(
  file: ManifestFile,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string | undefined> {
  if (bytes.length !== file.bytes) {
    return `The model file has ${bytes.length} bytes instead of ${file.bytes}`;
  }
  return (await sha256(bytes)) === file.sha256 ? undefined : 'The model file is not the published one';
}

/** A response that is a file. Retries what may pass; throws 'model-missing' for what will not. */
async function fetchOk(url: URL, init: RequestInit): Promise<Response> {
  for (const delay of [...RETRY_DELAYS, undefined]) {
    const response = await fetch(url, init).catch(() => undefined);
    if (response?.ok && !isWebPage(response)) return response;
    const lasting = response && response.status < 500; // "not found" stays not found
    if (lasting || delay === undefined) break;
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
  throw new EngineError('model-missing', `The model file ${url.pathname} cannot be fetched.`);
}

/** Hosts that answer every address with a page do so with status 200. */
function isWebPage(response: Response): boolean {
  return /^text\/html/i.test(response.headers.get('content-type') ?? '');
}

async function readAll(
  response: Response,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      onBytes(part.value.length);
    }
  } catch {
    // The connection broke: what arrived is too short, and the check says so.
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Undefined on plain http and in windows that allow no storage. */
async function openCache(): Promise<Cache | undefined> {
  const storage = (globalThis as { caches?: CacheStorage }).caches;
  return storage?.open(CACHE).catch(() => undefined);
}

function cacheKey(name: string, hash: string): string {
  return `/${CACHE}/${name}/${hash}`;
}

/** Drops cached files of the model that its manifest no longer names. */
async function forgetOldVersions(name: string, manifest: Manifest): Promise<void> {
  const cache = await openCache();
  const current = new Set(manifest.files.map((file) => cacheKey(name, file.sha256)));
  const prefix = cacheKey(name, '');
  for (const request of (await cache?.keys()) ?? []) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(prefix) && !current.has(pathname)) await cache?.delete(request);
  }
}

function empty(): Uint8Array<ArrayBuffer> {
  return new Uint8Array();
}
