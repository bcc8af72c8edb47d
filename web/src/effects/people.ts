/**
 * People in the photo: they can be painted less strongly than what is around them. Both are paintings of their own, laid
 * over one another by the mask (source 003).
 */
import { untilAborted, type CallOptions, type People } from '../engine/client';
import type { Picture } from '../engine/picture';
import { Corrections } from './corrections';
import type { EffectBase, Networks, Photo, Strong } from './effect';
import { halves, layOver, pixelsOf, type Share } from './lay';

/** Names of the models that were published with the page; filled in by the build. */
declare const PUBLISHED_MODELS: string[];

/** As strongly as all else. */
export const AS_ALL_ELSE = 100;
/** How long, in milliseconds, a painting waits to hear who is in its photo where nobody asked for that. */
const PATIENCE = 6000;

type Finder = Pick<Networks, 'findPeople' | 'carry'>;

/** A mask of a photo at its size on the screen. */
export interface Mask {
  /** As the network found it. */
  share: Share;
  width: number;
  height: number;
  corrections: Corrections;
  /** Whether the photo's paintings spare people where nothing else is said. */
  isSpared: boolean;
}

/** By the photo's own pixels: who was found, or is being looked for; and what the visitor has corrected. */
const found = new WeakMap<ImageData, Promise<People>>();
const corrected = new WeakMap<ImageData, Corrections>();
/**
 * Whether people are spared where nothing else is said: settled once a photo, so that its file is painted as the screen.
 */
const spared = new WeakMap<ImageData, boolean>();
/** By a photo's pixels at one size: its mask, so that only the first painting waits for it. */
const fitted = new WeakMap<ImageData, Share>();

/** Whether people can be found with the networks that were published with the page. */
export function canFindPeople(): boolean {
  return PUBLISHED_MODELS.includes('person-mask');
}

/** The mask of the people in a photo; undefined where nobody is there. Rejects with EngineError. */
export async function maskOf(photo: Photo, networks: Finder): Promise<Mask | undefined> {
  const people = await peopleOf(photo, networks);
  if (!people.isAnybody) return undefined;
  const { width, height } = photo.full;
  const share = await maskAt(photo.full, people, networks);
  const isSpared = spared.get(photo.full) === true;
  return { share, width, height, corrections: correctionsOf(photo), isSpared };
}

/** Begins to look for people where they will be spared, while something else is done; what fails is met later. */
export function lookAhead(photo: Photo, networks: Finder): void {
  if (canFindPeople() && !spared.has(photo.full)) peopleOf(photo, networks).catch(() => undefined);
}

/** Whether it is known how people in the photo are painted. */
export function areKnown({ full }: Photo): boolean {
  return !canFindPeople() || spared.has(full);
}

/** The corrections of a photo's mask; without any at first. */
function correctionsOf({ full }: Photo): Corrections {
  const known = corrected.get(full) ?? new Corrections(full);
  corrected.set(full, known);
  return known;
}

/**
 * A painting in which people are painted as much less as the settings say, or `usual` says where they do not. `paint`
 * makes one of any strength, `pixels` gives the photo's own at the painting's size. Rejects with EngineError.
 */
export async function sparingPeople<E extends EffectBase>(
  request: Strong<E>,
  pixels: () => ImageData,
  paint: (request: Strong<E>, call: CallOptions) => Promise<Picture>,
  networks: Finder,
  usual: number,
  call: CallOptions,
): Promise<Picture> {
  const { signal } = call; // progress is the paintings' alone
  const share =
    (request.settings['people'] ?? (await usualStrength(request.photo, networks, usual, signal))) / 100;
  if (share === 1) return paint(request, call);
  const people = await peopleOf(request.photo, networks, signal);
  if (!people.isAnybody) return paint(request, call);
  const seen = await maskAt(pixels(), people, networks, signal);
  const [first, second] = halves(call);
  const around = pixelsOf(await paint(request, first));
  const strength = request.strength * share;
  const person = strength === 0 ? pixels() : pixelsOf(await paint({ ...request, strength }, second));
  const mask = correctionsOf(request.photo).over(seen, around, request.settings['mask'] ?? 0);
  layOver(person, around, mask);
  return around;
}

/**
 * How strongly people are painted where nothing is said: `usual`, but as all else where nobody knows in time who is
 * there. Rejects as cancelled only.
 */
async function usualStrength(
  photo: Photo,
  networks: Finder,
  usual: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (usual === AS_ALL_ELSE || !canFindPeople()) return AS_ALL_ELSE;
  if (!spared.has(photo.full)) {
    const waited = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    await Promise.race([peopleOf(photo, networks, signal), waited]).catch((error: unknown) => {
      if (signal?.aborted) throw error;
    });
    settle(photo, false); // unless it is settled by now
  }
  return spared.get(photo.full) ? usual : AS_ALL_ELSE;
}

function settle({ full }: Photo, isSpared: boolean): void {
  if (!spared.has(full)) spared.set(full, isSpared);
}

/** Looked for once a photo, whoever asks. */
function peopleOf(photo: Photo, networks: Finder, signal?: AbortSignal): Promise<People> {
  return untilAborted(found.get(photo.full) ?? look(photo, networks), signal);
}

function look(photo: Photo, networks: Finder): Promise<People> {
  const looking = networks.findPeople({ photo: photo.full });
  found.set(photo.full, looking);
  looking.then(
    ({ isAnybody }) => {
      settle(photo, isAnybody);
    },
    () => found.delete(photo.full),
  );
  return looking;
}

/** The mask at a size of the photo. */
async function maskAt(
  photo: ImageData,
  { maps }: People,
  networks: Finder,
  signal?: AbortSignal,
): Promise<Share> {
  const known = fitted.get(photo);
  if (known) return known;
  const { data, width } = await networks.carry({ photo, maps, strength: 100 }, { ...(signal && { signal }) });
  const mask = Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] as number);
  const share: Share = (x, y) => (mask[y * width + x] as number) / 255;
  fitted.set(photo, share);
  return share;
}
