/** What the visitor holds: a device that is touched, or one with a pointer. */

/** A phone or a tablet, without a mouse: nothing can be dropped on it, and its camera app takes photos. */
export function isTouch(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}
