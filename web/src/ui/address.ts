/** What the page's address asks for: ?backend=webgl|wasm|webgpu and ?models=PATH on this origin. */
import type { StartOptions } from '../engine/client';

export function startOptions(search: string): StartOptions {
  const asked = new URLSearchParams(search);
  const backend = asked.get('backend');
  const models = asked.get('models');
  return {
    ...(isBackend(backend) && { backend }),
    ...(models && { models }),
  };
}

function isBackend(name: string | null): name is NonNullable<StartOptions['backend']> {
  return name === 'webgl' || name === 'wasm' || name === 'webgpu';
}
