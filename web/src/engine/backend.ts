/** Which backend computes: WebGL on a real graphics processor, else WebAssembly. Only its code is loaded. */
import { EngineError } from './errors';
import type { BackendName } from './types';
import { isSoftware } from './webgl-info';

export interface ActiveBackend {
  backend: BackendName;
  label: string;
}

/**
 * Starts the wanted backend, or the best one that truly works here.
 * onLost is called if the graphics context goes away later. Throws EngineError 'backend-failed'.
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
  return activate('wasm', onLost);
}

async function activate(backend: BackendName, onLost: () => void): Promise<ActiveBackend> {
  try {
    return { backend, label: await load(backend, onLost) };
  } catch (cause) {
    throw new EngineError('backend-failed', `${backend} does not work in this browser.`, { cause });
  }
}

async function load(backend: BackendName, onLost: () => void): Promise<string> {
  if (backend === 'webgl') return (await import('./backends/webgl')).activate(onLost);
  if (backend === 'webgpu') return (await import('./backends/webgpu')).activate();
  return (await import('./backends/wasm')).activate();
}

/**
 * Whether WebGL 2 runs on a graphics processor here, with float32 textures (sums over a whole picture
 * overflow in float16). Asked with a context of its own, before the backend's code is loaded.
 */
function webglSeemsFast(): boolean {
  if (typeof OffscreenCanvas === 'undefined') return false;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (!gl) return false;
  const fast = gl.getExtension('EXT_color_buffer_float') !== null && !isSoftware(gl);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return fast;
}
