/** The finer controls of styles: strokes, boldness, whether the photo's colours stay, two styles across. */
import { panelFrom } from '../../ui/dom';
import { showFilled } from '../../ui/slider';
import type { FinerControls, Settings } from '../effect';
import { PeopleControl } from '../people-control';
import { acrossOf } from './across';
import html from './adjust.html?raw';
import type { StyleEffect } from './effect';
import { Gradient } from './gradient';
import { partsOf } from './mixture';
import { t } from './words';

/** What styles are painted with where nothing else is said. */
export const USUAL = { strokeSize: 1, boldness: 50, keepColours: 0 };
/**
 * How strongly people are painted where nothing else is said. Of 80 answers of two judges, blind, about 40 portraits 75
 * keep these pictures rather than those in which people are painted as strongly as all else.
 */
export const USUAL_PEOPLE = 50;

export class StyleControls implements FinerControls {
  readonly element = panelFrom(html);
  readonly #size = this.#find<HTMLInputElement>('#stroke-size');
  readonly #boldness = this.#find<HTMLInputElement>('#boldness');
  readonly #colours = this.#find<HTMLInputElement>('#keep-colours');
  readonly #across = this.#find<HTMLInputElement>('#across');
  readonly #gradient: Gradient;
  readonly people: PeopleControl;
  #settings: Settings = USUAL;
  #isShown = true;

  constructor(onAdjust: () => void) {
    const adjust = () => {
      this.#settings = this.#read();
      this.#render();
      onAdjust();
    };
    this.#gradient = new Gradient(adjust);
    this.people = new PeopleControl('style', USUAL_PEOPLE, adjust);
    this.#find('.tick').after(this.people.element);
    this.#find('[for=stroke-size]').textContent = t('adjust.strokes');
    this.#find('[for=boldness]').textContent = t('adjust.boldness');
    this.#find('#keep-colours + span').textContent = t('adjust.colours');
    this.#find('#across + span').textContent = t('across');
    for (const slider of [this.#size, this.#boldness]) {
      slider.addEventListener('input', () => {
        this.#render();
      });
    }
    for (const control of [this.#size, this.#boldness, this.#colours, this.#across]) {
      control.addEventListener('change', adjust);
    }
    this.#render();
  }

  get settings(): Settings {
    return { ...this.#settings, ...this.people.settings };
  }

  set(wanted: Settings = USUAL): void {
    const { strokeSize, boldness, keepColours } = { ...USUAL, ...wanted };
    this.#settings = { strokeSize, boldness, keepColours, ...acrossOf(wanted) };
    this.#size.valueAsNumber = strokeSize;
    this.#boldness.valueAsNumber = boldness;
    this.#colours.checked = keepColours === 1;
    this.#across.checked = acrossOf(wanted) !== undefined;
    this.people.set(wanted);
    this.#gradient.set(acrossOf(wanted));
    this.#render();
  }

  /** Offers what suits the chosen style: two that are mixed can also be laid across the picture. */
  suit(style: StyleEffect | undefined): void {
    const [first, second, ...others] = style ? partsOf(style) : [];
    this.#find('.mix .tick').hidden = !second || others.length > 0;
    if (first && second) this.#gradient.name(first.name, second.name);
    this.#render();
  }

  /** Offers boldness where the transformer has learnt it. */
  offerBoldness(hasLearnt: boolean): void {
    (this.#boldness.parentElement as HTMLElement).hidden = !hasLearnt;
  }

  /** Whether what lies on the picture is to be seen. */
  show(shown: boolean): void {
    this.#isShown = shown;
    this.people.open(shown);
    this.#render();
  }

  #find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.element.querySelector(selector) as T;
  }

  #read(): Settings {
    return {
      strokeSize: this.#size.valueAsNumber,
      boldness: this.#boldness.valueAsNumber,
      keepColours: Number(this.#colours.checked),
      ...(this.#across.checked && this.#gradient.value),
    };
  }

  #render(): void {
    this.#find<HTMLOutputElement>('#stroke-size-value').value = `${this.#size.valueAsNumber}×`;
    this.#find<HTMLOutputElement>('#boldness-value').value = this.#boldness.value;
    for (const slider of [this.#size, this.#boldness]) showFilled(slider);
    const isAcross = this.#across.checked && !this.#find('.mix .tick').hidden;
    this.#gradient.show(this.#isShown && isAcross);
  }
}
