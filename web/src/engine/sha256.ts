/** SHA-256 of bytes as lower-case hex (FIPS 180-4). */

/** Uses the browser's own digest, or the one below on plain http, where browsers hide it. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (!subtle) return toHex(digest(bytes));
  return toHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The constants are the fractional parts of the square and cube roots of the first primes (section 4.2.2). */
const PRIMES = firstPrimes(64);
const INITIAL = PRIMES.slice(0, 8).map((p) => fractionBits(Math.sqrt(p)));
const ROUND = PRIMES.map((p) => fractionBits(Math.cbrt(p)));

/** SHA-256 in plain code, 32 bytes. */
export function digest(bytes: Uint8Array): Uint8Array {
  const blocks = padded(bytes);
  const state = Uint32Array.from(INITIAL);
  for (let offset = 0; offset < blocks.byteLength; offset += 64) compress(state, blocks, offset);
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => {
    out.setUint32(i * 4, word);
  });
  return new Uint8Array(out.buffer);
}

/** The message, a one bit, zeros, and its length in bits, in blocks of 64 bytes (section 5.1.1). */
function padded(bytes: Uint8Array): DataView {
  const size = Math.ceil((bytes.length + 9) / 64) * 64;
  const view = new DataView(new ArrayBuffer(size));
  const target = new Uint8Array(view.buffer);
  target.set(bytes);
  target[bytes.length] = 0x80;
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n);
  return view;
}

/** One block into the state (section 6.2.2). */
function compress(state: Uint32Array, blocks: DataView, offset: number): void {
  const w = schedule(blocks, offset);
  let [a, b, c, d, e, f, g, h] = state as unknown as EightWords;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = h + s1 + ((e & f) ^ (~e & g)) + at(ROUND, i) + at(w, i);
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = at(state, i) + word;
  });
}

type EightWords = [number, number, number, number, number, number, number, number];

function schedule(blocks: DataView, offset: number): Uint32Array {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i++) w[i] = blocks.getUint32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = at(w, i - 15);
    const y = at(w, i - 2);
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
  }
  return w;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fractionBits(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32);
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((p) => n % p !== 0)) primes.push(n);
  }
  return primes;
}

/** Indexing that the type checker accepts; the callers stay inside. */
function at(words: ArrayLike<number>, i: number): number {
  return words[i] as number;
}
