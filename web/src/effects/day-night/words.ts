/** The words of day and night. */
import { createT } from '../../i18n';

export const words = {
  en: {
    'tab.day-to-night': 'Day to night',
    'tab.night-to-day': 'Night to day',
    'name.day-to-night': 'Night',
    'name.night-to-day': 'Day',
    'scene.day-to-night': 'Turns streets and cities from day to night, with lit lamps and windows.',
    'scene.night-to-day':
      'Turns streets and cities from night to day. Dark areas are filled in by guesswork.',
    'warning.day-to-night': 'This photo looks like night already, so it may become very dark.',
    'warning.night-to-day': 'This photo looks like day already, so it may become very bright.',
    'result.day-to-night': 'Your photo turned to night',
    'result.night-to-day': 'Your photo turned to day',
    'working.day-to-night': 'Turning day to night',
    'working.night-to-day': 'Turning night to day',
  },
  ru: {
    'tab.day-to-night': 'День в ночь',
    'tab.night-to-day': 'Ночь в день',
    'name.day-to-night': 'Ночь',
    'name.night-to-day': 'День',
    'scene.day-to-night': 'Улица днём станет ночной: загорятся фонари и окна.',
    'scene.night-to-day': 'Ночная улица станет дневной. Тёмные места будут дорисованы наугад.',
    'warning.day-to-night': 'Похоже, на снимке уже ночь: он может стать очень тёмным.',
    'warning.night-to-day': 'Похоже, на снимке уже день: он может стать очень светлым.',
    'result.day-to-night': 'Ваше фото ночью',
    'result.night-to-day': 'Ваше фото днём',
    'working.day-to-night': 'Превращаем день в ночь',
    'working.night-to-day': 'Превращаем ночь в день',
  },
};

export const t = createT(words);
