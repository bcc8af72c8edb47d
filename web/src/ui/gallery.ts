/** The style gallery: a radio group of pictures, read from styles/gallery.json; own pictures join it in front. */
import { language, type LocalName } from '../i18n';
import { part, published } from './dom';
import type { Style } from './style';

interface GalleryFile {
  style_space: string;
  styles: { id: string; name: LocalName; thumbnail: string; vector: number[] }[];
}

export interface Gallery {
  /** Fills the gallery and selects its first style. Rejects where gallery.json cannot be read. */
  load(): Promise<void>;
  /** Adds a picture of the visitor's in front and selects it. */
  addOwn(style: Style, thumbnail: HTMLCanvasElement): void;
}

const POINTED_MS = 150; // a pointer on its way to somewhere else is not after what it crosses
const ARROWS_REST_MS = 250; // walking through the styles with the arrow keys paints only where one stops
const REVEALED_PX = 16; // around a style that is brought into view: its ring, and a glimpse of the next
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** onPoint: a mouse rests on a style that is not selected, or no longer does. */
export function setUpGallery(
  onSelect: (style: Style) => void,
  onPoint: (style: Style | undefined) => void,
): Gallery {
  const list = part('#style-list', HTMLElement);
  const scroller = part('#styles', HTMLElement);
  const styles = new Map<HTMLElement, Style>();
  let rest = 0;

  function select(item: HTMLElement, delay = 0): void {
    const style = styles.get(item);
    if (!style || item.ariaChecked === 'true') return;
    for (const other of styles.keys()) mark(other, other === item);
    reveal(item, scroller);
    clearTimeout(rest);
    if (delay) rest = setTimeout(onSelect, delay, style);
    else onSelect(style);
  }

  function add(style: Style, thumbnail: HTMLElement, place: 'append' | 'prepend'): HTMLElement {
    const item = styleItem(style, thumbnail);
    item.addEventListener('click', () => {
      select(item);
    });
    styles.set(item, style);
    list[place](item);
    return item;
  }

  watchPointer(list, (item) => {
    const style = item && styles.get(item);
    onPoint(item?.ariaChecked === 'true' ? undefined : style);
  });

  list.addEventListener('keydown', (event) => {
    const target = neighbour([...list.children], event);
    if (!target) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    select(target, ARROWS_REST_MS);
  });

  return {
    async load() {
      const file = await fetchGallery();
      for (const { id, name, thumbnail, vector } of file.styles) {
        const style = {
          id,
          name: name[language],
          vector: Float32Array.from(vector),
          space: file.style_space,
        };
        add(style, thumbnailImage(thumbnail), 'append');
      }
      const first = list.children[0];
      const selected = [...styles.keys()].some((item) => item.ariaChecked === 'true');
      if (first instanceof HTMLElement && !selected) select(first);
    },
    addOwn(style, thumbnail) {
      select(add(style, thumbnail, 'prepend'));
      scroller.scrollTo({ left: 0, top: 0 });
    },
  };
}

/** Tells which item a mouse rests on, and at once when it goes on; a click ends that too. */
function watchPointer(list: HTMLElement, onPoint: (item: HTMLElement | undefined) => void): void {
  let under: HTMLElement | undefined;
  let timer = 0;

  function moveTo(item: HTMLElement | undefined): void {
    if (item === under) return;
    clearTimeout(timer);
    if (under) onPoint(undefined);
    under = item;
    if (item) timer = setTimeout(onPoint, POINTED_MS, item);
  }

  // Not pointerover, which comes too where the list scrolls under a pointer at rest.
  list.addEventListener('pointermove', ({ pointerType, target }) => {
    const item = target instanceof Element ? target.closest<HTMLElement>('.style-item') : null;
    if (pointerType === 'mouse') moveTo(item ?? undefined);
  });
  list.addEventListener('pointerleave', () => {
    moveTo(undefined);
  });
  list.addEventListener('click', () => {
    clearTimeout(timer);
  });
}

async function fetchGallery(): Promise<GalleryFile> {
  const response = await fetch(published('styles/gallery.json'));
  if (!response.ok) throw new Error(`styles/gallery.json: ${response.status}`);
  return (await response.json()) as GalleryFile;
}

function styleItem(style: Style, thumbnail: HTMLElement): HTMLElement {
  const item = document.createElement('button');
  item.type = 'button';
  item.className = 'style-item';
  item.dataset['testid'] = 'style-item';
  item.dataset['style'] = style.id;
  item.role = 'radio';
  const name = document.createElement('span');
  name.className = 'style-name';
  name.textContent = style.name;
  item.append(thumbnail, name);
  mark(item, false);
  return item;
}

function thumbnailImage(path: string): HTMLImageElement {
  const image = new Image(160, 160);
  image.alt = ''; // the name beside it says it
  image.decoding = 'async';
  image.src = published(`styles/${path}`);
  return image;
}

/** Scrolls the gallery alone, and no further than needed; scrollIntoView would scroll the window too. */
function reveal(item: HTMLElement, scroller: HTMLElement): void {
  const [at, box] = [item.getBoundingClientRect(), scroller.getBoundingClientRect()];
  scroller.scrollBy({
    left: beyond(at.left - REVEALED_PX, at.right + REVEALED_PX, box.left, box.right),
    top: beyond(at.top - REVEALED_PX, at.bottom + REVEALED_PX, box.top, box.bottom),
  });
}

/** How far start..end lies outside from..to, in px: negative before it, positive after it, 0 within. */
function beyond(start: number, end: number, from: number, to: number): number {
  return start < from ? start - from : Math.max(0, end - to);
}

/** Only the checked item is a stop of the Tab key, as in every radio group. */
function mark(item: HTMLElement, checked: boolean): void {
  item.ariaChecked = String(checked);
  item.tabIndex = checked ? 0 : -1;
}

/** The item that an arrow key, Home or End leads to from the one with the keyboard's focus. */
export function neighbour(items: Element[], event: KeyboardEvent): HTMLElement | undefined {
  const last = items.length - 1;
  const from = items.findIndex((item) => item === document.activeElement);
  const step = STEPS[event.key];
  let to: number | undefined;
  if (step) to = (from + step + items.length) % items.length;
  else if (event.key === 'Home') to = 0;
  else if (event.key === 'End') to = last;
  const item = to === undefined ? undefined : items[to];
  return item instanceof HTMLElement ? item : undefined;
}

/** The picture's centre square, 160 px: how an own style looks in the gallery. */
export function squareThumbnail(picture: ImageBitmap): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 160;
  const side = Math.min(picture.width, picture.height);
  const context = canvas.getContext('2d');
  if (context) context.imageSmoothingQuality = 'high';
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  context?.drawImage(picture, left, top, side, side, 0, 0, 160, 160);
  return canvas;
}
