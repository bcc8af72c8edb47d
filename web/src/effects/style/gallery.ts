/** The style gallery: a radio group of pictures, read from styles/gallery.json; own pictures join it in front. */
import { language, type LocalName } from '../../i18n';
import { neighbour } from '../../ui/arrow-keys';
import { panelFrom, published } from '../../ui/dom';
import type { EffectPanel, FinerControls, PanelEvents } from '../effect';
import { setUpAdjust } from './adjust';
import type { StyleEffect } from './effect';
import { publishedSource, StyleItem } from './item';
import { setUpOwnDialog } from './own-dialog';
import html from './panel.html?raw';
import { t } from './words';
import './style.css';

interface GalleryFile {
  style_space: string;
  styles: { id: string; name: LocalName; thumbnail: string; vector: number[] }[];
}

const POINTED_MS = 150; // a pointer on its way to somewhere else is not after what it crosses
const ARROWS_REST_MS = 250; // walking through the styles with the arrow keys paints only where one stops
/** Around a style that is brought into view: its ring and a glimpse of the next; clear of the fade at the end. */
const REVEALED_PX = 44;

export class StylePanel implements EffectPanel<StyleEffect> {
  readonly tab = { id: 'style', label: t('tab') };
  readonly element = panelInWords();
  readonly adjust: FinerControls;
  readonly #list = this.element.querySelector('#style-list') as HTMLElement;
  readonly #events: PanelEvents<StyleEffect>;
  readonly #edit: (item: StyleItem) => void;
  #items: StyleItem[] = [];
  #chosen: StyleEffect | undefined;
  #preferred: string | undefined;
  #owns = 0;
  #rest = 0;

  constructor(events: PanelEvents<StyleEffect>) {
    this.#events = events;
    this.adjust = setUpAdjust(() => {
      events.onAdjust();
    });
    this.#edit = setUpOwnDialog(
      (item) => {
        item.showName();
        events.onRename();
      },
      (item) => {
        this.#remove(item);
      },
    );
    watchPointer(this.#list, (button) => {
      const item = this.#itemOf(button);
      events.onPoint(item?.isChosen ? undefined : item?.style);
    });
    this.#list.addEventListener('keydown', (event) => {
      this.#walk(event);
    });
    new ResizeObserver(() => {
      const item = this.#items.find(({ isChosen }) => isChosen);
      if (item) reveal(item.place, this.element);
    }).observe(this.element);
  }

  get effect(): StyleEffect | undefined {
    return this.#chosen;
  }

  /** The styles in the order seen. */
  get items(): readonly StyleItem[] {
    return this.#items;
  }

  /**
   * Fills the gallery and selects its first style. Rejects where gallery.json cannot be read.
   * models: another folder of networks, whose own gallery.json is read where it has one.
   */
  async load(models?: string): Promise<void> {
    for (const { style, thumbnail } of await fetchGallery(models)) {
      this.#add(new StyleItem(style, publishedSource(thumbnail)), 'append');
    }
    const first = this.#items.find(({ style }) => style.id === this.#preferred) ?? this.#items[0];
    if (first && !this.#items.some(({ isChosen }) => isChosen)) this.#select(first);
  }

  /** Adds a picture of the visitor's in front and selects it. Without a name it gets a number. */
  addOwn(picture: ImageData, name: string, thumbnail: HTMLCanvasElement): void {
    const number = (this.#owns += 1);
    const style: StyleEffect = {
      kind: 'style',
      id: `own-${number}`,
      name: name || t('own.number', { number }),
      picture,
    };
    const item: StyleItem = new StyleItem(style, thumbnail, () => {
      this.#edit(item);
    });
    this.#add(item, 'prepend');
    this.#select(item);
    this.element.scrollTo({ left: 0, top: 0 });
  }

  /** Marks the published style of that id as chosen, now or once the gallery is loaded, without telling anyone. */
  prefer(id: string): void {
    this.#preferred = id;
    const item = this.#items.find(({ style }) => style.id === id);
    if (item) this.choose(item.style);
  }

  choose(style: StyleEffect): void {
    clearTimeout(this.#rest);
    const item = this.#items.find((each) => each.style === style);
    if (!item) return;
    this.#mark(item);
    this.#chosen = style;
  }

  #itemOf(button: Element | undefined): StyleItem | undefined {
    return this.#items.find((each) => each.button === button);
  }

  #mark(item: StyleItem): void {
    for (const other of this.#items) other.mark(other === item);
    reveal(item.place, this.element);
  }

  #select(item: StyleItem, delay = 0): void {
    if (item.isChosen) return;
    this.#mark(item);
    clearTimeout(this.#rest);
    const choose = () => {
      this.#chosen = item.style;
      this.#events.onChoose(item.style);
    };
    if (delay) this.#rest = setTimeout(choose, delay);
    else choose();
  }

  #walk(event: KeyboardEvent): void {
    const buttons = this.#items.map(({ button }) => button);
    const item = this.#itemOf(neighbour(buttons, event));
    if (!item) return;
    event.preventDefault();
    item.button.focus({ preventScroll: true });
    this.#select(item, ARROWS_REST_MS);
  }

  #add(item: StyleItem, place: 'append' | 'prepend'): void {
    item.button.addEventListener('click', () => {
      this.#select(item);
    });
    this.#items = place === 'append' ? [...this.#items, item] : [item, ...this.#items];
    this.#list[place](item.place);
  }

  /** Takes an own style away; the next one is selected in its place. */
  #remove(item: StyleItem): void {
    const place = this.#items.indexOf(item);
    this.#items = this.#items.filter((each) => each !== item);
    item.place.remove();
    const next = this.#items[place] ?? this.#items.at(-1);
    if (!item.isChosen || !next) return;
    this.#select(next);
    next.button.focus({ preventScroll: true });
  }
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

function panelInWords(): HTMLElement {
  const element = panelFrom(html);
  (element.querySelector('#own .style-name') as HTMLElement).textContent = t('own');
  (element.querySelector('#style-list') as HTMLElement).ariaLabel = t('tab');
  return element;
}

async function fetchPublishedGallery(): Promise<GalleryFile> {
  const response = await fetch(published('styles/gallery.json'));
  if (!response.ok) throw new Error(`styles/gallery.json: ${response.status}`);
  return (await response.json()) as GalleryFile;
}

/** The gallery with the vectors of another folder's networks, as converter/run.py writes it; nothing if there is none. */
async function fetchOwnGallery(models: string): Promise<GalleryFile | undefined> {
  const folder = new URL(models.endsWith('/') ? models : `${models}/`, document.baseURI);
  if (folder.origin !== location.origin) return undefined; // the engine refuses it, with a sentence
  const response = await fetch(new URL('gallery.json', folder));
  if (!response.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
  return (await response.json()) as GalleryFile;
}

async function fetchGallery(models?: string): Promise<{ style: StyleEffect; thumbnail: string }[]> {
  const file = (models && (await fetchOwnGallery(models))) || (await fetchPublishedGallery());
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
