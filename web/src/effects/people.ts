/**
 * People in the photo: they can be painted less strongly than what is around them. Both are paintings of their own, laid
 * over one another by the mask (source 003).
 */
import type { CallOptions, People } from '../engine/client';
import type { Picture } from '../engine/picture';
import { Corrections } from './corrections';
import type { EffectBase, Networks, Photo, Settings, Strong } from './effect';
import { halves, layOver, pixelsOf, type Share } from './lay';

/** Names of the models that were published with the page; filled in by the build. */
declare const PUBLISHED_MODELS: string[];

/** What is painted of people where nothing else is said: as much as of all else. */
export const USUAL_PEOPLE = 100;
/**
 * Where less of a picture is surely a person, nobody is there. Of 100 portraits that were held out from training 99 have
 * more, and of 240 photos without people 5 % do.
 */
const NOBODY = 0.01;

type Finder = Pick<Networks, 'findPeople' | 'carry'>;

/** A mask of a photo at its size on the screen. */
export interface Mask {
  /** As the network found it. */
  share: Share;
  width: number;
  height: number;
  corrections: Corrections;
}

/** By the photo's own pixels: who was found, or is being looked for; and what the visitor has corrected. */
const found = new WeakMap<ImageData, Promise<People>>();
const corrected = new WeakMap<ImageData, Corrections>();
/** By a photo's pixels at one size: its mask, so that only the first painting waits for it. */
const fitted = new WeakMap<ImageData, Share>();

/** Whether people can be found with the networks that were published with the page. */
export function canFindPeople(): boolean {
  return PUBLISHED_MODELS.includes('person-mask');
}

/** The mask of the people in a photo; undefined where nobody is there. Rejects with EngineError. */
export async function maskOf(photo: Photo, networks: Finder): Promise<Mask | undefined> {
  const people = await peopleOf(photo, networks, {});
  if (people.share < NOBODY) return undefined;
  const { width, height } = photo.full;
  const share = await maskAt(photo.full, people, networks, {});
  return { share, width, height, corrections: correctionsOf(photo) };
}

/** The corrections of a photo's mask; without any at first. */
function correctionsOf({ full }: Photo): Corrections {
  const known = corrected.get(full) ?? new Corrections(full);
  corrected.set(full, known);
  return known;
}

/**
 * A painting in which people are painted as much less as the settings say. `paint` makes one of any strength, `pixels`
 * gives the photo's own at the painting's size. Rejects with EngineError.
 */
export async function sparingPeople<E extends EffectBase>(
  request: Strong<E>,
  pixels: () => ImageData,
  paint: (request: Strong<E>, call: CallOptions) => Promise<Picture>,
  networks: Finder,
  call: CallOptions,
): Promise<Picture> {
  const share = shareForPeople(request.settings);
  if (share === 1) return paint(request, call);
  const { signal } = call; // progress is the paintings' alone
  const people = await peopleOf(request.photo, networks, { ...(signal && { signal }) });
  if (people.share < NOBODY) return paint(request, call);
  const seen = await maskAt(pixels(), people, networks, { ...(signal && { signal }) });
  const [first, second] = halves(call);
  const around = pixelsOf(await paint(request, first));
  const strength = request.strength * share;
  const person = strength === 0 ? pixels() : pixelsOf(await paint({ ...request, strength }, second));
  const mask = correctionsOf(request.photo).over(seen, around, request.settings['mask'] ?? 0);
  layOver(person, around, mask);
  return around;
}

/** How strongly people are painted, of what the slider says for all: 0..1. */
function shareForPeople({ people = USUAL_PEOPLE }: Settings): number {
  return people / 100;
}

/** Looked for once a photo. */
function peopleOf({ full }: Photo, networks: Finder, call: CallOptions): Promise<People> {
  const known = found.get(full);
  if (known) return known;
  const looking = networks.findPeople({ photo: full }, call);
  found.set(full, looking);
  looking.catch(() => found.delete(full));
  return looking;
}

/** The mask at a size of the photo. */
async function maskAt(
  photo: ImageData,
  { maps }: People,
  networks: Finder,
  call: CallOptions,
): Promise<Share> {
  const known = fitted.get(photo);
  if (known) return known;
  const { data, width } = await networks.carry({ photo, maps, strength: 100 }, call);
  const mask = Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] as number);
  const share: Share = (x, y) => (mask[y * width + x] as number) / 255;
  fitted.set(photo, share);
  return share;
}
