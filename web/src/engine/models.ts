/**
 * Models: a manifest and the files it lists, each checked against it before use.
 * TensorFlow.js itself checks nothing, and a "not found" page read as weights paints garbage;
 * so it is only ever handed bytes that passed here.
 */
import { checkConstants } from './constants';
import { EngineError } from './errors';
import { fetchFound, isWebPage, obtain, openStore, retried, type PublishedFile } from './files';

export interface ManifestPort {
  name: string;
  /** The name the graph executes by, e.g. "photo:0". */
  tensor: string;
  /** Null where any length will do. */
  shape: (number | null)[];
}

/** What the engine reads of a manifest.json. */
export interface Manifest {
  name: string;
  /** The style networks' only. */
  style_space?: string;
  inputs: ManifestPort[];
  outputs: ManifestPort[];
  files: PublishedFile[];
  /** [100]; the transformer's only. */
  photo_mean_vector?: number[];
  /** Tensors that one pass gives and another takes, so that tiles are painted as their whole. */
  statistics?: string[];
  /** How far, in pixels, a painting then depends on what lies beyond a tile's edge. */
  reach?: number;
  /** What the page must share with it; absent in models published before there were any. */
  constants?: Record<string, unknown>;
}

export interface ModelFiles {
  manifest: Manifest;
  /** Checked contents by path. */
  contents: Map<string, Uint8Array<ArrayBuffer>>;
}

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
  return fetchFiles(folder, await fetchManifest(folder, name), onProgress);
}

/** The files of a manifest, each checked, from the store or the network; as `fetchModel`. */
export async function fetchFiles(
  folder: string,
  manifest: Manifest,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<ModelFiles> {
  const base = new URL(`${manifest.name}/`, folder);
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  let received = 0;
  const onBytes = (count: number) => {
    received += count;
    onProgress(Math.min(1, Math.max(0, received / total)));
  };
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  await Promise.all(
    manifest.files.map(async (file) => {
      contents.set(file.path, await obtain(new URL(file.path, base), file, onBytes));
    }),
  );
  return { manifest, contents };
}

/** The manifest as published now or, where it cannot be had, as the service worker kept it. */
async function fetchManifest(folder: string, name: string): Promise<Manifest> {
  const url = new URL(`${name}/manifest.json`, folder);
  try {
    return await retried(async (again) => {
      const response = await fetchFound(url, { cache: again ? 'reload' : 'no-cache' });
      if (isWebPage(response)) throw missingManifest(name);
      return parseManifest(await response.text(), name);
    });
  } catch (error) {
    const kept = await (await openStore())?.match(url.href, { ignoreSearch: true });
    if (!kept) throw error;
    return parseManifest(await kept.text(), name);
  }
}

function missingManifest(name: string, options?: ErrorOptions): EngineError {
  return new EngineError('model-missing', `There is no manifest of the model ${name}.`, options);
}

/** Reads a manifest. Throws EngineError 'model-missing' when it is none, 'model-mismatch' for other constants. */
export function parseManifest(text: string, name: string): Manifest {
  let manifest: Partial<Manifest>;
  try {
    manifest = (JSON.parse(text) ?? {}) as Partial<Manifest>;
  } catch (cause) {
    throw missingManifest(name, { cause });
  }
  const { files, inputs, outputs, style_space } = manifest;
  const whole = files?.length && inputs?.length && outputs?.length && files.every(isFileEntry);
  if (!whole || (name.startsWith('style-') && typeof style_space !== 'string')) {
    throw new EngineError('model-altered', `The manifest of the model ${name} is incomplete.`);
  }
  if (manifest.name !== name) {
    throw new EngineError('model-altered', `The manifest of ${manifest.name} is in the place of ${name}'s.`);
  }
  checkConstants(name, manifest.constants);
  return manifest as Manifest;
}

function isFileEntry(file: Partial<PublishedFile>): boolean {
  // A path may not leave the model's folder.
  const inside = typeof file.path === 'string' && /^[\w][\w.-]*$/.test(file.path);
  return inside && Number.isInteger(file.bytes) && /^[0-9a-f]{64}$/.test(file.sha256 ?? '');
}
