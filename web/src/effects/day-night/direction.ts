/** Which way the time of day is turned: found by each photo's brightness, until the visitor says otherwise. */
import type { TranslatorName } from '../../engine/client';
import type { TimeOfDay } from './brightness';

export class Direction {
  #chosen: TranslatorName | undefined;
  /** Chosen by the visitor before there was a photo: it holds for the first one. */
  #isAwaiting = false;

  constructor(private readonly offered: readonly TranslatorName[]) {
    this.#chosen = offered[0];
  }

  /** Undefined where none is offered. */
  get chosen(): TranslatorName | undefined {
    return this.#chosen;
  }

  choose(direction: TranslatorName, hasPhoto: boolean): void {
    this.#chosen = direction;
    this.#isAwaiting = !hasPhoto;
  }

  /** Another photo is there, or none: what is not plainly night is turned to night. */
  judge(time: TimeOfDay | undefined): void {
    if (!time) return;
    const found: TranslatorName = time === 'night' ? 'night-to-day' : 'day-to-night';
    if (!this.#isAwaiting && this.offered.includes(found)) this.#chosen = found;
    this.#isAwaiting = false;
  }
}
