/** Adjust: an effect's finer controls, folded away; on phones a half sheet that leaves the picture in sight. */
import { part } from './dom';

export interface Adjust {
  /** Shows an effect's controls; without any, Adjust is not there. */
  show(controls: HTMLElement | undefined): void;
  readonly isOpen: boolean;
}

/** `onOpen` hears that the visitor opened it. */
export function setUpAdjust(onOpen: () => void): Adjust {
  const adjust = part('#adjust', HTMLDetailsElement);
  const summary = part('#adjust > summary', HTMLElement);
  const place = part('#adjust-controls', HTMLElement);

  function close(): void {
    const hadFocus = place.parentElement?.contains(document.activeElement);
    adjust.open = false;
    if (hadFocus) summary.focus();
  }

  adjust.addEventListener('toggle', () => {
    if (adjust.open) onOpen();
  });
  part('#adjust-done', HTMLButtonElement).addEventListener('click', close);
  adjust.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  // As a sheet it lies over what is below it: a press anywhere else puts it away.
  document.addEventListener('pointerdown', ({ target }) => {
    const isSheet = getComputedStyle(part('#adjust-sheet', HTMLElement)).position === 'fixed';
    if (adjust.open && isSheet && target instanceof Node && !adjust.contains(target)) adjust.open = false;
  });

  return {
    get isOpen() {
      return adjust.open;
    },
    show(controls) {
      adjust.hidden = controls === undefined;
      place.replaceChildren(...(controls ? [controls] : []));
    },
  };
}
