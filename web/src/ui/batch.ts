/** Several photos with one choice: painted one after another and saved as one zip, or each as it is done. */
import { Queue, type State } from '../batch/queue';
import { zipOf } from '../batch/zip';
import { t } from '../i18n';
import type { Candidate } from '../photo/first';
import { part, testId } from './dom';
import { download } from './save';
import { setUpFilm, type Film } from './film';

export interface BatchEvents {
  onChoose: (photo: Candidate) => void;
  /** A photo as the file that is saved of it. */
  makeFile: (photo: Candidate, signal: AbortSignal) => Promise<File>;
  /** What is wrong with a photo, as a sentence. */
  reason: (error: unknown, photo: Candidate) => string;
  /** It began, went on or ended. */
  onChange: () => void;
  /** It ended by itself. */
  onEnd: (saved: number, reasons: string[]) => void;
  onError: (error: unknown) => void;
}

export class Batch {
  readonly film: Film;
  readonly #queue: Queue<Candidate, File>;
  #running: { stop: AbortController; done: number; reasons: string[] } | undefined;

  constructor(private readonly events: BatchEvents) {
    this.film = setUpFilm(events.onChoose);
    this.#queue = new Queue(events.makeFile, (photo, state, error) => {
      this.#tell(photo, state, error);
    });
    testId('batch', HTMLButtonElement).addEventListener('click', () => {
      if (!this.#running) void this.#run();
    });
    part('#batch-pause', HTMLButtonElement).addEventListener('click', () => {
      if (this.#queue.isPaused) this.#queue.resume();
      else this.#queue.pause();
      this.#show();
    });
  }

  /** How far it is, while it runs. */
  get progress(): { done: number; of: number } | undefined {
    return this.#running && { done: this.#running.done, of: this.film.photos.length };
  }

  /** Shows these photos, and which of them is on the easel; fewer than two, none. */
  offer(photos: Candidate[], chosen: Candidate | undefined): void {
    this.film.offer(photos, chosen);
    this.#show();
  }

  enable(enabled: boolean): void {
    testId('batch', HTMLButtonElement).disabled = !enabled;
  }

  /** Ends it without a file; what was saved one by one stays. */
  stop(): void {
    this.#running?.stop.abort();
  }

  #tell(photo: Candidate, state: State, error: unknown): void {
    const why = state === 'failed' ? this.events.reason(error, photo) : undefined;
    this.film.mark(photo, state, why);
    if (this.#running && why) this.#running.reasons.push(why);
    if (this.#running && (state === 'done' || state === 'failed')) this.#running.done += 1;
    this.events.onChange();
  }

  async #run(): Promise<void> {
    const { stop, reasons } = (this.#running = {
      stop: new AbortController(),
      done: 0,
      reasons: [] as string[],
    });
    this.#show();
    try {
      const files = this.#queue.run(this.film.photos, stop.signal);
      const inOne = part('#batch-way', HTMLSelectElement).value === 'zip';
      const saved = await (inOne ? saveZip(files) : saveEach(files));
      this.#end();
      this.events.onEnd(saved, reasons);
    } catch (error) {
      this.#end();
      if (!stop.signal.aborted) this.events.onError(error);
    }
  }

  #end(): void {
    this.#running = undefined;
    this.#queue.resume();
    this.#show();
    this.events.onChange();
  }

  /** While it runs, nothing else can be asked for but to pause and to cancel it. */
  #show(): void {
    const runs = this.#running !== undefined;
    const pause = part('#batch-pause', HTMLButtonElement);
    testId('batch', HTMLButtonElement).hidden = part('#batch-way', HTMLSelectElement).hidden = runs;
    pause.hidden = !runs;
    pause.textContent = t(this.#queue.isPaused ? 'film.resume' : 'film.pause');
    part('#batch-text', HTMLElement).textContent = t('film.save', { count: this.film.photos.length });
    for (const each of document.querySelectorAll<HTMLElement>('.panel, .bar, #film-photos'))
      each.inert = runs;
  }
}

/** All as one zip, which is there once the last is painted; how many there are. None, no zip. */
async function saveZip(files: AsyncIterable<File>): Promise<number> {
  let count = 0;
  async function* counted() {
    for await (const file of files) {
      count += 1;
      yield file;
    }
  }
  const zip = await zipOf(counted());
  if (count > 0) download(new File([zip], 'Nocturne.zip', { type: 'application/zip' }));
  return count;
}

/** Each as soon as it is painted. */
async function saveEach(files: AsyncIterable<File>): Promise<number> {
  let count = 0;
  for await (const file of files) {
    download(file);
    count += 1;
  }
  return count;
}
