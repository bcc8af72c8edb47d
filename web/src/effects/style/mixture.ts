/** Mixtures of styles: the weighted mean of their vectors, as the source of the method has it (source 002). */
import type { Part, StyleEffect } from './effect';

export const MOST_PARTS = 4;
/** Weights go from 1 to this, and begin half-way: two styles that are mixed anew have 50 % each. */
export const FULL_WEIGHT = 100;
export const USUAL_WEIGHT = 50;

/** What a style is mixed of: itself alone, where it is no mixture. Empty while its vector is not known. */
export function partsOf({ parts, name, vector }: StyleEffect): readonly Part[] {
  return parts ?? (vector ? [{ name, weight: USUAL_WEIGHT, vector }] : []);
}

/** The weighted mean of the parts' vectors. */
export function mixed(parts: readonly Part[]): Float32Array {
  const sum = new Float32Array(parts[0]?.vector.length ?? 0);
  shares(parts).forEach((share, i) => {
    parts[i]?.vector.forEach((number, at) => {
      sum[at] = (sum[at] as number) + share * number;
    });
  });
  return sum;
}

/** What each part contributes; they sum to 1. */
export function shares(parts: readonly Part[]): number[] {
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.map(({ weight }) => weight / whole);
}

/** The name of a mixture that the visitor has not named. */
export function nameOf(parts: readonly Part[]): string {
  return parts.map(({ name }) => name).join(' + ');
}

/** `style` with other parts: as `id`, and with a name that follows them unless the visitor has given one. */
export function remixed(style: StyleEffect, parts: readonly Part[], id: string): StyleEffect {
  const isNamed = style.id === id && style.name !== nameOf(partsOf(style));
  return {
    kind: 'style',
    id,
    name: isNamed ? style.name : nameOf(parts),
    vector: mixed(parts),
    ...(style.space && { space: style.space }),
    parts,
  };
}
