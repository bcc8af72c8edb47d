/** One style in the gallery: its picture, its name, and how the visitor's photo looks in it once that is painted. */
import type { Picture } from '../../engine/picture';
import { nameElement } from '../../i18n';
import { context2d, published } from '../../ui/dom';
import type { StyleEffect } from './effect';
import { t } from './words';

/** Side of the small paintings in the gallery, px. */
export const OUTCOME_SIDE = 128;
const SOURCE_SIDE = 160; // of the styles' own pictures

export class StyleItem {
  /** What can be chosen. */
  readonly button = document.createElement('button');
  /** What lies in the gallery: the button or, for an own style, also that which opens its dialog. */
  readonly place: HTMLElement;
  readonly #picture = document.createElement('span');
  readonly #name = document.createElement('span');
  readonly #edit: HTMLButtonElement | undefined;
  #outcome: HTMLCanvasElement | undefined;

  #style: StyleEffect;

  /** `onEdit` is there for own styles. */
  constructor(style: StyleEffect, source: Element, onEdit?: () => void) {
    const { button } = this;
    this.#style = style;
    button.type = 'button';
    button.className = 'style-item';
    button.dataset['testid'] = 'style-item';
    button.dataset['style'] = style.id;
    button.role = 'radio';
    this.#picture.className = 'style-picture';
    source.classList.add('style-source');
    this.#picture.append(source);
    this.#name.className = 'style-name';
    button.append(this.#picture, this.#name);
    this.#edit = onEdit && editButton(onEdit);
    this.place = this.#edit ? ownPlace(button, this.#edit) : button;
    this.mark(false);
    this.showName();
  }

  get style(): StyleEffect {
    return this.#style;
  }

  /** Takes another state of the same style: a mixture with other weights. */
  restyle(style: StyleEffect): void {
    if (style === this.#style) return;
    this.#style = style;
    this.dropOutcome();
    this.showName();
  }

  /** Whether the visitor brought or made it. */
  get isOwn(): boolean {
    return this.#edit !== undefined;
  }

  get hasOutcome(): boolean {
    return this.#outcome !== undefined;
  }

  get isChosen(): boolean {
    return this.button.ariaChecked === 'true';
  }

  /** Only the chosen item is a stop of the Tab key, as in every radio group. */
  mark(chosen: boolean): void {
    this.button.ariaChecked = String(chosen);
    this.button.tabIndex = chosen ? 0 : -1;
    if (this.#edit) this.#edit.hidden = !chosen;
  }

  /** Shows the style's name as it is now. */
  showName(): void {
    const { name } = this.style;
    this.#name.textContent = name;
    if (this.#edit) nameElement(this.#edit, t('own.edit', { style: name }));
  }

  /** Shows the visitor's photo in this style; the style's own picture becomes an inset. */
  showOutcome(picture: Picture): void {
    this.dropOutcome();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: picture.width, height: picture.height, className: 'style-outcome' });
    if (picture instanceof ImageData) context2d(canvas).putImageData(picture, 0, 0);
    else context2d(canvas).drawImage(picture, 0, 0);
    this.#picture.prepend(canvas);
    this.button.dataset['outcome'] = '';
    this.#outcome = canvas;
  }

  /** Back to the style's own picture; the small painting's memory is given back at once. */
  dropOutcome(): void {
    if (!this.#outcome) return;
    this.#outcome.width = this.#outcome.height = 0;
    this.#outcome.remove();
    this.#outcome = undefined;
    delete this.button.dataset['outcome'];
  }
}

function editButton(onEdit: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'own-edit';
  button.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-edit" /></svg>';
  button.addEventListener('click', onEdit);
  return button;
}

function ownPlace(...buttons: HTMLElement[]): HTMLElement {
  const place = document.createElement('div');
  place.className = 'own-place';
  place.append(...buttons);
  return place;
}

/** The picture of a published style. */
export function publishedSource(path: string): HTMLImageElement {
  const image = new Image(SOURCE_SIDE, SOURCE_SIDE);
  image.alt = ''; // the name beside it says it
  image.decoding = 'async';
  image.src = published(`styles/${path}`);
  return image;
}

/** Stands for the picture of a mixture, which has none. */
export function mixtureSource(): Element {
  const source = document.createElement('span');
  source.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-mix" /></svg>';
  return source;
}

/** The picture's centre square: how an own style looks in the gallery. */
export function squareThumbnail(picture: ImageBitmap): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SOURCE_SIDE;
  const side = Math.min(picture.width, picture.height);
  const context = context2d(canvas);
  context.imageSmoothingQuality = 'high';
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  context.drawImage(picture, left, top, side, side, 0, 0, SOURCE_SIDE, SOURCE_SIDE);
  return canvas;
}
