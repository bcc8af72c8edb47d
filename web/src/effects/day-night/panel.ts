/**
 * The panel of day and night: a drawn street that darkens with the strength, a line about what happens, and a word
 * where the photo looks like what it would become. Only translators that were published with the page are offered.
 */
import type { TranslatorName } from '../../engine/client';
import { panelFrom } from '../../ui/dom';
import type { EffectPanel } from '../effect';
import { meanGrey, timeOfDay } from './brightness';
import type { DayNightEffect } from './effect';
import html from './panel.html?raw';
import { t } from './words';
import './day-night.css';

/** Names of the published models' folders; filled in by the build. */
declare const PUBLISHED_MODELS: string[];

const ICONS: Record<TranslatorName, string> = { 'day-to-night': 'i-moon', 'night-to-day': 'i-sun' };
const ALREADY = { 'day-to-night': 'night', 'night-to-day': 'day' } as const;

export function setUpDayNight(): EffectPanel<DayNightEffect> {
  const element = panelFrom(html);
  const text = element.querySelector('.scene-text');
  const warning = element.querySelector('.warning');
  let direction: TranslatorName | undefined;
  let photo: ImageData | undefined;

  function warn(): void {
    if (!warning) return;
    const isAlready = direction && photo && timeOfDay(meanGrey(photo)) === ALREADY[direction];
    warning.textContent = isAlready ? t(`warning.${direction as TranslatorName}`) : '';
  }

  return {
    element,
    tabs: published().map((id) => ({
      id,
      icon: ICONS[id],
      label: t(`tab.${id}`),
      effect: { kind: 'day-night', id, name: t(`name.${id}`) },
    })),
    open({ effect }) {
      direction = effect?.id;
      element.dataset['direction'] = direction;
      if (text && direction) text.textContent = t(`scene.${direction}`);
      warn();
    },
    judge(judged) {
      photo = judged;
      warn();
    },
  };
}

function published(): TranslatorName[] {
  return (Object.keys(ICONS) as TranslatorName[]).filter((name) => PUBLISHED_MODELS.includes(name));
}
