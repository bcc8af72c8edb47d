/** The sizes painted last: a slider's preview and the full picture take turns. */

const KEPT = 2;
let sizes: string[] = [];

/**
 * Whether a picture of a third size comes next. What lies idle on the graphics processor would not fit it, and is
 * better freed than kept beside what that size needs.
 */
export function isThirdSize(height: number, width: number): boolean {
  const size = `${height}x${width}`;
  const isThird = !sizes.includes(size) && sizes.length === KEPT;
  sizes = [...sizes.filter((each) => each !== size), size].slice(-KEPT);
  return isThird;
}
