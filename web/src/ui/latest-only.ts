/** Work begun one after another, of several kinds: of each kind only the newest counts. */

export class LatestOnly<Kind> {
  readonly #waiting = new Map<Kind, symbol>();

  /** Whether anything is still waited for. */
  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  /** Lets go of all that is waited for. */
  forget(): void {
    this.#waiting.clear();
  }

  /**
   * The work's outcome, also where that is an error; undefined where a newer one of its kind, or `forget`,
   * came first. What arrives too late is handed to `discard`, an error is not heard of.
   */
  async of<T>(kind: Kind, work: Promise<T>, discard: (late: T) => void): Promise<T | undefined> {
    const turn = Symbol();
    this.#waiting.set(kind, turn);
    try {
      const outcome = await work;
      if (this.#ends(kind, turn)) return outcome;
      discard(outcome);
    } catch (error) {
      if (this.#ends(kind, turn)) throw error;
    }
    return undefined;
  }

  #ends(kind: Kind, turn: symbol): boolean {
    return this.#waiting.get(kind) === turn && this.#waiting.delete(kind);
  }
}
