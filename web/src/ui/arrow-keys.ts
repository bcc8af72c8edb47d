/** Walking through a group of controls by the arrow keys, as radio groups and tabs do. */

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The item that an arrow key, Home or End leads to from the one with the keyboard's focus. */
export function neighbour(items: Element[], event: KeyboardEvent): HTMLElement | undefined {
  const last = items.length - 1;
  const from = items.findIndex((item) => item === document.activeElement);
  const step = STEPS[event.key];
  let to: number | undefined;
  if (step) to = (from + step + items.length) % items.length;
  else if (event.key === 'Home') to = 0;
  else if (event.key === 'End') to = last;
  const item = to === undefined ? undefined : items[to];
  return item instanceof HTMLElement ? item : undefined;
}
