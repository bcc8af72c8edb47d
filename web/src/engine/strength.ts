/** The strength that the transformer is given: 0 is the photo itself, 100 the full style. */

/**
 * The vector for a strength: from the photo's own toward the style's.
 * own, style: [100]; strength: 0..100. Linear, so 0 gives own and 100 gives style.
 */
export function vectorAt(own: ArrayLike<number>, style: ArrayLike<number>, strength: number): Float32Array {
  const share = Math.min(100, Math.max(0, strength)) / 100;
  return Float32Array.from(own, (value, i) => value + share * ((style[i] ?? value) - value));
}
