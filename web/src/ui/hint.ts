/** Says once, on the first painting, that holding the picture shows the photo. */
import { part } from './dom';
import { recall, remember } from './memory';

export interface Hint {
  /** A painting is there to be compared. */
  offer(): void;
  /** It has been found out, or something else is going on. */
  hide(): void;
}

const REMEMBERED = 'nocturne.hold-hinted';
const SHOWN_MS = 6000;

export function setUpHint(): Hint {
  const pill = part('#hint', HTMLElement);
  let isDone = recall(REMEMBERED) !== '';

  function hide(): void {
    pill.hidden = true;
  }

  return {
    offer() {
      if (isDone) return;
      isDone = true;
      remember(REMEMBERED, 'yes');
      pill.hidden = false;
      setTimeout(hide, SHOWN_MS);
    },
    hide,
  };
}
