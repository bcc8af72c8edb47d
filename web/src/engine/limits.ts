/** What the machine shows that it can hold. Asked in the worker, once a backend runs. */
import { backend, env, getBackend } from '@tensorflow/tfjs-core';

/** At 1024 px 12 megapixels took 1.44 times the memory of 3; larger tiles gain little and need four times as much. */
const TILE = 896;
/** A texture's side over a tile's: the exit's convolution unrolls 54 numbers a pixel, four in a texel. */
const TEXTURE_TO_TILE = 4;
/** Gigabytes, as browsers round them, up to which a machine gets the smaller tile. */
const SMALL_MEMORY = 1;

/** The side of a tile, px. */
export function tileSide(): number {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? Infinity;
  const held = gigabytes <= SMALL_MEMORY ? TILE / 2 : TILE;
  const texture = getBackend() === 'webgl' ? env().getNumber('WEBGL_MAX_TEXTURE_SIZE') : Infinity;
  return Math.min(held, texture / TEXTURE_TO_TILE);
}

/** What of WebAssembly's memory the library's own types leave out. */
interface Heap {
  HEAPU8: Uint8Array;
  /** The address of so many bytes, 0 where there is no room. */
  _malloc: (bytes: number) => number;
  _free: (address: number) => void;
}

/** Bytes of WebAssembly's memory; 0 on another backend. */
export function wasmBytes(): number {
  return getBackend() === 'wasm' ? heap().HEAPU8.byteLength : 0;
}

/** Makes the WebAssembly backend say when its memory is full; it would write over what lies at address 0. */
export function guardMemory(): void {
  const memory = heap();
  memory._free(memory._malloc(1)); // the first call puts another function in its own place
  const allocate = memory._malloc;
  memory._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) throw new RangeError(`There is no memory for ${bytes} bytes.`);
    return address;
  };
}

function heap(): Heap {
  return (backend() as unknown as { wasm: Heap }).wasm;
}
