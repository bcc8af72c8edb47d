/**
 * Paints every style small on the visitor's own photo while the page rests, one after another. Whatever else is to be
 * painted comes first: it stops this, and it goes on once the page rests again.
 */
import { isCancelled } from '../../engine/client';
import { dropPicture } from '../../engine/picture';
import type { Networks } from '../effect';
import type { StyleItem } from './item';

const REST_MS = 500;

export class Outcomes {
  #square: ImageData | undefined;
  #running: AbortController | undefined;
  #timer = 0;

  constructor(
    private readonly stylise: Networks['stylise'],
    private readonly items: () => readonly StyleItem[],
  ) {}

  /** Takes another photo's centre square, or none; the paintings of the former one are dropped. */
  take(square: ImageData | undefined): void {
    this.rest(false);
    for (const item of this.items()) item.dropOutcome();
    this.#square = square;
  }

  /** Whether the page has nothing else to paint now. */
  rest(resting: boolean): void {
    if (!resting) {
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.#running?.abort();
      this.#running = undefined;
    } else if (!this.#timer && !this.#running && this.#square && this.#next()) {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        void this.#run(this.#square as ImageData);
      }, REST_MS);
    }
  }

  /** The first style that can be painted at once and is not painted yet. */
  #next(): StyleItem | undefined {
    return this.items().find(({ hasOutcome, style }) => !hasOutcome && style.vector);
  }

  async #run(photo: ImageData): Promise<void> {
    const { signal } = (this.#running = new AbortController());
    try {
      for (let item = this.#next(); item && !signal.aborted; item = this.#next()) {
        const { vector, space } = item.style;
        if (!vector) return;
        const request = { photo, vector, strength: 100, ...(space && { styleSpace: space }) };
        const picture = await this.stylise(request, { signal });
        if (!signal.aborted) item.showOutcome(picture);
        dropPicture(picture);
      }
    } catch (error) {
      // The gallery does without: the styles' own pictures are there. What a painting needs says so itself.
      if (!isCancelled(error)) this.#square = undefined;
    } finally {
      if (this.#running?.signal === signal) this.#running = undefined;
    }
  }
}
