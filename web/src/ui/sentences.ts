/** Errors as the one sentence the visitor reads: what is wrong and what to do. */
import { isWordKey, t } from '../i18n';
import { EngineError } from '../engine/client';
import { PhotoError } from '../photo/errors';
import { SampleMissing } from './samples';

const LONGEST_NAME = 40;

/** The sentence for an error; `file` names the picture it is about. */
export function sentence(error: unknown, file = ''): string {
  const key = errorKey(error);
  return isWordKey(key) ? t(key, { name: shortened(file) }) : t('error.unknown');
}

function errorKey(error: unknown): string {
  if (error instanceof PhotoError) return `error.photo.${error.code}`;
  if (error instanceof EngineError) return `error.engine.${error.code}`;
  if (error instanceof SampleMissing) return 'error.sample';
  return 'error.unknown';
}

/** Long names lose their middle: the beginning and the extension tell files apart. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST_NAME) return name;
  return [...letters.slice(0, 24), '…', ...letters.slice(-12)].join('');
}
