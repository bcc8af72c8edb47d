/** The one place where errors appear: a sentence that says what to do, dismissed by its button or Escape. */
import { part, testId } from './dom';

export interface Alert {
  readonly shown: boolean;
  /** Shows one sentence; with `retry`, also a button that tries again. */
  show(sentence: string, retry?: () => void): void;
  hide(): void;
}

/** `onFocusLost` is called where the dismissed alert had the keyboard's focus. */
export function setUpAlert(onChange: () => void, onFocusLost: () => void): Alert {
  const card = part('#alert-card', HTMLElement);
  const text = testId('error', HTMLParagraphElement);
  const again = part('#alert-retry', HTMLButtonElement);
  let tryAgain: (() => void) | undefined;

  function hide(): void {
    card.hidden = true;
    text.textContent = '';
  }

  function dismiss(): void {
    const hadFocus = card.contains(document.activeElement);
    hide();
    onChange();
    if (hadFocus) onFocusLost();
  }

  part('#alert-close', HTMLButtonElement).addEventListener('click', dismiss);
  again.addEventListener('click', () => {
    dismiss();
    tryAgain?.();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !card.hidden) dismiss();
  });

  return {
    get shown() {
      return !card.hidden;
    },
    show(sentence, retry) {
      tryAgain = retry;
      again.hidden = !retry;
      card.hidden = false;
      text.textContent = sentence;
      onChange();
    },
    hide,
  };
}
