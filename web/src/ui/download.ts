/**
 * Download: saves the painted picture in the size and format chosen and remembered: at the photo's own size, which
 * is painted now, or as on the screen.
 */
import type { Picture } from '../engine/picture';
import { PhotoError } from '../photo/errors';
import { canExport, canExportAt, exportPicture, resultName, type PictureType } from '../photo/export';
import type { Size } from '../photo/resize';
import { onPress, part, testId } from './dom';

/** A finished picture and what its file is named after. */
export interface Painted {
  pixels: Picture;
  photoName: string;
  styleName: string;
  /** The photo's own size, where that is larger than the screen's. */
  fullSize?: Size;
}

export interface Download {
  enable(enabled: boolean): void;
}

/** The same wanted again this soon after it was saved is a double tap, which phones tell as two clicks. */
const DOUBLE_TAP_MS = 500;
const REMEMBERED = { format: 'nocturne.format', size: 'nocturne.size' };

export function setUpDownload(
  current: () => Painted | undefined,
  paintFullSize: () => Promise<ImageData>,
  onSaved: (name: string, painted: Painted) => void,
  onError: (error: unknown) => void,
): Download {
  const format = part('#format', HTMLSelectElement);
  const button = testId('download', HTMLButtonElement);
  const size = part('#size', HTMLSelectElement);
  void offerFormats(format);
  for (const [name, choice] of Object.entries({ format, size })) {
    choice.addEventListener('change', () => {
      remember(REMEMBERED[name as keyof typeof REMEMBERED], choice.value);
    });
  }
  if (recall(REMEMBERED.size) === 'screen') size.value = 'screen';

  let last = { wanted: [] as unknown[], at: -Infinity };

  async function save(): Promise<void> {
    const painted = current();
    if (!painted) return;
    const type = format.value as PictureType;
    const { fullSize } = painted;
    const isFull = fullSize !== undefined && size.value === 'full';
    const wanted = [painted.pixels, type, isFull];
    const isSame = wanted.every((each, i) => each === last.wanted[i]);
    if (isSame && performance.now() - last.at < DOUBLE_TAP_MS) return;
    if (isFull && !canExportAt(type, fullSize)) {
      throw new PhotoError('unsupported-export', `This browser cannot write ${type} of that size.`);
    }
    const file = await exportPicture(isFull ? await paintFullSize() : painted.pixels, type);
    const name = resultName(painted.photoName, painted.styleName, type);
    saveFile(file, name);
    last = { wanted, at: performance.now() };
    onSaved(name, painted);
  }

  onPress(button, () => save().catch(onError));
  return {
    enable(enabled) {
      button.disabled = format.disabled = size.disabled = !enabled;
      offerSizes(size, current());
    },
  };
}

/** Names both sizes, where there are two. */
function offerSizes(size: HTMLSelectElement, painted: Painted | undefined): void {
  size.hidden = painted?.fullSize === undefined;
  if (!painted?.fullSize) return;
  const [full, screen] = [painted.fullSize, painted.pixels].map(
    ({ width, height }) => `${width} × ${height}`,
  );
  for (const option of size.options) option.text = (option.value === 'full' ? full : screen) ?? '';
}

function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000); // some browsers read the file only after asking where to put it
}

/** Leaves the formats this browser can write and chooses the remembered one. */
async function offerFormats(format: HTMLSelectElement): Promise<void> {
  for (const option of [...format.options]) {
    if (!(await canExport(option.value as PictureType))) option.remove();
  }
  const last = recall(REMEMBERED.format);
  if ([...format.options].some((option) => option.value === last)) format.value = last;
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function recall(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
