/**
 * What to make of the photo: a painting in a style, or night of day, or day of night. A row of tabs over the gallery,
 * which gives way to a line about what happens. Only translators that were published with the page are offered.
 */
import { meanGrey, timeOfDay } from '../daynight/brightness';
import type { TranslatorName } from '../engine/client';
import { t } from '../i18n';
import { part, testId } from './dom';
import { neighbour } from './gallery';
import type { Style } from './style';

/** Names of the published models' folders; filled in by the build. */
declare const PUBLISHED_MODELS: string[];

export interface Modes {
  /** Night or day, where one of them is chosen instead of a style. */
  readonly translation: Style | undefined;
  /** Says beside a translator whether this photo looks like what it would become. */
  judge(photo: ImageData | undefined): void;
  /** Back to the styles. */
  chooseStyles(): void;
}

const TRANSLATORS: TranslatorName[] = ['day-to-night', 'night-to-day'];
const ALREADY = { 'day-to-night': 'night', 'night-to-day': 'day' } as const;

export function setUpModes(onSelect: () => void): Modes {
  const tabs = tabsOfPublished();
  const warning = testId('warning', HTMLElement);
  let translation: Style | undefined;
  let photo: ImageData | undefined;

  function select(tab: HTMLElement): void {
    if (tab.ariaSelected === 'true') return;
    for (const other of tabs.keys()) mark(other, other === tab);
    translation = tabs.get(tab);
    showPanel(tab, translation?.translator);
    warn();
    onSelect();
  }

  function warn(): void {
    const translator = translation?.translator;
    const isAlready = translator && photo && timeOfDay(meanGrey(photo)) === ALREADY[translator];
    warning.textContent = isAlready ? t(`warning.${translator}`) : '';
  }

  for (const tab of tabs.keys()) {
    tab.addEventListener('click', () => {
      select(tab);
    });
  }
  part('#modes', HTMLElement).addEventListener('keydown', (event) => {
    const tab = neighbour([...tabs.keys()], event);
    if (!tab) return;
    event.preventDefault();
    tab.focus();
    select(tab);
  });

  return {
    get translation() {
      return translation;
    },
    judge(judged) {
      photo = judged;
      warn();
    },
    chooseStyles() {
      select(testId('mode-style', HTMLButtonElement));
    },
  };
}

/** The tabs, each with what it makes of a photo (the styles' with nothing); hidden where there is no choice. */
function tabsOfPublished(): Map<HTMLElement, Style | undefined> {
  const tabs = new Map<HTMLElement, Style | undefined>([
    [testId('mode-style', HTMLButtonElement), undefined],
  ]);
  for (const translator of TRANSLATORS) {
    const tab = testId(`mode-${translator}`, HTMLButtonElement);
    tab.hidden = !PUBLISHED_MODELS.includes(translator);
    if (!tab.hidden) tabs.set(tab, { id: translator, name: t(translator), translator });
  }
  const isChoice = tabs.size > 1;
  part('#modes', HTMLElement).hidden = !isChoice;
  part('#panel-title', HTMLElement).classList.toggle('unseen', isChoice);
  return tabs;
}

/** The selected tab's part of the panel: the gallery, or a translator's scene. */
function showPanel(tab: HTMLElement, translator: TranslatorName | undefined): void {
  const scene = part('#scene', HTMLElement);
  part('#styles', HTMLElement).hidden = translator !== undefined;
  scene.hidden = translator === undefined;
  part('.panel', HTMLElement).dataset['mode'] = translator ?? 'style';
  if (!translator) return;
  scene.setAttribute('aria-labelledby', tab.id);
  part('#scene-text', HTMLElement).textContent = t(`scene.${translator}`);
}

/** Only the selected tab is a stop of the Tab key. */
function mark(tab: HTMLElement, selected: boolean): void {
  tab.ariaSelected = String(selected);
  tab.tabIndex = selected ? 0 : -1;
}
