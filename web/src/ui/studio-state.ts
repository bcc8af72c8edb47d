/**
 * Where the page stands, and what each thing that happens changes, worked out from plain facts, so that every
 * transition can be tested without a browser.
 */
import { moduleOf, type Effect } from '../effects';
import type { Settings } from '../effects/effect';
import { t } from '../i18n';
import type { Size } from '../photo/resize';
import { FULL_STRENGTH } from './strength';

export type State = 'loading' | 'ready' | 'working' | 'done' | 'error';

export interface Facts {
  /** The engine has not started yet, for the first time. */
  starting: boolean;
  gallery: 'loading' | 'loaded' | 'failed';
  hasPhoto: boolean;
  /** What is to be made of the photo. */
  effect: Effect | undefined;
  /** A file is being opened. */
  reading: boolean;
  painting: boolean;
  /** The strength is being dragged. */
  dragging: boolean;
  /** How many of several photos are painted. */
  batch: { done: number; of: number } | undefined;
  /** The size that is being painted to be saved. */
  saving: Size | undefined;
  /** An error is shown. */
  alert: boolean;
  /** What was painted last. */
  painted: ({ name: string } & Size) | undefined;
  /** Said once in place of the usual status. */
  note: string;
}

export function isBusy({ saving, batch, reading, painting, dragging, ...facts }: Facts): boolean {
  const awaitsGallery = facts.hasPhoto && !facts.effect && facts.gallery === 'loading';
  return saving !== undefined || batch !== undefined || reading || painting || dragging || awaitsGallery;
}

export function stateOf(facts: Facts): State {
  if (isBusy(facts)) return 'working';
  if (facts.alert) return 'error';
  if (facts.painted) return 'done';
  return facts.starting || facts.gallery === 'loading' ? 'loading' : 'ready';
}

/** Whether the Paint button has something to do: only where there is no painting, as after a first one was cancelled. */
export function canPaint(facts: Facts): boolean {
  return facts.hasPhoto && !isBusy(facts) && !facts.painted;
}

export function canSave(facts: Facts): boolean {
  return facts.painted !== undefined && !isBusy(facts);
}

/** Whether small paintings may be made for the gallery: nothing else is going on, and they are seen. */
export function mayPaintGallery(facts: Facts): boolean {
  return facts.painted !== undefined && !isBusy(facts) && !facts.starting && facts.effect?.kind === 'style';
}

/** What is made of the photo, and how strongly. */
export interface Choice {
  effect: Effect;
  strength: number;
  settings: Settings;
}

/** What the controls show after what they asked for was cancelled or failed: what is painted, where anything is. */
export function restored(chosen: Choice | undefined, painted: Choice | undefined): Choice | undefined {
  return painted ?? chosen;
}

/** Whether a painting must not be seen while this effect is awaited: it is another effect's, not another style's. */
export function isOfAnotherEffect(
  painted: Pick<Choice, 'effect'> | undefined,
  { kind, id }: Effect,
): boolean {
  if (!painted) return false;
  return painted.effect.kind !== kind || (kind !== 'style' && painted.effect.id !== id);
}

/** The strength of each effect by itself: full for a new photo, and as it was left where one comes back to it. */
export class Strengths {
  readonly #left = new Map<Effect['kind'], number>();

  of(kind: Effect['kind']): number {
    return this.#left.get(kind) ?? FULL_STRENGTH;
  }

  leave(kind: Effect['kind'], strength: number): void {
    this.#left.set(kind, strength);
  }

  /** Another photo is there. */
  reset(): void {
    this.#left.clear();
  }
}

/** What is going on, for those who do not see the page. */
export function statusOf(facts: Facts): string {
  const { note, painted, batch, saving, effect, reading } = facts;
  const state = stateOf(facts);
  if (note) return note;
  if ((state === 'done' || state === 'error') && painted) {
    return t('status.done', { style: painted.name, width: painted.width, height: painted.height });
  }
  if (batch) return t('status.batch', { at: Math.min(batch.done + 1, batch.of), of: batch.of });
  if (saving) return t('status.full', { width: saving.width, height: saving.height });
  if (state === 'working') return effect && !reading ? moduleOf(effect).working(effect) : t('status.opening');
  if (state === 'ready' && facts.hasPhoto) return t('status.waiting');
  return t(`status.${state}`);
}
