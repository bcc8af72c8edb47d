/** Of all that a visitor gave in one go, the first picture that can be opened, and which others there may be. */
import { decodePhoto, PhotoError, type DecodedPhoto, type PhotoErrorCode } from './decode';

/** A file that may be a picture; its bytes say so, not its name. */
export interface Candidate {
  name: string;
  /** The folder that was given and holds it, however deep. */
  folder?: string;
  open(): Blob | Promise<Blob>;
}

/** What came in one drop, paste, choice, share or launch. */
export interface Offer {
  /** In the visitor's order; those of a folder come while it is read. */
  candidates: Iterable<Candidate> | AsyncIterable<Candidate>;
  /** Names of what was given: files and folders. */
  given: string[];
  /** Why there is no candidate. */
  lack?: PhotoErrorCode;
}

/** The picture that was taken of an offer. */
export interface Opened extends DecodedPhoto {
  file: Blob;
  folder?: string | undefined;
  /** Names of what was given besides. */
  left: string[];
  /** What was opened. */
  candidate: Candidate;
  /** All that seem to be photos, in their order, with the opened one among them. */
  photos: Candidate[];
  /** Names of what was given and is none, or could not be opened. */
  notPhotos: string[];
}

/** A file of an offer that cannot be opened, for the reason in `cause`. */
export class Unopened extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be opened.`, { cause });
    this.file = file;
  }
}

/** As many files of an offer are looked at: a folder with more before its first picture is no folder of pictures. */
const MOST_TRIED = 1000;
const PHOTO_NAME = /^(?!\._).*\.(jpe?g|jfif|png|webp|gif|bmp|avif|hei[cf]|tiff?)$/i;

/** An offer of one file, or of one that is still on its way. */
export function offerOne(name: string, open: Candidate['open']): Offer {
  return { candidates: [{ name, open }], given: [name] };
}

/** An offer of files in their order. */
export function offerFiles(files: File[]): Offer {
  const candidates = files.map((file) => ({ name: file.name, open: () => file }));
  return { candidates, given: files.map(({ name }) => name), lack: 'nothing-given' };
}

/** Decodes the first picture of an offer. Rejects with Unopened or PhotoError where there is none. */
export async function decodeFirst(offer: Offer): Promise<Opened> {
  const failures: Unopened[] = [];
  const photos: Candidate[] = [];
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  let count = 0;
  for await (const candidate of offer.candidates) {
    try {
      if (opened && PHOTO_NAME.test(candidate.name)) photos.push(candidate);
      opened ??= await open(candidate);
      if (opened.candidate === candidate) photos.push(candidate);
    } catch (error) {
      failures.push(new Unopened(candidate.name, error));
    }
    if (++count === MOST_TRIED) break;
  }
  if (!opened) throw reason(offer, failures);
  const names = photos.map(({ name, folder }) => folder ?? name);
  const left = without(offer.given, opened.folder ?? opened.candidate.name);
  return { ...opened, left, photos, notPhotos: names.reduce(without, offer.given) };
}

async function open(candidate: Candidate) {
  const file = await readable(candidate.open);
  return { ...(await decodePhoto(file, candidate.name)), candidate, file, folder: candidate.folder };
}

/** The candidate's file; a folder, and a photo that an app has only a thumbnail of, look like files until they are read. */
async function readable(open: Candidate['open']): Promise<Blob> {
  try {
    const file = await open();
    if (await isReadable(file)) return file;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  throw new PhotoError('unreadable', 'The file cannot be read.');
}

/** Whether the file can be read, now: one that was moved, changed or deleted since it was given cannot. */
export async function isReadable(file: Blob): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

/** What to tell: of one file what is wrong with it, of several what is wrong with the first picture among them. */
function reason({ given, lack }: Offer, failures: Unopened[]): Error {
  const [first] = failures;
  if (given.length === 0 && lack) return new PhotoError(lack, 'Nothing was given that could be a picture.');
  if (first && given.length === 1 && given[0] === first.file) return first;
  const picture = failures.find(
    ({ cause }) => !(cause instanceof PhotoError && cause.code === 'not-a-picture'),
  );
  return picture ?? new PhotoError('no-picture', 'None of the files is a picture.');
}

/** The names less the first that is `name`. */
function without(names: string[], name: string): string[] {
  const at = names.indexOf(name);
  return names.filter((_, i) => i !== at);
}
