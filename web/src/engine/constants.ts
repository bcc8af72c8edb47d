/**
 * The constants that the page and Python share. Python defines them (training/style/constants.py, for one), the
 * converter publishes them in the manifests, and the build takes them from the manifests in web/models
 * (vite/published.ts).
 */
import { EngineError } from './errors';

export interface PublishedConstants {
  'style-predictor': {
    /** px of the centre square that the predictor sees. */
    predictor_side: number;
  };
  'style-transformer': {
    /** px of the longer side at which strokes of the usual size are painted. */
    working_side: number;
    /** How much larger than that a photo is painted a second time, at its own size. */
    another_size_from: number;
    /** At how many equal steps of strength the distance to the photo is measured, so that the slider is even. */
    evenness_steps: number;
    /** px of the longer side at which it is measured. */
    evenness_side: number;
  };
  'style-inventor': {
    /** How many numbers of noise it invents a style of. */
    noise: number;
  };
  'person-mask': {
    /** px of the longer side at which people are looked for. */
    side: number;
    /** px: both sides are multiples. */
    multiple: number;
    /** Of the guided upsampling: see Fitting. */
    boxes: number;
    flat: number;
    /** What is likelier is surely a person; and which share of a picture is, at the least, where anybody is there. */
    sure: number;
    least: number;
  };
  'day-to-night': TranslatorConstants;
  'night-to-day': TranslatorConstants;
}

export interface TranslatorConstants {
  /** px of the longer side at which photos are translated. */
  working_side: number;
  /** px: both sides are multiples. */
  working_multiple: number;
  /** Names of the hours that the translator gives a picture of; none where it gives one picture. */
  hours: string[];
  /** Whether one more picture says what the lights add. */
  has_lights: boolean;
  /** 0..1 of the way through the hours. */
  usual_hour: number;
  /** Of the guided upsampling: see Fitting. */
  boxes: number;
  flat: number;
  /** Of red, green and blue in a picture's grey, 0..255. */
  grey_weights: [number, number, number];
  /** Grey of a night picture at most. */
  night_up_to: number;
  /** Grey that a day picture exceeds. */
  day_above: number;
}

/** Filled in by the build. */
declare const PUBLISHED_CONSTANTS: PublishedConstants;

export const CONSTANTS = PUBLISHED_CONSTANTS;

/** Throws EngineError 'model-mismatch' for a model whose manifest has other constants than this page was built with. */
export function checkConstants(name: string, constants: Record<string, unknown> = {}): void {
  const built = Object.entries(CONSTANTS).find(([each]) => each === name)?.[1] as
    Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(constants)) {
    if (built && key in built && JSON.stringify(built[key]) !== JSON.stringify(value)) {
      throw new EngineError(
        'model-mismatch',
        `The model ${name} was made for another ${key} than this page.`,
      );
    }
  }
}
