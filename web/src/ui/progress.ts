/** The progress bar with its cancel button. What is over soon needs neither: they come after a while. */
import { t, type WordKey } from '../i18n';
import { part, testId } from './dom';

export type ProgressStage = 'open' | 'download' | 'prepare' | 'predict' | 'paint';

export interface ProgressBar {
  /** Shows the bar, once this has gone on for a while; `fraction` 0..1. */
  show(stage: ProgressStage, fraction: number): void;
  hide(): void;
}

const PATIENCE_MS = 600;

export function setUpProgress(onCancel: () => void): ProgressBar {
  const box = part('#working', HTMLElement);
  const label = part('#working-stage', HTMLElement);
  const bar = testId('progress', HTMLProgressElement);
  let timer = 0;
  testId('cancel', HTMLButtonElement).addEventListener('click', onCancel);
  return {
    show(stage, fraction) {
      const key: WordKey = `stage.${stage}`;
      if (box.hidden && !timer) {
        timer = setTimeout(() => {
          box.hidden = false;
        }, PATIENCE_MS);
      }
      label.textContent = t(key);
      bar.value = Math.round(fraction * 1000) / 10;
    },
    hide() {
      clearTimeout(timer);
      timer = 0;
      box.hidden = true;
      bar.value = 0;
    },
  };
}
