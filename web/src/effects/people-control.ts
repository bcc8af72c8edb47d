/** The finer control of people, where a photo shows any: how strongly they are painted, and who was found. */
import { t } from '../i18n';
import { context2d, panelFrom, part } from '../ui/dom';
import type { Settings } from './effect';
import html from './people.html?raw';
import { USUAL_PEOPLE, type Mask } from './people';

const TINT = [255, 96, 64, 150] as const; // RGBA of the mask on the picture

export class PeopleControl {
  readonly element = panelFrom(html);
  readonly #slider = this.element.querySelector('input') as HTMLInputElement;
  readonly #output = this.element.querySelector('output') as HTMLOutputElement;
  readonly #button = this.element.querySelector('button') as HTMLButtonElement;
  readonly #canvas = document.createElement('canvas');

  /** `id` tells the control of one effect from another's; `onAdjust` hears that the slider was moved. */
  constructor(id: string, onAdjust: () => void) {
    const label = this.element.querySelector('label') as HTMLLabelElement;
    this.#slider.id = label.htmlFor = `people-${id}`;
    label.textContent = t('people');
    this.#button.textContent = t('people.show');
    this.#canvas.className = 'mask';
    part('#paper', HTMLElement).append(this.#canvas);
    this.#slider.addEventListener('input', () => {
      this.#render();
    });
    this.#slider.addEventListener('change', onAdjust);
    this.#button.addEventListener('click', () => {
      this.#show(this.#canvas.hidden === true);
    });
    this.set({});
    this.offer(undefined);
  }

  /** Of the settings: nothing where people are painted as all else is. */
  get settings(): Settings {
    const people = this.#slider.valueAsNumber;
    return people === USUAL_PEOPLE ? {} : { people };
  }

  set({ people = USUAL_PEOPLE }: Settings): void {
    this.#slider.valueAsNumber = people;
    this.#render();
  }

  /** Is there with a mask, and not without one. */
  offer(mask: Mask | undefined): void {
    this.element.hidden = !mask;
    this.#show(false);
    this.#canvas.width = this.#canvas.height = 0;
    if (mask) draw(mask, this.#canvas);
  }

  /** Whether what lies on the picture may be seen. */
  open(opened: boolean): void {
    if (!opened) this.#show(false);
  }

  #show(shown: boolean): void {
    this.#canvas.hidden = !shown;
    this.#button.ariaPressed = String(shown);
  }

  #render(): void {
    this.#output.value = this.#slider.value;
    this.#slider.style.setProperty('--filled', `${this.#slider.value}%`);
  }
}

function draw({ share, width, height }: Mask, canvas: HTMLCanvasElement): void {
  Object.assign(canvas, { width, height });
  const tinted = new ImageData(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      tinted.data.set(TINT, at);
      tinted.data[at + 3] = TINT[3] * share(x, y);
    }
  }
  context2d(canvas).putImageData(tinted, 0, 0);
}
