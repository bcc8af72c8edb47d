/** The finer controls of day and night: which hour it is turned to, and how many lights are on. */
import type { TranslatorName } from '../../engine/client';
import { CONSTANTS } from '../../engine/constants';
import { panelFrom } from '../../ui/dom';
import { showFilled } from '../../ui/slider';
import type { FinerControls, Settings } from '../effect';
import { PeopleControl } from '../people-control';
import html from './adjust.html?raw';
import { hoursOf, nearestHour, usual, usualPeople } from './hours';
import { t, type Word } from './words';

export interface HourControls extends FinerControls {
  readonly people: PeopleControl;
  /** Shows what the translator offers, where it begins. */
  turnTo(translator: TranslatorName): void;
}

export function setUpHours(onAdjust: () => void): HourControls {
  const element = panelFrom(html);
  const sliders = { hour: control('hour'), lights: control('lights') };
  const people = new PeopleControl('time', usualPeople('day-to-night'), adjust);
  let translator: TranslatorName = 'day-to-night';
  let settings: Settings = usual(translator);
  element.append(people.element);

  function adjust(): void {
    settings = {
      hour: sliders.hour.slider.valueAsNumber,
      lights: sliders.lights.slider.valueAsNumber,
    };
    onAdjust();
  }

  function control(name: 'hour' | 'lights') {
    const find = <T extends Element>(selector: string) => element.querySelector(selector) as T;
    const slider = find<HTMLInputElement>(`#${name}`);
    find<HTMLElement>(`label[for=${name}]`).textContent = t(`adjust.${name}`);
    slider.addEventListener('input', show);
    slider.addEventListener('change', adjust);
    return { slider, output: find<HTMLOutputElement>(`#${name}-value`) };
  }

  function show(): void {
    const { hour, lights } = sliders;
    const name = nearestHour(translator, hour.slider.valueAsNumber);
    hour.output.value = name && t(`hour.${name}` as Word);
    hour.slider.ariaValueText = hour.output.value;
    lights.output.value = lights.slider.value;
    for (const { slider } of [hour, lights]) showFilled(slider);
  }

  function setHours(wanted: Settings): void {
    const { hour, lights } = { ...usual(translator), ...wanted };
    settings = { hour, lights };
    sliders.hour.slider.valueAsNumber = hour;
    sliders.lights.slider.valueAsNumber = lights;
    show();
  }

  return {
    element,
    get settings() {
      return { ...settings, ...people.settings };
    },
    set(wanted = {}) {
      setHours(wanted);
      people.set(wanted);
    },
    people,
    turnTo(other) {
      if (element.dataset['translator'] === other) return;
      translator = other;
      element.dataset['translator'] = other;
      element.hidden = hoursOf(other).length === 0;
      (sliders.lights.slider.parentElement as HTMLElement).hidden = !CONSTANTS[other].has_lights;
      setHours({});
    },
  };
}
