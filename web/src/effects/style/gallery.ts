/** The style gallery: a radio group of pictures, read from styles/gallery.json; own pictures join it in front. */
import { language, type LocalName } from '../../i18n';
import { neighbour } from '../../ui/arrow-keys';
import { panelFrom, published } from '../../ui/dom';
import type { EffectPanel, EffectTab, PanelEvents } from '../effect';
import type { StyleEffect } from './effect';
import html from './panel.html?raw';
import { t } from './words';
import './style.css';

interface GalleryFile {
  style_space: string;
  styles: { id: string; name: LocalName; thumbnail: string; vector: number[] }[];
}

export interface StylePanel extends EffectPanel<StyleEffect> {
  /** Fills the gallery and selects its first style. Rejects where gallery.json cannot be read. */
  load(): Promise<void>;
  /** Adds a picture of the visitor's in front and selects it. */
  addOwn(style: StyleEffect, thumbnail: HTMLCanvasElement): void;
}

const TAB = { id: 'style', icon: 'i-brush' };
const POINTED_MS = 150; // a pointer on its way to somewhere else is not after what it crosses
const ARROWS_REST_MS = 250; // walking through the styles with the arrow keys paints only where one stops
const REVEALED_PX = 16; // around a style that is brought into view: its ring, and a glimpse of the next

export function setUpStyles({ onChoose, onPoint }: PanelEvents<StyleEffect>): StylePanel {
  const element = panelInWords();
  const list = element.querySelector('#style-list') as HTMLElement;
  const styles = new Map<HTMLElement, StyleEffect>();
  let chosen: StyleEffect | undefined;
  let rest = 0;

  function select(item: HTMLElement, delay = 0): void {
    const style = styles.get(item);
    if (!style || item.ariaChecked === 'true') return;
    for (const other of styles.keys()) mark(other, other === item);
    reveal(item, element);
    clearTimeout(rest);
    if (delay) rest = setTimeout(choose, delay, style);
    else choose(style);
  }

  function choose(style: StyleEffect): void {
    chosen = style;
    onChoose(style);
  }

  function add(style: StyleEffect, thumbnail: HTMLElement, place: 'append' | 'prepend'): HTMLElement {
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
    element,
    tabs: [tabOf(() => chosen)],
    async load() {
      for (const { style, thumbnail } of await fetchGallery()) {
        add(style, thumbnailImage(thumbnail), 'append');
      }
      const first = list.children[0];
      const selected = [...styles.keys()].some((item) => item.ariaChecked === 'true');
      if (first instanceof HTMLElement && !selected) select(first);
    },
    addOwn(style, thumbnail) {
      select(add(style, thumbnail, 'prepend'));
      element.scrollTo({ left: 0, top: 0 });
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

function tabOf(chosen: () => StyleEffect | undefined): EffectTab<StyleEffect> {
  return {
    ...TAB,
    label: t('tab'),
    get effect() {
      return chosen();
    },
  };
}

function panelInWords(): HTMLElement {
  const element = panelFrom(html);
  (element.querySelector('#own .style-name') as HTMLElement).textContent = t('own');
  (element.querySelector('#style-list') as HTMLElement).ariaLabel = t('tab');
  return element;
}

async function fetchGallery(): Promise<{ style: StyleEffect; thumbnail: string }[]> {
  const response = await fetch(published('styles/gallery.json'));
  if (!response.ok) throw new Error(`styles/gallery.json: ${response.status}`);
  const file = (await response.json()) as GalleryFile;
  return file.styles.map(({ id, name, thumbnail, vector }) => ({
    style: {
      kind: 'style',
      id,
      name: name[language],
      vector: Float32Array.from(vector),
      space: file.style_space,
    },
    thumbnail,
  }));
}

function styleItem(style: StyleEffect, thumbnail: HTMLElement): HTMLElement {
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
