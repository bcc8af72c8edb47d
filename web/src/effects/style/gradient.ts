/** Two ends on the picture, to drag or move by keys, between which one style turns into the other. */
import { nameElement } from '../../i18n';
import { part } from '../../ui/dom';
import { USUAL_ACROSS, type Across } from './across';
import { t } from './words';

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-2, 0],
  ArrowRight: [2, 0],
  ArrowUp: [0, -2],
  ArrowDown: [0, 2],
};

export class Gradient {
  readonly #element = document.createElement('div');
  readonly #ends = { from: end(), to: end() };
  #across = USUAL_ACROSS;

  /** `onMove` hears that an end was moved. */
  constructor(onMove: () => void) {
    this.#element.className = 'across';
    this.#element.innerHTML = '<svg aria-hidden="true"><line /></svg>';
    this.#element.append(this.#ends.from, this.#ends.to);
    part('#paper', HTMLElement).append(this.#element);
    for (const name of ['from', 'to'] as const) {
      followPointer(this.#ends[name], (x, y) => {
        this.#move(name, x, y);
        onMove();
      });
      this.#ends[name].addEventListener('keydown', (event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        this.#move(name, this.#across[`${name}X`] + step[0], this.#across[`${name}Y`] + step[1]);
        onMove();
      });
    }
    this.show(false);
    this.set();
  }

  get value(): Across {
    return this.#across;
  }

  /** Puts the ends somewhere, or where they begin, without a word to anyone. */
  set(across: Across = USUAL_ACROSS): void {
    this.#across = across;
    const { from, to } = this.#ends;
    const { fromX, fromY, toX, toY } = across;
    place(from, fromX, fromY);
    place(to, toX, toY);
    const line = this.#element.querySelector('line') as SVGLineElement;
    Object.entries({ x1: fromX, y1: fromY, x2: toX, y2: toY }).forEach(([name, value]) => {
      line.setAttribute(name, `${value}%`);
    });
  }

  /** Names the ends after the styles that are alone beyond them. */
  name(first: string, second: string): void {
    nameElement(this.#ends.from, t('across.end', { style: first }));
    nameElement(this.#ends.to, t('across.end', { style: second }));
  }

  show(shown: boolean): void {
    this.#element.hidden = !shown;
  }

  #move(name: 'from' | 'to', x: number, y: number): void {
    this.set({ ...this.#across, [`${name}X`]: within(x), [`${name}Y`]: within(y) });
  }
}

function end(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'across-end';
  element.role = 'slider';
  element.tabIndex = 0;
  element.dataset['testid'] = 'across-end';
  return element;
}

function place(element: HTMLElement, x: number, y: number): void {
  element.style.left = `${x}%`;
  element.style.top = `${y}%`;
  element.ariaValueNow = String(Math.round(x));
  element.ariaValueText = t('across.at', { x: Math.round(x), y: Math.round(y) });
}

/** Tells where on the picture a pointer drags the element to, in per cent. */
function followPointer(element: HTMLElement, onDrag: (x: number, y: number) => void): void {
  element.addEventListener('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    if (!element.hasPointerCapture(event.pointerId)) return;
    const box = part('#paper', HTMLElement).getBoundingClientRect();
    onDrag(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  });
}

function within(place: number): number {
  return Math.round(Math.min(100, Math.max(0, place)));
}
