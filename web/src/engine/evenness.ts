/**
 * A strength that is even to the eye. How quickly the network's picture departs from the photo depends on the photo and
 * the style; so that is measured on the reduced photo, and the slider's 50 becomes the strength that gives half of it.
 * training/style/evenness.py is the same.
 */
import { CONSTANTS } from './constants';

/** Mean absolute differences to the photo at equal steps of strength, the last at 100. */
export type Departures = ArrayLike<number>;

/** The strengths at which it is measured. */
export function measuredStrengths(): number[] {
  const { evenness_steps: steps } = CONSTANTS['style-transformer'];
  return Array.from({ length: steps }, (_, i) => (100 * (i + 1)) / steps);
}

/** The network's strength, 0..100, that changes the photo by `wanted` of 100 of what the full strength does. */
export function evenStrength(departures: Departures, wanted: number): number {
  const steps = departures.length;
  const whole = departures[steps - 1] ?? 0;
  if (wanted <= 0 || wanted >= 100 || !(whole > 0)) return Math.min(100, Math.max(0, wanted));
  const aim = (whole * wanted) / 100;
  let before = 0;
  for (let i = 0; i < steps; i++) {
    const here = Math.max(before, departures[i] as number);
    if (here >= aim) return ((i + (aim - before) / (here - before)) * 100) / steps;
    before = here;
  }
  return 100;
}

/** Mean absolute difference of two pictures, [n] in [0,1] each. */
export function departure(painted: Float32Array, photo: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < painted.length; i++) sum += Math.abs((painted[i] as number) - (photo[i] as number));
  return sum / painted.length;
}
