/** Noise of which styles are invented: drawn anew, or between two draws. */
import { CONSTANTS } from '../../engine/constants';

/** Independent numbers of mean 0 and deviation 1, as the generator was trained with. `random` gives 0 to below 1. */
export function drawn(random: () => number = Math.random): Float32Array {
  return Float32Array.from({ length: CONSTANTS['style-inventor'].noise }, () => normal(random));
}

/** Box and Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** From one noise (share 0) to another (1) on an arc, on which it keeps its length: to the generator it is a draw too. */
export function between(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const angle = Math.acos(
    Math.min(1, Math.max(-1, dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to)))),
  );
  if (angle < 1e-3) return share < 0.5 ? from : to;
  const [a, b] = [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
  return from.map((number, i) => a * number + b * (to[i] as number));
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, number, i) => sum + number * (other[i] as number), 0);
}
