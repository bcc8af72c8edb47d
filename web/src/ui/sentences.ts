/** Errors as the one sentence the visitor reads: what is wrong and what to do. */
import { isWordKey, t } from '../i18n';
import { MapMissing } from '../effects/style/map';
import { StyleError } from '../effects/style/style-file';
import { EngineError } from '../engine/client';
import type { DecodedPhoto } from '../photo/decode';
import { PhotoError } from '../photo/errors';
import { Unopened, type Opened } from '../photo/first';
import { SampleMissing } from './welcome';

const LONGEST_NAME = 40;

/** The sentence for an error; `file` names the picture it is about. */
export function sentence(error: unknown, file = ''): string {
  if (error instanceof Unopened) return sentence(error.cause, error.file);
  const key = errorKey(error);
  return isWordKey(key) ? t(key, { name: shortened(file) }) : t('error.unknown');
}

function errorKey(error: unknown): string {
  if (error instanceof PhotoError) return `error.photo.${error.code}`;
  if (error instanceof EngineError) return `error.engine.${error.code}`;
  if (error instanceof StyleError) return `error.style.${error.code}`;
  if (error instanceof MapMissing) return 'error.map';
  if (error instanceof SampleMissing) return 'error.sample';
  return 'error.unknown';
}

/** What was taken as a style of several files or of a folder; '' where one file was given. */
export function takenSentence({ name: full, folder, left }: Opened): string {
  const name = shortened(full);
  const [first, ...others] = left;
  if (first === undefined) return folder ? t('taken.folder', { name, folder: shortened(folder) }) : '';
  const isNamed = others.length === 0 && first !== full;
  return isNamed ? t('taken.one', { name, left: shortened(first) }) : t('taken.several', { name });
}

/** What was given with photos and is none; of a folder's one photo, which it is. '' where there is nothing to say. */
export function besidesSentence({ name, folder, notPhotos, photos }: Opened): string {
  const [first, ...others] = notPhotos;
  if (first !== undefined && others.length === 0) return t('besides.one', { left: shortened(first) });
  if (first !== undefined) return t('besides.several', { count: notPhotos.length });
  if (!folder || photos.length > 1) return '';
  return t('taken.folder', { name: shortened(name), folder: shortened(folder) });
}

/** That a photo is opened, and saved, with fewer pixels than its file has; '' where it is not. */
export function reducedSentence({ width, height, reducedFrom: full }: DecodedPhoto): string {
  if (!full) return '';
  return t('notice.reduced', { megapixels: Math.round((full.width * full.height) / 1e6), width, height });
}

/** Long names lose their middle: the beginning and the extension tell files apart. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST_NAME) return name;
  return [...letters.slice(0, 24), '…', ...letters.slice(-12)].join('');
}
