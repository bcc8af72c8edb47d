/**
 * The messages between client.ts (page) and worker.ts. One request runs at a time, beside the download of the person
 * mask; each gets one last reply.
 */
import type { EngineErrorCode } from './errors';
import type { NamedArray } from './graph';
import type { Picture } from './picture';
import type { Padding } from './pixels';
import type {
  EngineInfo,
  InventRequest,
  MeasureRequest,
  MemoryUse,
  PeopleRequest,
  PredictRequest,
  Progress,
  StartOptions,
  StyliseRequest,
  TranslateRequest,
} from './types';

export type Request =
  | { kind: 'start'; options: ResolvedStart }
  | { kind: 'predict'; request: PredictRequest }
  | { kind: 'invent'; request: InventRequest }
  | { kind: 'stylise'; request: StyliseRequest }
  | { kind: 'translate'; request: TranslateRequest }
  | { kind: 'fetch-people' }
  | { kind: 'people'; request: PeopleRequest }
  | { kind: 'measure'; request: MeasureRequest }
  | { kind: 'statistics'; request: StyliseRequest }
  | { kind: 'tile'; request: TileRequest }
  | { kind: 'memory' };

/** A part of a photo, and what makes it be painted as the whole. */
export interface TileRequest extends StyliseRequest {
  padding: Padding;
  /** Tensors inside the graph, by name. */
  statistics: Record<string, NamedArray>;
}

export interface WholeStatistics {
  tensors: TileRequest['statistics'];
  /** How far tiles have to overlap, px. */
  reach: number;
  /** The largest side of a tile that this machine should hold, px. */
  side: number;
  /** The painting that `stylise` makes. */
  seen: ImageData;
}

/** Start options with the page's address in them; a worker after the first skips the warm-up. */
export interface ResolvedStart extends Omit<StartOptions, 'models'> {
  /** Absolute address of the models' folder, ending in a slash. */
  models: string;
  /** Likewise of the folder that was published with the page, where the person mask is. */
  published: string;
  warmUp: boolean;
}

export interface Started {
  info: EngineInfo;
  /** How long one painted pixel took while warming up; undefined without a warm-up. */
  msPerPixel: number | undefined;
}

/** What each kind of request is answered with. */
export interface Answers {
  start: Started;
  predict: Float32Array;
  invent: Float32Array;
  stylise: Picture;
  /** Departures, as evenness.ts has them. */
  measure: Float32Array;
  /** [height,width,3 K] in [0,1]: the pictures of a Translation. */
  translate: Float32Array<ArrayBuffer>;
  'fetch-people': undefined;
  /** [height,width] in [0,1]: how likely each pixel shows a person. */
  people: Float32Array<ArrayBuffer>;
  statistics: WholeStatistics;
  tile: ImageData;
  memory: MemoryUse;
}

export type Reply =
  | { id: number; type: 'done'; value: Answers[Request['kind']]; ms: number }
  | { id: number; type: 'failed'; code: EngineErrorCode; message: string }
  | { id: number; type: 'progress'; progress: Progress }
  | { type: 'lost' }; // the graphics context went away; this worker is of no more use
