/**
 * The panel of day and night: a drawn street that darkens with the strength, a line about what happens, and a word
 * where the photo looks like what it would become. The direction is found by the photo's brightness; two buttons
 * beside the tab change it. Only translators that were published with the page are offered.
 */
import type { TranslatorName } from '../../engine/client';
import { nameElement } from '../../i18n';
import { panelFrom } from '../../ui/dom';
import type { EffectPanel, PanelEvents } from '../effect';
import { skyGrey, timeOfDay } from './brightness';
import { setUpHours } from './adjust';
import { Direction } from './direction';
import type { DayNightEffect } from './effect';
import { hoursOf } from './hours';
import html from './panel.html?raw';
import { t } from './words';
import './day-night.css';

/** Names of the published models' folders; filled in by the build. */
declare const PUBLISHED_MODELS: string[];

const ICONS: Record<TranslatorName, string> = { 'day-to-night': 'i-moon', 'night-to-day': 'i-sun' };
const ALREADY = { 'day-to-night': 'night', 'night-to-day': 'day' } as const;

export function setUpDayNight({
  onChoose,
  onAdjust,
}: PanelEvents<DayNightEffect>): EffectPanel<DayNightEffect> {
  const element = panelFrom(html);
  const [title, text, warning] = ['title', 'text', 'warning'].map(
    (name) => element.querySelector(`.scene-${name}`) as HTMLElement,
  ) as [HTMLElement, HTMLElement, HTMLElement];
  const effects = published().map(effectOf);
  const direction = new Direction(published());
  const buttons = new Map(effects.map((effect) => [effect.id, directionButton(effect.id)]));
  const adjust = setUpHours(onAdjust);
  let photo: ImageData | undefined;
  let isOpen = false;

  for (const effect of effects) {
    buttons.get(effect.id)?.addEventListener('click', () => {
      direction.choose(effect.id, photo !== undefined);
      show();
      onChoose(effect);
    });
  }

  function show(): void {
    const id = direction.chosen;
    if (!id) return;
    element.dataset['direction'] = id;
    adjust.turnTo(id);
    title.textContent = t(`title.${id}`);
    text.textContent = t(`scene.${id}`);
    const isAlready = photo && timeOfDay(skyGrey(photo)) === ALREADY[id];
    warning.textContent = isAlready ? t(`warning.${id}`) : '';
    for (const [name, button] of buttons) button.ariaPressed = String(isOpen && name === id);
  }

  show();
  return {
    element,
    tab: effects.length > 0 ? { id: 'time', label: t('tab') } : undefined,
    beside: group([...buttons.values()]),
    ...(published().some((id) => hoursOf(id).length > 0) && { adjust }),
    get effect() {
      return effects.find(({ id }) => id === direction.chosen);
    },
    choose({ id }) {
      direction.choose(id, photo !== undefined);
      show();
    },
    open(opened) {
      isOpen = opened;
      adjust.people.open(opened);
      show();
    },
    judge(judged) {
      photo = judged;
      direction.judge(judged && timeOfDay(skyGrey(judged)));
      show();
    },
  };
}

function published(): TranslatorName[] {
  return (Object.keys(ICONS) as TranslatorName[]).filter((name) => PUBLISHED_MODELS.includes(name));
}

function effectOf(id: TranslatorName): DayNightEffect {
  return { kind: 'day-night', id, name: t(`name.${id}`) };
}

function directionButton(id: TranslatorName): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'direction';
  button.dataset['testid'] = `mode-${id}`;
  nameElement(button, t(`title.${id}`));
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#${ICONS[id]}" /></svg>`;
  return button;
}

function group(buttons: HTMLElement[]): HTMLElement {
  const element = document.createElement('div');
  element.className = 'directions';
  element.role = 'group';
  element.ariaLabel = t('directions');
  element.append(...buttons);
  return element;
}
