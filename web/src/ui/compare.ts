/** Before and after: a divider to drag or move by keys, and the photo alone while something is held. */
import { part, testId } from './dom';

export interface Compare {
  /** Shows the photo alone while held. */
  hold(held: boolean): void;
  /** Back to the painting alone. */
  close(): void;
}

const HOLD_MS = 300;
const MOVES: Record<string, number> = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

export function setUpCompare(): Compare {
  const paper = part('#paper', HTMLElement);
  const button = testId('compare', HTMLButtonElement);
  const divider = part('#divider', HTMLElement);
  setUpDivider(divider, paper);

  function open(opened: boolean): void {
    paper.toggleAttribute('data-compare', opened);
    divider.hidden = !opened;
    button.ariaPressed = String(opened);
  }

  function hold(held: boolean): void {
    paper.toggleAttribute('data-held', held);
  }

  let timer = 0;
  let wasHeld = false;
  button.addEventListener('pointerdown', () => {
    wasHeld = false;
    timer = setTimeout(() => {
      wasHeld = true;
      hold(true);
    }, HOLD_MS);
  });
  for (const end of ['pointerup', 'pointerleave', 'pointercancel']) {
    button.addEventListener(end, () => {
      clearTimeout(timer);
      hold(false);
    });
  }
  button.addEventListener('click', () => {
    if (!wasHeld) open(!paper.hasAttribute('data-compare'));
    wasHeld = false;
  });

  return {
    hold,
    close() {
      open(false);
    },
  };
}

function setUpDivider(divider: HTMLElement, paper: HTMLElement): void {
  let position = 50; // per cent of the picture's width

  function move(to: number): void {
    position = Math.min(100, Math.max(0, to));
    paper.style.setProperty('--split', `${position}%`);
    divider.ariaValueNow = String(Math.round(position));
  }

  divider.addEventListener('keydown', (event) => {
    const step = MOVES[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(position + step);
  });
  divider.addEventListener('pointerdown', (event) => {
    divider.setPointerCapture(event.pointerId);
  });
  divider.addEventListener('pointermove', (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = paper.getBoundingClientRect();
    move(((event.clientX - box.left) / box.width) * 100);
  });
}
