/** What the page and the engine's worker say to each other. Pictures are RGBA, vectors are [100]. */

export type BackendName = 'webgl' | 'wasm' | 'webgpu';

export interface EngineInfo {
  backend: BackendName;
  /** What computes, said honestly: "WebGL (GPU)", "WebGL (software)", "WebAssembly (CPU)", "WebGPU". */
  label: string;
  /** Name of the style space that vectors must belong to. */
  styleSpace: string;
}

export interface Progress {
  stage: 'download' | 'prepare' | 'predict' | 'paint';
  /** 0..1, of the whole call, never falling within one call. */
  fraction: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface StartOptions {
  /** Force one backend; the default is WebGL on a real GPU, else WebAssembly. */
  backend?: BackendName;
  /** Folder of the models, on this origin, relative to the page; default "models/". */
  models?: string;
}

export interface PredictRequest {
  /** A style picture of any size; its centre square is read at 256 px. */
  picture: ImageData;
}

export interface StyliseRequest {
  /** The photo at working size; its alpha is ignored. */
  photo: ImageData;
  /** The style, [100]. */
  vector: Float32Array;
  /** 0..100; 0 is the photo itself. */
  strength: number;
  /** Style space of `vector`; where given, another space than the transformer's is refused. */
  styleSpace?: string;
}

export interface MemoryUse {
  /** Tensors alive, the models' weights included. */
  tensors: number;
  /** Bytes of these tensors. */
  bytes: number;
  /** Bytes of textures, kept ones included; 0 without a graphics processor. */
  gpuBytes: number;
}
