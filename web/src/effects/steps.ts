/** One progress bar over several steps: each takes its share, and the bar never falls. */

export class Steps {
  #done = 0;
  #shown = 0;
  readonly #total: number;

  /** `shares` are the steps' expected durations, in any unit. */
  constructor(shares: number[]) {
    this.#total = shares.reduce((sum, share) => sum + share, 0) || 1;
  }

  /** Begins the next step, of that share; the function maps the step's fraction 0..1 to the whole's. */
  begin(share: number): (fraction: number) => number {
    const start = this.#done;
    this.#done += share;
    return (fraction) => {
      this.#shown = Math.max(this.#shown, (start + share * Math.min(1, fraction)) / this.#total);
      return this.#shown;
    };
  }
}
