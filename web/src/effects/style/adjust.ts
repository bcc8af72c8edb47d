/** The finer controls of styles: how large the strokes are, and whether the photo's colours stay. */
import { panelFrom } from '../../ui/dom';
import type { FinerControls, Settings } from '../effect';
import html from './adjust.html?raw';
import { t } from './words';

/** What styles are painted with where nothing else is said. */
export const USUAL = { strokeSize: 1, keepColours: 0 };

export function setUpAdjust(onAdjust: () => void): FinerControls {
  const element = panelFrom(html);
  const find = <T extends Element>(selector: string) => element.querySelector(selector) as T;
  const size = find<HTMLInputElement>('#stroke-size');
  const output = find<HTMLOutputElement>('output');
  const colours = find<HTMLInputElement>('#keep-colours');
  find<HTMLElement>('.strength label').textContent = t('adjust.strokes');
  find<HTMLElement>('.tick span').textContent = t('adjust.colours');
  let settings: Settings = USUAL;

  function show(): void {
    output.value = `${size.valueAsNumber}×`;
    const share = (size.valueAsNumber - Number(size.min)) / (Number(size.max) - Number(size.min));
    size.style.setProperty('--filled', `${100 * share}%`);
  }

  size.addEventListener('input', show);
  for (const control of [size, colours]) {
    control.addEventListener('change', () => {
      settings = { strokeSize: size.valueAsNumber, keepColours: Number(colours.checked) };
      onAdjust();
    });
  }
  show();

  return {
    element,
    get settings() {
      return settings;
    },
    set(wanted = USUAL) {
      settings = wanted;
      const { strokeSize, keepColours } = { ...USUAL, ...wanted };
      size.valueAsNumber = strokeSize;
      colours.checked = keepColours === 1;
      show();
    },
  };
}
