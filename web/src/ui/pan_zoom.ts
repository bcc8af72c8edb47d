/** Where the picture lies on the stage: scale 1 fits it whole; x and y are its centre from the stage's, in CSS px. */

export interface WindowPoint {
  clientX: number;
  clientY: number;
}

const CLOSEST = 8; // times the fitted size
const DOUBLE_TAP = 2.5;
const MOST_ENLARGED = 3; // small photos are fitted at most this enlarged: beyond it one sees only pixels
const GLIDE_MS = 260; // a little longer than the transition in the style sheet

export class PanZoom {
  scale = 1;
  #x = 0;
  #y = 0;
  #width = 0;
  #height = 0;
  #fitted = 1; // CSS px a pixel of the picture has at scale 1
  readonly #view: HTMLElement;
  readonly #paper: HTMLElement;
  readonly #onZoom: (percent: number) => void;

  /** onZoom: how large a pixel of the picture is on the screen, in per cent of the screen's own pixels. */
  constructor(view: HTMLElement, paper: HTMLElement, onZoom: (percent: number) => void) {
    this.#view = view;
    this.#paper = paper;
    this.#onZoom = onZoom;
  }

  /** Sizes the paper for a picture of that many pixels; zoom and position stay. */
  fit(width: number, height: number): void {
    const { clientWidth, clientHeight } = this.#view;
    if (!clientWidth || !width) return;
    const scale = Math.min(clientWidth / width, clientHeight / height, MOST_ENLARGED);
    this.#fitted = scale;
    this.#width = Math.round(width * scale);
    this.#height = Math.round(height * scale);
    this.#paper.style.width = `${this.#width}px`;
    this.#paper.style.height = `${this.#height}px`;
    this.#place();
  }

  /** Back to the whole picture. */
  home(): void {
    this.#x = this.#y = 0;
    this.scale = 1;
    this.#place();
  }

  /** Zooms by `factor` around a point of the window, by default the stage's centre. */
  zoom(factor: number, at?: WindowPoint): void {
    const box = this.#view.getBoundingClientRect();
    const px = at ? at.clientX - box.left - box.width / 2 : 0;
    const py = at ? at.clientY - box.top - box.height / 2 : 0;
    const scale = Math.min(CLOSEST, Math.max(1, this.scale * factor));
    const change = scale / this.scale;
    this.#x = px - (px - this.#x) * change;
    this.#y = py - (py - this.#y) * change;
    this.scale = scale;
    this.#place();
  }

  /** Shows each pixel of the picture as one of the screen's, where the picture is larger than its stage. */
  actualSize(): void {
    this.zoom(1 / (this.scale * this.#wholeScale));
  }

  /** Pixels of the screen a pixel of the picture takes where all of it is seen. */
  get #wholeScale(): number {
    return this.#fitted * devicePixelRatio;
  }

  pan(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.#place();
  }

  /** Zooms in to that point, or back out where the picture is already enlarged. */
  toggle(at: WindowPoint): void {
    this.glide(() => {
      if (this.scale > 1) this.home();
      else this.zoom(DOUBLE_TAP, at);
    });
  }

  /** Makes a change as a short glide instead of a jump. */
  glide(change: () => void): void {
    this.#paper.dataset['gliding'] = '';
    change();
    setTimeout(() => delete this.#paper.dataset['gliding'], GLIDE_MS);
  }

  #place(): void {
    const slackX = Math.max(0, (this.#width * this.scale - this.#view.clientWidth) / 2);
    const slackY = Math.max(0, (this.#height * this.scale - this.#view.clientHeight) / 2);
    this.#x = Math.min(slackX, Math.max(-slackX, this.#x));
    this.#y = Math.min(slackY, Math.max(-slackY, this.#y));
    this.#paper.style.transform = `translate(-50%, -50%) translate(${this.#x}px, ${this.#y}px) scale(${this.scale})`;
    this.#paper.style.setProperty('--zoom', String(this.scale));
    this.#view.toggleAttribute('data-zoomed', this.scale > 1);
    this.#onZoom(100 * this.scale * this.#wholeScale);
  }
}
