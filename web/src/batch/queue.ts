/** Photos that are worked through one at a time: a broken one does not stop the rest, and it can be paused between two. */

export type State = 'waiting' | 'working' | 'done' | 'failed';

export class Queue<Item, Result> {
  #goOn: (() => void) | undefined; // while paused
  #paused: Promise<void> | undefined;

  /** `make` makes the result of one; `tell` hears of each change. */
  constructor(
    private readonly make: (item: Item, signal: AbortSignal) => Promise<Result>,
    private readonly tell: (item: Item, state: State, error?: unknown) => void,
  ) {}

  get isPaused(): boolean {
    return this.#paused !== undefined;
  }

  /** Lets the one that is being made end, and begins no other. */
  pause(): void {
    this.#paused ??= new Promise((resolve) => (this.#goOn = resolve));
  }

  resume(): void {
    this.#goOn?.();
    this.#goOn = this.#paused = undefined;
  }

  /** The results in order as they are made, without those that failed. Throws once the signal has come. */
  async *run(items: readonly Item[], signal: AbortSignal): AsyncGenerator<Result> {
    for (const item of items) this.tell(item, 'waiting');
    for (const item of items) {
      await this.#whileNotPaused(signal);
      this.tell(item, 'working');
      try {
        const result = await this.make(item, signal);
        this.tell(item, 'done');
        yield result;
      } catch (error) {
        this.tell(item, signal.aborted ? 'waiting' : 'failed', error);
      }
      signal.throwIfAborted();
    }
  }

  async #whileNotPaused(signal: AbortSignal): Promise<void> {
    const aborted = new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    while (this.#paused && !signal.aborted) await Promise.race([this.#paused, aborted]);
    signal.throwIfAborted();
  }
}
