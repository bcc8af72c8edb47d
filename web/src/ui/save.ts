/**
 * Save: one button, and beside it what the file will be. Painted is at the photo's own size, now, or as on the screen.
 * The file can be shared instead where the browser can; on phones that button comes first.
 */
import type { Picture } from '../engine/picture';
import { PhotoError } from '../photo/errors';
import { canExport, canExportAt, exportPicture, resultName, type PictureType } from '../photo/export';
import { t } from '../i18n';
import type { Size } from '../photo/resize';
import { onPress, part, testId } from './dom';
import { recall, remember } from './memory';

/** A finished picture and what its file is named after. */
export interface Painted {
  pixels: Picture;
  photoName: string;
  styleName: string;
}

/** A photo's own size, and the screen's, which are the same where the photo is small. */
export interface Sizes {
  full: Size;
  screen: Size;
}

/** What a picture is saved as. */
export interface FileKind {
  type: PictureType;
  size: keyof Sizes;
}

export interface Save {
  /** Offers another photo's sizes. */
  offer(sizes: Sizes): void;
  enable(enabled: boolean): void;
  /** Whether the button says that the picture is saved. */
  tell(saved: boolean): void;
  /** The picture as the file that was chosen. */
  file(painted: Painted): Promise<File>;
  /** What kind of file was chosen: tells one file of a picture from another. */
  readonly choice: string;
}

export interface SaveEvents {
  current: () => Painted | undefined;
  paintFullSize: () => Promise<ImageData>;
  onSaved: (name: string, painted: Painted) => void;
  /** Another kind of file was chosen. */
  onChange: () => void;
  onError: (error: unknown) => void;
}

/** The same wanted again this soon after it was saved is a double tap, which phones tell as two clicks. */
const DOUBLE_TAP_MS = 500;
const REMEMBERED = { format: 'nocturne.format', size: 'nocturne.size' };
const FORMATS: [PictureType, string][] = [
  ['image/jpeg', 'JPEG'],
  ['image/png', 'PNG'],
  ['image/webp', 'WebP'],
];

export function setUpSave({ current, paintFullSize, onSaved, onChange, onError }: SaveEvents): Save {
  const choice = part('#save-as', HTMLSelectElement);
  const button = testId('download', HTMLButtonElement);
  let formats = FORMATS;
  let sizes: Sizes | undefined;
  let last = { wanted: [] as unknown[], at: -Infinity };

  choice.addEventListener('change', () => {
    const { type, size } = kindOf(choice.value);
    remember(REMEMBERED.format, type);
    remember(REMEMBERED.size, size);
    showChoice(choice);
    onChange();
  });

  async function file(painted: Painted): Promise<File> {
    const { type, size } = kindOf(choice.value);
    const anew = sizes && isLarger(sizes) && size === 'full' ? sizes.full : undefined;
    if (anew && !canExportAt(type, anew)) {
      throw new PhotoError('unsupported-export', `This browser cannot write ${type} of that size.`);
    }
    const blob = await exportPicture(anew ? await paintFullSize() : painted.pixels, type);
    return new File([blob], resultName(painted.photoName, painted.styleName, type), { type });
  }

  async function save(): Promise<void> {
    const painted = current();
    if (!painted) return;
    const wanted = [painted.pixels, choice.value];
    const isSame = wanted.every((each, i) => each === last.wanted[i]);
    if (isSame && performance.now() - last.at < DOUBLE_TAP_MS) return;
    const saved = await file(painted);
    download(saved);
    last = { wanted, at: performance.now() };
    onSaved(saved.name, painted);
  }

  function offer(): void {
    if (sizes) fill(choice, formats, sizes);
  }

  onPress(button, () => save().catch(onError));
  void writableFormats().then((writable) => {
    formats = writable;
    offer();
  });
  return {
    offer(offered) {
      sizes = offered;
      offer();
    },
    enable(enabled) {
      button.disabled = !enabled;
    },
    tell(saved) {
      button.toggleAttribute('data-saved', saved);
      part('#save-text', HTMLElement).textContent = t(saved ? 'saved' : 'download');
      part('#save-icon', SVGUseElement).setAttribute('href', saved ? '#i-check' : '#i-download');
    },
    file,
    get choice() {
      return choice.value;
    },
  };
}

/** The type and the size that a choice stands for. */
export function kindOf(value: string): FileKind {
  const [type, size] = value.split(' ');
  return { type: type as PictureType, size: size as keyof Sizes };
}

/** Every format at every size, and the remembered one chosen. */
function fill(choice: HTMLSelectElement, formats: [PictureType, string][], sizes: Sizes): void {
  const groups = (isLarger(sizes) ? (['full', 'screen'] as const) : (['full'] as const)).map((size) => {
    const { width, height } = sizes[size];
    const options = formats.map(
      ([type, name]) => new Option(`${name}, ${width} × ${height}`, `${type} ${size}`),
    );
    return { size, options };
  });
  choice.replaceChildren(
    ...(groups.length > 1 ? groups.map(optionGroup) : groups.flatMap(({ options }) => options)),
  );
  const values = [...choice.options].map(({ value }) => value);
  const format = recall(REMEMBERED.format);
  const wanted = [recall(REMEMBERED.size), 'full'].map((size) => `${format} ${size}`);
  choice.value = wanted.find((value) => values.includes(value)) ?? values[0] ?? '';
  showChoice(choice);
}

/** The choice lies unseen over its words, which unlike its own can take two lines. */
function showChoice({ selectedOptions: [option] }: HTMLSelectElement): void {
  const words = (option?.text ?? '').replaceAll(' × ', '\u00a0×\u00a0');
  part('#save-as-text', HTMLElement).textContent = words;
}

function optionGroup({ size, options }: { size: keyof Sizes; options: HTMLOptionElement[] }): HTMLElement {
  const group = document.createElement('optgroup');
  group.label = t(`size.${size}`);
  group.append(...options);
  return group;
}

function isLarger({ full, screen }: Sizes): boolean {
  return full.width * full.height > screen.width * screen.height;
}

/** Hands a file over to the browser, which puts it where it puts downloads. */
export function download(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000); // some browsers read the file only after asking where to put it
}

/** The formats this browser can write. */
async function writableFormats(): Promise<[PictureType, string][]> {
  const can = await Promise.all(FORMATS.map(([type]) => canExport(type)));
  return FORMATS.filter((_, i) => can[i]);
}
