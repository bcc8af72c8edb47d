/** What the page and the engine's worker say to each other. Pictures are RGBA, vectors are [100]. */
import type { Fitting, Maps } from './guided';

export type { Fitting, Maps } from './guided';
export type { Picture } from './picture';

export type BackendName = 'webgl' | 'wasm' | 'webgpu';

export interface EngineInfo {
  backend: BackendName;
  /** What computes, said honestly: "WebGL (GPU)", "WebGL (software)", "WebAssembly (CPU)", "WebGPU". */
  label: string;
  /** Name of the style space that vectors must belong to. */
  styleSpace: string;
  /** Whether the transformer has learnt to paint with more or less boldness. */
  hasBoldness: boolean;
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
  /** Force one backend; the default is what won the benchmark here, else WebGL on a real GPU, else WebAssembly. */
  backend?: BackendName;
  /** Folder of the models, on this origin, relative to the page; default "models/". */
  models?: string;
}

export interface PredictRequest {
  /** A style picture of any size; its centre square is read at 256 px. */
  picture: ImageData;
}

export interface InventRequest {
  /** Numbers of mean 0 and deviation 1, as many as the generator takes. */
  noise: Float32Array;
}

/** A painting of any strength. */
export interface MeasureRequest {
  /** The photo, reduced by the engine. */
  photo: ImageData;
  /** The style, [100]. */
  vector: Float32Array;
  /** As in StyliseRequest. */
  styleSpace?: string;
  boldness?: number;
  keepColours?: boolean;
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
  /** 0 is careful with the subject, 100 gives way to the style; default 50. Only some transformers have learnt it. */
  boldness?: number;
  /** How much larger than usual the strokes are, 1 to 3; default 1. */
  strokeSize?: number;
  /** Light from the painting, colours from the photo. */
  keepColours?: boolean;
}

/** The published translators, by the names of their models. */
export type TranslatorName = 'day-to-night' | 'night-to-day';

export interface TranslateRequest {
  /** The photo at its full size; its alpha is ignored. */
  photo: ImageData;
  translator: TranslatorName;
}

/** A photo at the working size, and what a translator made of it. */
export interface Translation {
  working: ImageData;
  /** [height,width,3 K]: K pictures side by side, in [0,1]. */
  pictures: Float32Array<ArrayBuffer>;
}

export interface PeopleRequest {
  /** The photo; its alpha is ignored. */
  photo: ImageData;
}

/** Where a photo shows people. */
export interface People {
  /** Carried to the photo at any size they give the mask: white where people are, black where not. */
  maps: Maps;
  /** Whether anybody is there. */
  isAnybody: boolean;
}

export interface FitRequest {
  translation: Translation;
  /** The weight of each picture in the sum that is wanted. */
  weights: number[];
  fitting: Fitting;
}

export interface CarryRequest {
  /** The photo that `maps` were made for, at any size. */
  photo: ImageData;
  maps: Maps;
  /** 0..100; 0 is the photo itself. */
  strength: number;
}

/** A photo that is read piece by piece. */
export interface PhotoSource {
  width: number;
  height: number;
  /** The pixels of an area that lies inside the photo. */
  read(area: { left: number; top: number; width: number; height: number }): ImageData;
}

export interface LargeRequest extends Omit<StyliseRequest, 'photo'> {
  photo: PhotoSource;
  /** The same photo at a moderate size: light, colour and contrast of the whole are read from it. */
  reduced: ImageData;
}

export interface MemoryUse {
  /** Tensors alive, the models' weights included. */
  tensors: number;
  /** Bytes of these tensors. */
  bytes: number;
  /** Bytes of textures or buffers, kept ones included; 0 without a graphics processor. */
  gpuBytes: number;
  /** Bytes of WebAssembly's memory, which only ever grows; 0 on another backend. */
  wasmBytes: number;
}
