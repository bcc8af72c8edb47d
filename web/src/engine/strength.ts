/** The strength slider's arithmetic: 0 is the photo itself, from 25 up only the vector acts. */

/** Below this strength the painting also fades into the photo. */
export const FADE_BELOW = 25;

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
  return Math.min(1, clampStrength(strength) / FADE_BELOW);
}

function clampStrength(strength: number): number {
  return Math.min(100, Math.max(0, strength));
}
