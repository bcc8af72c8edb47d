/** The strength slider's arithmetic: 0 is the photo itself; under `fade_below` the painting also fades into the photo. */
import { CONSTANTS } from './constants';

/**
 * The vector for a strength: from the photo's own toward the style's.
 * own, style: [100]; strength: 0..100. Linear, so 0 gives own and 100 gives style.
 */
export function vectorAt(own: ArrayLike<number>, style: ArrayLike<number>, strength: number): Float32Array {
  const share = clampStrength(strength) / 100;
  return Float32Array.from(own, (value, i) => value + share * ((style[i] ?? value) - value));
}

/** How much of the painting is seen, 0..1; the rest is the photo. */
export function paintedShare(strength: number): number {
  return Math.min(1, clampStrength(strength) / CONSTANTS['style-transformer'].fade_below);
}

function clampStrength(strength: number): number {
  return Math.min(100, Math.max(0, strength));
}
