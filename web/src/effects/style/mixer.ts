/** Mixing, under Adjust: more styles beside the chosen one, each with a slider for its share. */
import { nameElement } from '../../i18n';
import { showFilled } from '../../ui/slider';
import type { Part, StyleEffect } from './effect';
import { FULL_WEIGHT, MOST_PARTS, partsOf, remixed, shares, USUAL_WEIGHT } from './mixture';
import { t } from './words';

export interface MixerEvents {
  /** The styles that there are. */
  styles(): StyleEffect[];
  /** An id for a new mixture. */
  newId(): string;
  /** A slider is held: how the mixture would look. */
  onPeek(mixture: StyleEffect): void;
  onMake(mixture: StyleEffect): void;
}

export class Mixer {
  readonly #rows: HTMLElement;
  readonly #choice: HTMLSelectElement;
  readonly #events: MixerEvents;
  #chosen: StyleEffect | undefined;

  /** Brings to life the `.mix` within the finer controls. */
  constructor(controls: HTMLElement, events: MixerEvents) {
    this.#rows = controls.querySelector('.mix-parts') as HTMLElement;
    this.#choice = controls.querySelector('.mix-add') as HTMLSelectElement;
    this.#events = events;
    nameElement(this.#choice, t('mix.add'));
    this.#choice.addEventListener('change', () => {
      this.#add();
    });
  }

  /** Shows what that style is mixed of, and what can be mixed in. */
  show(style: StyleEffect | undefined): void {
    this.#chosen = style;
    const parts = style ? partsOf(style) : [];
    this.#showParts(parts.length > 1 ? parts : []);
    this.#offer(parts);
  }

  /** The parts with the weights that the sliders say. */
  get #weighed(): Part[] {
    const parts = this.#chosen ? partsOf(this.#chosen) : [];
    return parts.map((part, i) => ({ ...part, weight: this.#sliders[i]?.valueAsNumber ?? part.weight }));
  }

  get #sliders(): HTMLInputElement[] {
    return [...this.#rows.querySelectorAll('input')];
  }

  #mixture(parts: readonly Part[]): StyleEffect | undefined {
    const style = this.#chosen;
    return style && remixed(style, parts, style.parts ? style.id : this.#events.newId());
  }

  #mix(parts: readonly Part[]): void {
    const style = this.#mixture(parts);
    if (style) this.#events.onMake(style);
  }

  /** Mixes the style that was picked in, with as much as the others have in the mean. */
  #add(): void {
    const added = this.#events.styles().find(({ id }) => id === this.#choice.value);
    const parts = this.#weighed;
    this.#choice.value = '';
    if (!added?.vector || parts.length === 0) return; // what was chosen is not painted yet
    const weight = Math.round(parts.reduce((sum, part) => sum + part.weight, 0) / parts.length);
    this.#mix([...parts, { name: added.name, weight, vector: added.vector }]);
  }

  /** Rows stay where the same styles are mixed, so that a slider that is held keeps the pointer and the focus. */
  #showParts(parts: readonly Part[]): void {
    const shown = [...this.#rows.querySelectorAll('label')].map((label) => label.textContent);
    if (JSON.stringify(shown) !== JSON.stringify(parts.map(({ name }) => name))) {
      this.#rows.replaceChildren(...parts.map(({ name }, at) => this.#row(name, at)));
    }
    this.#sliders.forEach((slider, i) => {
      slider.valueAsNumber = parts[i]?.weight ?? USUAL_WEIGHT;
    });
    this.#showShares();
  }

  #row(name: string, at: number): HTMLElement {
    const row = partRow(name);
    row.slider.addEventListener('input', () => {
      this.#showShares();
      const style = this.#mixture(this.#weighed);
      if (style) this.#events.onPeek(style);
    });
    row.slider.addEventListener('change', () => {
      this.#mix(this.#weighed);
    });
    row.remove.addEventListener('click', () => {
      this.#mix(this.#weighed.filter((_, i) => i !== at));
      this.#choice.focus(); // what had it is gone
    });
    return row.element;
  }

  #showShares(): void {
    const said = shares(this.#weighed).map((share) => `${Math.round(100 * share)}%`);
    this.#rows.querySelectorAll('output').forEach((output, i) => {
      output.value = said[i] ?? '';
    });
    this.#sliders.forEach(showFilled);
  }

  #offer(parts: readonly Part[]): void {
    const mixed = parts.map(({ name }) => name);
    const others = this.#events.styles().filter(({ vector, name }) => vector && !mixed.includes(name));
    const options = others.map(({ id, name }) => new Option(name, id));
    this.#choice.replaceChildren(new Option(t('mix.add'), ''), ...options);
    this.#choice.disabled = parts.length >= MOST_PARTS;
  }
}

let labels = 0;

function partRow(name: string) {
  const element = document.createElement('div');
  element.className = 'strength mix-part';
  const label = document.createElement('label');
  const slider = document.createElement('input');
  const output = document.createElement('output');
  const remove = document.createElement('button');
  label.textContent = name;
  slider.id = label.htmlFor = `mix-weight-${(labels += 1)}`;
  Object.assign(slider, { type: 'range', min: '1', max: String(FULL_WEIGHT) });
  slider.dataset['testid'] = 'mix-weight';
  remove.type = 'button';
  remove.className = 'plain';
  remove.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-close" /></svg>';
  nameElement(remove, t('mix.remove', { style: name }));
  element.append(label, slider, output, remove);
  return { element, slider, remove };
}
