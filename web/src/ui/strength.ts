/** The strength slider: tells each value while it is dragged, and the last one once it rests. */
import { part, testId } from './dom';
import { showFilled } from './slider';

export interface Strength {
  /** 0..100; 0 is the photo itself. */
  readonly value: number;
  /** Puts the knob somewhere, without a word to anyone. */
  set(value: number): void;
}

export const FULL_STRENGTH = 100;

const REST_MS = 350; // after the last key press or programmed change, without a pointer holding the knob

export function setUpStrength(onDrag: () => void, onRest: () => void): Strength {
  const slider = testId('strength', HTMLInputElement);
  const output = part('#strength-value', HTMLOutputElement);
  const panel = part('.panel', HTMLElement);
  let held = false;
  let moved = false; // since the last `change`
  let rest = 0;

  function show(): void {
    output.value = slider.value;
    showFilled(slider);
    panel.style.setProperty('--strength', String(slider.valueAsNumber / 100));
  }

  function restSoon(delay: number): void {
    clearTimeout(rest);
    rest = setTimeout(onRest, delay);
  }

  slider.addEventListener('pointerdown', () => {
    held = true;
  });
  for (const end of ['pointerup', 'pointercancel', 'blur']) {
    slider.addEventListener(end, () => {
      // A knob brought back to where it was held moves without a `change` in some browsers.
      if (held && moved) restSoon(REST_MS);
      held = false;
    });
  }
  slider.addEventListener('input', () => {
    moved = true;
    show();
    onDrag();
    clearTimeout(rest);
    if (!held) restSoon(REST_MS);
  });
  // A drag ends with pointerup and change in an order that differs by browser.
  slider.addEventListener('change', () => {
    moved = false;
    restSoon(held ? 0 : REST_MS);
  });

  slider.addEventListener('dblclick', () => {
    if (slider.valueAsNumber === FULL_STRENGTH) return;
    slider.valueAsNumber = FULL_STRENGTH;
    show();
    onDrag();
    restSoon(0);
  });

  show();
  return {
    get value() {
      return slider.valueAsNumber;
    },
    set(value) {
      clearTimeout(rest);
      slider.valueAsNumber = value;
      show();
    },
  };
}
