/** The mask over the picture: shown as a tint, and corrected by a brush: a finger, a pen, a mouse or keys. */
import { context2d, part } from '../ui/dom';
import { nameElement, t } from '../i18n';
import type { Brush, Place } from './corrections';
import type { Share } from './lay';
import type { Mask } from './people';

const TINT = [255, 96, 64, 150] as const; // RGBA
const KEY_STEP = 0.02; // of each side
const STEPS: Record<string, Place> = {
  ArrowLeft: { x: -KEY_STEP, y: 0 },
  ArrowRight: { x: KEY_STEP, y: 0 },
  ArrowUp: { x: 0, y: -KEY_STEP },
  ArrowDown: { x: 0, y: KEY_STEP },
};

export class MaskView {
  readonly #canvas = document.createElement('canvas');
  readonly #ring = document.createElement('span');
  readonly #brush: () => Brush;
  readonly #onStroke: () => void;
  #mask: Mask | undefined;
  #at: Place = { x: 0.5, y: 0.5 };

  /** `brush` says what is drawn with; `onStroke` hears that the mask was corrected. */
  constructor(brush: () => Brush, onStroke: () => void) {
    this.#brush = brush;
    this.#onStroke = onStroke;
    this.#canvas.className = 'mask';
    this.#canvas.role = 'application';
    nameElement(this.#canvas, t('people.canvas'));
    this.#ring.className = 'brush-ring';
    part('#paper', HTMLElement).append(this.#canvas, this.#ring);
    this.#followPointer();
    this.#canvas.addEventListener('keydown', (event) => {
      this.#followKey(event);
    });
    this.show(false, false);
  }

  /** Takes another mask, or none. */
  take(mask: Mask | undefined): void {
    this.#mask = mask;
    const { width, height } = mask ?? { width: 0, height: 0 };
    Object.assign(this.#canvas, { width, height });
    this.redraw();
  }

  /** As a tint, and with a brush. */
  show(shown: boolean, brushed: boolean): void {
    this.#canvas.hidden = !shown && !brushed;
    this.#canvas.toggleAttribute('data-brushed', brushed);
    this.#canvas.tabIndex = brushed ? 0 : -1;
    this.#ring.hidden = !brushed;
    this.#placeRing();
  }

  /** Draws the mask as it is corrected now. */
  redraw(): void {
    const mask = this.#mask;
    if (mask) tint(this.#canvas, mask.corrections.over(mask.share, mask));
  }

  #followPointer(): void {
    const canvas = this.#canvas;
    canvas.addEventListener('pointerdown', (event) => {
      if (!this.#mask || event.button !== 0) return;
      event.stopPropagation(); // it would move the picture
      canvas.setPointerCapture(event.pointerId);
      this.#at = this.#placeOf(event);
      this.#mask.corrections.begin();
      this.#draw(this.#at);
    });
    canvas.addEventListener('pointermove', (event) => {
      const place = this.#placeOf(event);
      if (canvas.hasPointerCapture(event.pointerId)) this.#draw(place);
      else this.#at = place;
      this.#placeRing();
    });
    canvas.addEventListener('pointerup', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.#onStroke();
    });
  }

  #followKey(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const isDab = event.key === ' ' || event.key === 'Enter';
    if (!this.#mask || (!step && !isDab)) return;
    event.preventDefault();
    if (step) this.#at = { x: within(this.#at.x + step.x), y: within(this.#at.y + step.y) };
    this.#placeRing();
    if (!isDab) return;
    this.#mask.corrections.begin();
    this.#draw(this.#at);
    this.#onStroke();
  }

  #placeOf({ clientX, clientY }: PointerEvent): Place {
    const box = this.#canvas.getBoundingClientRect();
    return { x: within((clientX - box.left) / box.width), y: within((clientY - box.top) / box.height) };
  }

  #draw(to: Place): void {
    this.#mask?.corrections.draw(this.#at, to, this.#brush());
    this.#at = to;
    this.redraw();
  }

  #placeRing(): void {
    const { width, height } = this.#canvas;
    const side = 2 * this.#brush().radius * Math.max(width, height);
    const { style } = this.#ring;
    style.left = `${100 * this.#at.x}%`;
    style.top = `${100 * this.#at.y}%`;
    style.width = `${(100 * side) / Math.max(1, width)}%`;
  }
}

function within(place: number): number {
  return Math.min(1, Math.max(0, place));
}

function tint(canvas: HTMLCanvasElement, share: Share): void {
  const { width, height } = canvas;
  const tinted = new ImageData(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      tinted.data.set(TINT, at);
      tinted.data[at + 3] = TINT[3] * share(x, y);
    }
  }
  context2d(canvas).putImageData(tinted, 0, 0);
}
