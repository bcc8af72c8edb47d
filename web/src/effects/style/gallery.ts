/** The style gallery: a radio group of pictures, read from styles/gallery.json; own pictures join it in front. */
import { neighbour } from '../../ui/arrow-keys';
import { panelFrom } from '../../ui/dom';
import type { EffectPanel, PanelEvents } from '../effect';
import { StyleControls, USUAL } from './adjust';
import type { StyleEffect } from './effect';
import { fetchGallery } from './gallery-file';
import { Inventor } from './inventor';
import { mixtureSource, publishedSource, StyleItem } from './item';
import { setUpKeeping } from './keeping';
import { MapField } from './map-field';
import { Mixer } from './mixer';
import { mixed, partsOf } from './mixture';
import { setUpOwnDialog } from './own-dialog';
import html from './panel.html?raw';
import { fromText, StyleError, type SavedStyle } from './style-file';
import { t } from './words';
import './style.css';

const POINTED_MS = 150; // a pointer on its way to somewhere else is not after what it crosses
const ARROWS_REST_MS = 250; // walking through the styles with the arrow keys paints only where one stops
/** Around a style that is brought into view: its ring and a glimpse of the next; clear of the fade at the end. */
const REVEALED_PX = 44;

export class StylePanel implements EffectPanel<StyleEffect> {
  readonly tab = { id: 'style', label: t('tab') };
  readonly element = panelInWords();
  readonly adjust: StyleControls;
  readonly #list = this.element.querySelector('#style-list') as HTMLElement;
  readonly #events: PanelEvents<StyleEffect>;
  readonly #edit: (item: StyleItem) => void;
  readonly #mixer: Mixer;
  readonly #map: MapField;
  readonly #inventor: Inventor;
  #items: StyleItem[] = [];
  #chosen: StyleEffect | undefined;
  #preferred: string | undefined;
  #space: string | undefined; // of the gallery's vectors
  #owns = 0;
  #rest = 0;

  constructor(events: PanelEvents<StyleEffect>) {
    this.#events = events;
    this.adjust = new StyleControls(() => {
      events.onAdjust();
    });
    const made = {
      newId: () => this.#newId(),
      onPeek: (style: StyleEffect) => {
        events.onPoint(style);
      },
      onMake: (style: StyleEffect) => {
        this.#show(style);
        events.onChoose(style);
      },
    };
    this.#mixer = new Mixer(this.adjust.element, {
      ...made,
      styles: () => this.#items.map(({ style }) => style),
    });
    this.#map = new MapField(this.adjust.element, {
      ...made,
      chosen: () => this.#chosen,
      isThere: (id) => this.#items.some(({ style }) => style.id === id),
      onError: (error) => {
        events.onError(error);
      },
    });
    this.#inventor = new Inventor(this.adjust.element, { ...made, chosen: () => this.#chosen });
    this.#setUpKeeping(events);
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

  #setUpKeeping({ onDone, onError }: PanelEvents<StyleEffect>): void {
    setUpKeeping(this.adjust.element, {
      current: () => this.#saved,
      onOpen: (file) => {
        void this.openSaved(file);
      },
      onDone: (sentence) => {
        onDone(sentence);
      },
      onFailedToCopy: () => {
        onError(new StyleError('not-copied', 'The address could not be passed on.'));
      },
    });
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
    const { styles, space } = await fetchGallery(models);
    this.#space = space;
    if (models) this.#map.hide();
    if (models) this.#inventor.hide();
    for (const { style, thumbnail } of styles) {
      this.#add(new StyleItem(style, publishedSource(thumbnail)), 'append');
    }
    const first = this.#items.find(({ style }) => style.id === this.#preferred) ?? this.#items[0];
    if (first && !this.#items.some(({ isChosen }) => isChosen)) this.#select(first);
  }

  /** Adds a picture of the visitor's in front and selects it. Without a name it gets a number. */
  addOwn(picture: ImageData, name: string, thumbnail: HTMLCanvasElement): void {
    const id = this.#newId();
    const style: StyleEffect = {
      kind: 'style',
      id,
      name: name || t('own.number', { number: this.#owns }),
      picture,
    };
    this.#select(this.#addItem(style, thumbnail));
  }

  /**
   * Adds the style of a file or an address and selects it, as it was painted when it was saved. Once the gallery is
   * loaded; tells of a style that cannot be opened.
   */
  async openSaved(saved: Blob | SavedStyle): Promise<void> {
    try {
      this.#take(saved instanceof Blob ? fromText(await saved.text()) : saved);
    } catch (error) {
      this.#events.onError(error);
    }
  }

  #take({ parts, name, space, strength, settings }: SavedStyle): void {
    if (space !== this.#space) throw new StyleError('other-space', `${space} is not ${this.#space}`);
    const style: StyleEffect = { kind: 'style', id: this.#newId(), name, vector: mixed(parts), space, parts };
    this.#show(style);
    this.adjust.set(settings);
    this.#events.onOpen(style, strength);
  }

  /** The chosen style with all that it is painted with; undefined while its vector is not known. */
  get #saved(): SavedStyle | undefined {
    const style = this.#chosen;
    const space = style?.space ?? this.#space;
    if (!style?.vector || !space) return undefined;
    const settings = { ...USUAL, ...this.adjust.settings };
    return { name: style.name, space, strength: this.#events.strength(), settings, parts: partsOf(style) };
  }

  /** Marks the published style of that id as chosen, now or once the gallery is loaded, without telling anyone. */
  prefer(id: string): void {
    if (this.#itemOfStyle(this.#chosen)?.isOwn) return; // what the visitor brought is wanted on every photo
    this.#preferred = id;
    const item = this.#items.find(({ style }) => style.id === id);
    if (item) this.choose(item.style);
  }

  /** What is known of a style once it is painted: where it lies on the map, and that it can be mixed. */
  painted(style: StyleEffect): void {
    if (style === this.#chosen) this.#follow(style);
  }

  open(opened: boolean): void {
    this.adjust.show(opened);
  }

  choose(style: StyleEffect): void {
    clearTimeout(this.#rest);
    if (this.#itemOfStyle(style)) this.#show(style);
  }

  /** Marks a style as chosen, in the state given; one that is not in the gallery joins it in front. */
  #show(style: StyleEffect): void {
    const item = this.#itemOfStyle(style) ?? this.#addItem(style, mixtureSource());
    item.restyle(style);
    this.#mark(item);
    this.#choose(item);
  }

  #choose({ style }: StyleItem): void {
    this.#chosen = style;
    this.adjust.suit(style);
    this.#follow(style);
  }

  #follow(style: StyleEffect): void {
    this.#mixer.show(style);
    this.#map.show();
    this.#inventor.show(style);
  }

  #newId(): string {
    return `own-${(this.#owns += 1)}`;
  }

  /** A mixture's weights may be others than those shown: its id tells. */
  #itemOfStyle(style: StyleEffect | undefined): StyleItem | undefined {
    return this.#items.find((each) => each.style.id === style?.id);
  }

  #addItem(style: StyleEffect, source: Element): StyleItem {
    const item: StyleItem = new StyleItem(style, source, () => {
      this.#edit(item);
    });
    this.#add(item, 'prepend');
    this.element.scrollTo({ left: 0, top: 0 });
    return item;
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
      this.#choose(item);
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
