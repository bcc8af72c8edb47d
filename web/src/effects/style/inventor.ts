/** Styles that no one painted, under Adjust: invented from noise (source 004), and those between the last two. */
import { showFilled } from '../../ui/slider';
import type { StyleEffect } from './effect';
import { between, drawn } from './invention';
import { t } from './words';

/** Names of the models that were published with the page; filled in by the build. */
declare const PUBLISHED_MODELS: string[];

export interface InventorEvents {
  /** The chosen style. */
  chosen(): StyleEffect | undefined;
  newId(): string;
  onMake(style: StyleEffect): void;
}

type Invention = StyleEffect & { noise: Float32Array };

export class Inventor {
  readonly #button: HTMLButtonElement;
  readonly #walk: HTMLInputElement;
  readonly #events: InventorEvents;
  #ends: readonly [Invention, Invention] | undefined;
  #last: Invention | undefined;
  #count = 0;
  #between = ''; // id of the style between both
  #places = new WeakMap<StyleEffect, number>(); // of the slider

  /** Brings the button and the slider within the finer controls to life, where the generator was published. */
  constructor(controls: HTMLElement, events: InventorEvents) {
    this.#events = events;
    this.#button = controls.querySelector('[data-testid=invent]') as HTMLButtonElement;
    this.#walk = controls.querySelector('#walk') as HTMLInputElement;
    this.#button.textContent = t('invent');
    (controls.querySelector('[for=walk]') as HTMLElement).textContent = t('invent.walk');
    this.#button.addEventListener('click', () => {
      this.#invent();
    });
    this.#walk.addEventListener('input', () => {
      showFilled(this.#walk);
    });
    this.#walk.addEventListener('change', () => {
      this.#goBetween();
    });
    if (!PUBLISHED_MODELS.includes('style-inventor')) this.hide();
  }

  /** Without it, where the page's networks are not those that it was made for. */
  hide(): void {
    this.#button.hidden = true;
  }

  /** Puts the slider where a style is that lies on the way, or ends it. */
  show(style: StyleEffect): void {
    const place = this.#places.get(style);
    if (place === undefined) return;
    this.#walk.valueAsNumber = place;
    showFilled(this.#walk);
  }

  #invent(): void {
    const name = t('invent.name', { number: (this.#count += 1) });
    const invention: Invention = { kind: 'style', id: this.#events.newId(), name, noise: drawn() };
    if (this.#last) {
      this.#ends = [this.#last, invention];
      this.#places = new WeakMap([
        [this.#last, 0],
        [invention, 100],
      ]);
    }
    this.#last = invention;
    this.#between = '';
    (this.#walk.parentElement as HTMLElement).hidden = !this.#ends;
    this.#events.onMake(invention);
  }

  /** One style lies between both ends, until the visitor mixes it; at an end it is that one. */
  #goBetween(): void {
    if (!this.#ends) return;
    const [from, to] = this.#ends;
    const share = this.#walk.valueAsNumber / 100;
    if (share === 0 || share === 1) {
      this.#events.onMake(share === 0 ? from : to);
      return;
    }
    if (this.#events.chosen()?.id !== this.#between) this.#between = this.#events.newId();
    const made: Invention = {
      kind: 'style',
      id: this.#between,
      name: t('invent.between', { first: from.name, second: to.name }),
      noise: between(from.noise, to.noise, share),
    };
    this.#places.set(made, this.#walk.valueAsNumber);
    this.#events.onMake(made);
  }
}
