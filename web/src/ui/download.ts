/** Download: saves the painted picture at once, at its own size, in the format chosen and remembered. */
import type { Picture } from '../engine/picture';
import { canExport, exportPicture, resultName, type PictureType } from '../photo/export';
import { part, testId } from './dom';

/** A finished picture and what its file is named after. */
export interface Painted {
  pixels: Picture;
  photoName: string;
  styleName: string;
}

export interface Download {
  enable(enabled: boolean): void;
}

const REMEMBERED = 'nocturne.format';

export function setUpDownload(
  current: () => Painted | undefined,
  onSaved: (name: string) => void,
  onError: (error: unknown) => void,
): Download {
  const format = part('#format', HTMLSelectElement);
  const button = testId('download', HTMLButtonElement);
  void offerFormats(format);
  format.addEventListener('change', () => {
    remember(format.value);
  });

  async function save(): Promise<void> {
    const painted = current();
    if (!painted) return;
    const type = format.value as PictureType;
    const file = await exportPicture(painted.pixels, type);
    const name = resultName(painted.photoName, painted.styleName, type);
    saveFile(file, name);
    onSaved(name);
  }

  button.addEventListener('click', () => {
    save().catch(onError);
  });
  return {
    enable(enabled) {
      button.disabled = format.disabled = !enabled;
    },
  };
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
  const last = recall();
  if ([...format.options].some((option) => option.value === last)) format.value = last;
}

function remember(type: string): void {
  try {
    localStorage.setItem(REMEMBERED, type);
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function recall(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? '';
  } catch {
    return '';
  }
}
