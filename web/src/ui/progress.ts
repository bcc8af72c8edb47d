/** The progress bar with its cancel button. */
import { t, type WordKey } from '../i18n';
import { part, testId } from './dom';

export type ProgressStage = 'open' | 'download' | 'prepare' | 'predict' | 'paint';

export interface ProgressBar {
  /** Shows the bar; `fraction` 0..1. */
  show(stage: ProgressStage, fraction: number): void;
  hide(): void;
}

export function setUpProgress(onCancel: () => void): ProgressBar {
  const box = part('#working', HTMLElement);
  const label = part('#working-stage', HTMLElement);
  const bar = testId('progress', HTMLProgressElement);
  testId('cancel', HTMLButtonElement).addEventListener('click', onCancel);
  return {
    show(stage, fraction) {
      const key: WordKey = `stage.${stage}`;
      box.hidden = false;
      label.textContent = t(key);
      bar.value = Math.round(fraction * 1000) / 10;
    },
    hide() {
      box.hidden = true;
      bar.value = 0;
    },
  };
}
