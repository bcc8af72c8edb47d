/** Where the page stands, worked out from plain facts, so that every transition can be tested without a browser. */
import { moduleOf, type Effect } from '../effects';
import { t } from '../i18n';
import type { Size } from '../photo/resize';

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
  /** The size that is being painted to be saved. */
  saving: Size | undefined;
  /** An error is shown. */
  alert: boolean;
  /** What was painted last, and whether it is what the controls say. */
  painted: ({ name: string; isCurrent: boolean } & Size) | undefined;
  /** Said once in place of the usual status. */
  note: string;
}

export function isBusy({ saving, reading, painting, dragging, ...facts }: Facts): boolean {
  const awaitsGallery = facts.hasPhoto && !facts.effect && facts.gallery === 'loading';
  return saving !== undefined || reading || painting || dragging || awaitsGallery;
}

export function stateOf(facts: Facts): State {
  if (isBusy(facts)) return 'working';
  if (facts.alert) return 'error';
  if (facts.painted) return 'done';
  return facts.starting || facts.gallery === 'loading' ? 'loading' : 'ready';
}

/** Whether the Paint button has something to do. */
export function canPaint(facts: Facts): boolean {
  return facts.hasPhoto && !isBusy(facts) && !facts.painted?.isCurrent;
}

export function canSave(facts: Facts): boolean {
  return facts.painted !== undefined && !isBusy(facts);
}

/** The line under the controls. */
export function statusOf(facts: Facts): string {
  const { note, painted, saving, effect, reading } = facts;
  const state = stateOf(facts);
  if (note) return note;
  if ((state === 'done' || state === 'error') && painted) {
    return t('status.done', { style: painted.name, width: painted.width, height: painted.height });
  }
  if (saving) return t('status.full', { width: saving.width, height: saving.height });
  if (state === 'working') return effect && !reading ? moduleOf(effect).working(effect) : t('status.opening');
  if (state === 'ready' && facts.hasPhoto) return t('status.waiting');
  return t(`status.${state}`);
}
