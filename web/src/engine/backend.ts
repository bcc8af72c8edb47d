/**
 * The backend that computes: the one asked for, else WebGL on a real graphics processor, else WebAssembly, else WebGL
 * in software. Only its code is loaded.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { EngineError } from './errors';
import type { Size } from './guided';
import type { Padding } from './pixels';
import type { BackendName } from './types';
import { isSoftware } from './webgl-info';

export interface ActiveBackend {
  backend: BackendName;
  label: string;
  /** What it can do besides computing; undefined where results lie in memory anyway. */
  graphics: Graphics | undefined;
}

export interface Graphics {
  /** Says that a picture of this padded size comes next. */
  expectSize(height: number, width: number): void;
  /**
   * The tensor [1, padding.height, padding.width, 3] in [0,1] without its padding, computed, not read back.
   * Not WebGPU's, whose device Chromium's software loses on drawing to a canvas.
   */
  toBitmap?: (painted: Tensor, padding: Padding, size: Size) => Promise<ImageBitmap>;
}

/**
 * Starts the wanted backend, or the best one that truly works here.
 * onLost is called if the graphics context goes away later. Throws EngineError 'backend-failed' or 'switched-off'.
 */
export async function startBackend(
  wanted: BackendName | undefined,
  onLost: () => void,
): Promise<ActiveBackend> {
  if (wanted) return activate(wanted, onLost);
  if (webglSeemsFast()) {
    try {
      return await activate('webgl', onLost);
    } catch {
      // A driver that fails or computes wrongly: WebAssembly works everywhere.
    }
  }
  return activate(hasWebAssembly() || !hasWebGl() ? 'wasm' : 'webgl', onLost);
}

async function activate(backend: BackendName, onLost: () => void): Promise<ActiveBackend> {
  try {
    return { backend, graphics: undefined, ...(await load(backend, onLost)) };
  } catch (cause) {
    if (!hasWebAssembly() && !hasWebGl()) {
      throw new EngineError('switched-off', 'There is neither WebAssembly nor WebGL here.', { cause });
    }
    throw new EngineError('backend-failed', `${backend} does not work in this browser.`, { cause });
  }
}

async function load(
  backend: BackendName,
  onLost: () => void,
): Promise<{ label: string; graphics?: Graphics }> {
  if (backend === 'webgl') {
    const { activate, expectSize, toBitmap } = await import('./backends/webgl');
    return { label: await activate(onLost), graphics: { expectSize, toBitmap } };
  }
  if (backend === 'webgpu') {
    const { activate, expectSize } = await import('./backends/webgpu');
    return { label: await activate(onLost), graphics: { expectSize } };
  }
  return { label: await (await import('./backends/wasm')).activate() };
}

/**
 * Whether WebGL 2 runs on a graphics processor here, with float32 textures (sums over a whole picture
 * overflow in float16). Asked with a context of its own, before the backend's code is loaded.
 */
function webglSeemsFast(): boolean {
  return tryWebGl({ failIfMajorPerformanceCaveat: true }, (gl) => !isSoftware(gl));
}

/** Browsers' security settings switch this off, and WebGL with it. */
function hasWebAssembly(): boolean {
  return typeof WebAssembly !== 'undefined';
}

function hasWebGl(): boolean {
  return tryWebGl({}, () => true);
}

/** Whether there is a WebGL 2 context with float32 textures of which that holds. */
function tryWebGl(options: WebGLContextAttributes, holds: (gl: WebGL2RenderingContext) => boolean): boolean {
  if (typeof OffscreenCanvas === 'undefined') return false;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', options);
  if (!gl) return false;
  const outcome = gl.getExtension('EXT_color_buffer_float') !== null && holds(gl);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return outcome;
}
