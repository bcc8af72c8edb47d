/**
 * Published files: fetched, checked against the bytes and sha256 they were published with, kept by hash.
 * The engine's models and the service worker's copy of the page both live in the one store described here:
 * a new version of a file never overwrites the old one, and what is kept is never asked for again.
 */
import { EngineError } from './errors';
import { sha256 } from './sha256';

export interface PublishedFile {
  /** Relative to the folder that lists it. */
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Name of the store in Cache Storage. */
export const STORE = 'nocturne';
const RETRY_DELAYS = [250, 750, 2000]; // ms; a file that is wrong four times in a row stays wrong
const STALLED = 30_000; // ms without a byte

/** Undefined on plain http and in windows that allow no storage. */
export async function openStore(): Promise<Cache | undefined> {
  const storage = (globalThis as { caches?: CacheStorage }).caches;
  return storage?.open(STORE).catch(() => undefined);
}

/** Where the store keeps this version of a file. */
export function keyOf(url: URL, file: PublishedFile): string {
  return `${url.origin}${url.pathname}?sha256=${file.sha256}`;
}

/**
 * A file from the store or the network, checked; a bad entry of the store is removed and fetched anew.
 * onBytes hears of bytes as they come, and of a negative count when they have to come again.
 * Throws EngineError 'model-missing' or 'model-altered'.
 */
export async function obtain(
  url: URL,
  file: PublishedFile,
  onBytes: (count: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const store = await openStore();
  const key = keyOf(url, file);
  const kept = await store?.match(key);
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if ((await faultOf(file, bytes)) === undefined) {
      onBytes(bytes.length);
      return bytes;
    }
    await store?.delete(key);
  }
  // After a fault, past the browser's own cache, which may hold the bad answer, and renewing it.
  const { bytes, headers } = await retried((again) =>
    download(url, file, again ? 'reload' : 'default', onBytes),
  );
  // A full disk or a private window only costs the next visit a download.
  await store?.put(key, new Response(bytes, { headers: keptHeaders(headers, bytes) })).catch(() => undefined);
  return bytes;
}

/** What is wrong with a file, or undefined. */
async function faultOf(file: PublishedFile, bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (bytes.length !== file.bytes) return `has ${bytes.length} bytes instead of ${file.bytes}`;
  return (await sha256(bytes)) === file.sha256 ? undefined : 'is not the published one';
}

/** The outcome of the first attempt that succeeds, of four with growing pauses; without a network, of one. */
export async function retried<T>(attempt: (again: boolean) => Promise<T>): Promise<T> {
  let again = false;
  for (const delay of RETRY_DELAYS) {
    try {
      return await attempt(again);
    } catch (error) {
      if ((globalThis.navigator as Navigator | undefined)?.onLine === false) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
    again = true;
  }
  return attempt(again);
}

interface Received {
  bytes: Uint8Array<ArrayBuffer>;
  headers: Headers;
}

async function download(
  url: URL,
  file: PublishedFile,
  cache: RequestCache,
  onBytes: (count: number) => void,
): Promise<Received> {
  let received = 0;
  const stall = new StallGuard();
  try {
    const response = await fetchFound(url, { cache, signal: stall.signal });
    const bytes = await readAll(response, file.bytes, (count) => {
      stall.moved();
      received += count;
      onBytes(count);
    });
    const fault = await faultOf(file, bytes);
    if (fault === undefined) return { bytes, headers: response.headers };
    // Hosts that answer every address with a page do so with status 200.
    throw new EngineError(
      isWebPage(response) ? 'model-missing' : 'model-altered',
      `${url.pathname} ${fault}.`,
    );
  } catch (error) {
    onBytes(-received);
    throw error;
  } finally {
    stall.end();
  }
}

/** A response with status 200. Throws EngineError 'model-missing'. */
export async function fetchFound(url: URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch(() => undefined);
  if (response?.ok) return response;
  const why = response ? `status ${response.status}` : 'no answer';
  throw new EngineError('model-missing', `${url.pathname} cannot be fetched: ${why}.`);
}

export function isWebPage(response: Response): boolean {
  return /^text\/html/i.test(response.headers.get('content-type') ?? '');
}

/** The body, or what came of it before the connection broke; never more than one chunk over `expected`. */
async function readAll(
  response: Response,
  expected: number,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  try {
    for (
      let part = await reader?.read();
      part && !part.done && size <= expected;
      part = await reader?.read()
    ) {
      chunks.push(part.value);
      size += part.value.length;
      onBytes(part.value.length);
    }
    if (size > expected) await reader?.cancel();
  } catch {
    // What arrived is too short, and the check says so.
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Ends a download that stands still. */
class StallGuard {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.moved();
  }

  moved(): void {
    this.end();
    this.timer = setTimeout(() => {
      this.controller.abort();
    }, STALLED);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

/** The answer's headers, security policy included, less those that spoke of its way over the wire. */
function keptHeaders(headers: Headers, bytes: Uint8Array): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'transfer-encoding', 'vary']) kept.delete(name);
  kept.set('content-length', String(bytes.length));
  return kept;
}
