/**
 * A style as a file or an address: what it is mixed of, with weights and vectors, its name, and how it was painted.
 *
 * The file is JSON; a vector is its 100 numbers as little-endian float32 in base64url. The address holds the same text,
 * in base64url again, behind `#style=`: browsers keep that part of an address to themselves.
 */
import type { Settings } from '../effect';
import { acrossOf } from './across';
import type { Part } from './effect';
import { FULL_WEIGHT, MOST_PARTS } from './mixture';

export interface SavedStyle {
  name: string;
  /** Style space of the vectors. */
  space: string;
  parts: readonly Part[];
  /** 0 to 100. */
  strength: number;
  /**
   * Of the finer controls of styles: `strokeSize` from 1 to 3, `boldness` from 0 to 100, `keepColours` 0 or 1, and where
   * styles lie across. Files from before there was boldness say nothing of it.
   */
  settings: Settings;
}

export type StyleErrorCode =
  | 'damaged' // no style file, or only a part of one
  | 'other-space' // made for other networks
  | 'not-copied'; // the browser does not let its address be passed on

/** A style that cannot be opened or passed on. */
export class StyleError extends Error {
  constructor(
    readonly code: StyleErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'StyleError';
  }
}

export const EXTENSION = '.style.json';
const FRAGMENT = '#style=';
const LONGEST_NAME = 60; // as the dialog's field has it
const LENGTH = 100;

/** Of the settings those are written that belong to the style; who is in the photo does not. */
export function toText({ parts, ...saved }: SavedStyle): string {
  const written = parts.map(({ vector, ...part }) => ({ ...part, vector: toBase64(bytesOf(vector)) }));
  const settings = settingsFrom(saved.settings);
  return JSON.stringify({ nocturne: 'style', version: 1, ...saved, settings, parts: written });
}

/** Throws StyleError 'damaged' for a text that `toText` has not written. */
export function fromText(text: string): SavedStyle {
  try {
    return checked(JSON.parse(text) as Unknown);
  } catch (error) {
    if (error instanceof StyleError) throw error;
    throw new StyleError('damaged', `This is no style: ${String(error)}`);
  }
}

/** The part of an address that stands for a style. */
export function toFragment(saved: SavedStyle): string {
  return FRAGMENT + toBase64(new TextEncoder().encode(toText(saved)));
}

/** The style of an address; undefined where it names none. Throws StyleError 'damaged'. */
export function fromFragment(fragment: string): SavedStyle | undefined {
  if (!fragment.startsWith(FRAGMENT)) return undefined;
  try {
    const bytes = fromBase64(decodeURIComponent(fragment.slice(FRAGMENT.length)));
    return fromText(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof StyleError) throw error;
    throw new StyleError('damaged', `This address holds no style: ${String(error)}`);
  }
}

type Unknown = Partial<Record<string, unknown>>;

function checked(file: Unknown): SavedStyle {
  const { parts, settings } = file;
  if (file['nocturne'] !== 'style' || file['version'] !== 1) throw new Error('another kind of file');
  if (!Array.isArray(parts) || parts.length < 1 || parts.length > MOST_PARTS) throw new Error('parts');
  return {
    name: nameFrom(file['name']),
    space: nameFrom(file['space']),
    strength: numberFrom(file['strength'], 0, 100),
    settings: settingsFrom(settings as Unknown),
    parts: parts.map((part: Unknown) => ({
      name: nameFrom(part['name']),
      weight: numberFrom(part['weight'], 1, FULL_WEIGHT),
      vector: vectorFrom(part['vector']),
    })),
  };
}

function settingsFrom({ strokeSize, boldness, keepColours, ...others }: Unknown): Settings {
  const across = Object.entries(acrossOf(others as Settings) ?? {});
  return {
    strokeSize: numberFrom(strokeSize, 1, 3),
    ...(boldness !== undefined && { boldness: numberFrom(boldness, 0, 100) }),
    keepColours: numberFrom(keepColours, 0, 1),
    ...Object.fromEntries(across.map(([name, place]) => [name, numberFrom(place, 0, 100)])),
  };
}

function nameFrom(given: unknown): string {
  const name = typeof given === 'string' ? given.trim().slice(0, LONGEST_NAME) : '';
  if (!name) throw new Error('a name is missing');
  return name;
}

function numberFrom(given: unknown, least: number, most: number): number {
  if (typeof given === 'number' && given >= least && given <= most) return given;
  throw new Error(`${String(given)} is not between ${least} and ${most}`);
}

function vectorFrom(given: unknown): Float32Array {
  const bytes = fromBase64(String(given));
  if (bytes.length !== 4 * LENGTH) throw new Error('a vector of another length');
  const view = new DataView(bytes.buffer);
  const vector = Float32Array.from({ length: LENGTH }, (_, i) => view.getFloat32(4 * i, true));
  if (!vector.every(Number.isFinite)) throw new Error('a vector that is not finite');
  return vector;
}

function bytesOf(vector: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * vector.length));
  vector.forEach((number, i) => {
    view.setFloat32(4 * i, number, true);
  });
  return new Uint8Array(view.buffer);
}

function toBase64(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );
}
