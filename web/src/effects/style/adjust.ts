/** The finer controls of styles: how large the strokes are, whether the photo's colours stay, two styles across. */
import { panelFrom } from '../../ui/dom';
import type { FinerControls, Settings } from '../effect';
import { acrossOf } from './across';
import html from './adjust.html?raw';
import type { StyleEffect } from './effect';
import { Gradient } from './gradient';
import { partsOf } from './mixture';
import { t } from './words';

/** What styles are painted with where nothing else is said. */
export const USUAL = { strokeSize: 1, keepColours: 0 };

export interface StyleControls extends FinerControls {
  /** Offers what suits the chosen style: two that are mixed can also be laid across the picture. */
  suit(style: StyleEffect | undefined): void;
  /** Whether what lies on the picture is to be seen. */
  show(shown: boolean): void;
}

export function setUpAdjust(onAdjust: () => void): StyleControls {
  const element = panelFrom(html);
  const find = <T extends Element>(selector: string) => element.querySelector(selector) as T;
  const size = find<HTMLInputElement>('#stroke-size');
  const output = find<HTMLOutputElement>('output');
  const colours = find<HTMLInputElement>('#keep-colours');
  const across = find<HTMLInputElement>('#across');
  const gradient = new Gradient(adjust);
  let settings: Settings = USUAL;
  let isShown = true;
  find<HTMLElement>('.strength label').textContent = t('adjust.strokes');
  find<HTMLElement>('#keep-colours + span').textContent = t('adjust.colours');
  find<HTMLElement>('#across + span').textContent = t('across');

  function adjust(): void {
    settings = {
      strokeSize: size.valueAsNumber,
      keepColours: Number(colours.checked),
      ...(across.checked && gradient.value),
    };
    render();
    onAdjust();
  }

  function render(): void {
    output.value = `${size.valueAsNumber}×`;
    const share = (size.valueAsNumber - Number(size.min)) / (Number(size.max) - Number(size.min));
    size.style.setProperty('--filled', `${100 * share}%`);
    gradient.show(isShown && across.checked && !(across.parentElement as HTMLElement).hidden);
  }

  size.addEventListener('input', render);
  for (const control of [size, colours, across]) control.addEventListener('change', adjust);
  render();

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
      across.checked = acrossOf(wanted) !== undefined;
      gradient.set(acrossOf(wanted));
      render();
    },
    suit(style) {
      const [first, second, ...others] = style ? partsOf(style) : [];
      (across.parentElement as HTMLElement).hidden = !second || others.length > 0;
      if (first && second) gradient.name(first.name, second.name);
      render();
    },
    show(shown) {
      isShown = shown;
      render();
    },
  };
}
