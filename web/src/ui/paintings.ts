/**
 * The pictures that have been painted of the photo: the one on the easel, and the strongest of the same effect, which a
 * dragged slider fades into the photo at once. The network's own picture follows when the slider rests.
 */
import { dropPicture, type Picture } from '../engine/picture';
import { isSameSettings } from '../effects/effect';
import type { PaintRequest } from '../effects/painter';
import type { Painted } from './save';

export type Painting = Painted & { request: PaintRequest };

/** A painting to lay over the photo, and its share, 0..1. */
export interface Fade {
  picture: Picture;
  share: number;
}

export class Paintings {
  #current: Painting | undefined;
  #strongest: Painting | undefined;

  /** What was painted last. */
  get current(): Painting | undefined {
    return this.#current;
  }

  /** Keeps a painting in place of the former one; bitmaps that are not needed any more are released. */
  keep(painted: Painting | undefined): void {
    const before = [this.#current, this.#strongest];
    const stays = painted && this.#strongest && isStronger(this.#strongest.request, painted.request);
    this.#strongest = stays ? this.#strongest : painted;
    this.#current = painted;
    const kept = [this.#current, this.#strongest].map((each) => each?.pixels);
    for (const pixels of new Set(before.map((each) => each?.pixels)))
      if (!kept.includes(pixels)) dropPicture(pixels);
  }

  /** What can be shown of a request at once; undefined where nothing as strong has been painted. */
  fadeOf(wanted: Omit<PaintRequest, 'goal'>): Fade | undefined {
    const strongest = this.#strongest;
    if (!strongest || !isStronger(strongest.request, wanted)) return undefined;
    return { picture: strongest.pixels, share: wanted.strength / strongest.request.strength };
  }
}

/** Of the same photo and effect, as strong at least, and more than the photo itself. */
function isStronger(painted: Omit<PaintRequest, 'goal'>, than: Omit<PaintRequest, 'goal'>): boolean {
  const isSame =
    painted.photo === than.photo &&
    painted.effect === than.effect &&
    isSameSettings(painted.settings, than.settings);
  return isSame && painted.strength > 0 && painted.strength >= than.strength;
}
