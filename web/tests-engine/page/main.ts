/**
 * The engine and the photo reader without the page's controls, for tests/web/test_engine.py to drive.
 * Built by: npx vite build tests-engine/page --config tests-engine/page/vite.config.ts --outDir DIR
 */
import { createEngine } from '../../src/engine/client';
import { carry, fit } from '../../src/engine/guided';
import { reduce, workingSize } from '../../src/engine/working';
import { decodePhoto } from '../../src/photo/decode';
import { exportPicture, resultName } from '../../src/photo/export';
import { toImageData } from '../../src/photo/resize';
import { sentence } from '../../src/ui/sentences';

Object.assign(window, {
  async bytesAfterLargeTensors() {
    return (await import('./textures')).bytesAfterLargeTensors();
  },
  carry,
  createEngine,
  decodePhoto,
  exportPicture,
  fit,
  reduce,
  resultName,
  sentence,
  toImageData,
  workingSize,
  async countPasses(...call: [name: 'webgl' | 'webgpu', plain: boolean]) {
    return (await import('./passes')).countPasses(...call);
  },
});
