/** The hours and lights that a translator offers, as weights of its pictures: training/daynight/relit.py. */
import type { TranslatorName } from '../../engine/client';
import { CONSTANTS } from '../../engine/constants';
import type { Settings } from '../effect';
import { AS_ALL_ELSE } from '../people';

/** What a photo is turned to where nothing else is said; both 0..100. */
export function usual(translator: TranslatorName): { hour: number; lights: number } {
  return { hour: Math.round(100 * CONSTANTS[translator].usual_hour), lights: 100 };
}

/**
 * How strongly people are turned to night where nothing else is said: of 32 answers of two judges, blind, about 16
 * portraits 28 keep these pictures rather than those in which people are as dark as all else. By day they are as all
 * else.
 */
export function usualPeople(translator: TranslatorName): number {
  return translator === 'day-to-night' ? 50 : AS_ALL_ELSE;
}

/** Names of the hours, from the first end of the control to the other; none where a translator knows only one. */
export function hoursOf(translator: TranslatorName): readonly string[] {
  return CONSTANTS[translator].hours;
}

/** The hour that is nearest to a value of the control, 0..100. */
export function nearestHour(translator: TranslatorName, value: number): string {
  const hours = hoursOf(translator);
  return hours[Math.round((value / 100) * (hours.length - 1))] ?? '';
}

/** The weight of each of the translator's pictures in the one that is shown. */
export function weightsOf(translator: TranslatorName, settings: Settings): number[] {
  const { hours, has_lights } = CONSTANTS[translator];
  if (hours.length === 0) return [1];
  const { hour, lights } = { ...usual(translator), ...settings };
  const at = (hour / 100) * (hours.length - 1);
  const shares = hours.map((_, i) => Math.max(0, 1 - Math.abs(at - i)));
  return has_lights ? [...shares, lights / 100] : shares;
}
