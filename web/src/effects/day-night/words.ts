/** The words of day and night. */
import { createT } from '../../i18n';

export const words = {
  en: {
    tab: 'Time of day',
    headline: 'From day to night, and back',
    directions: 'Direction',
    'title.day-to-night': 'Day to night',
    'title.night-to-day': 'Night to day',
    'name.day-to-night': 'Night',
    'name.night-to-day': 'Day',
    'scene.day-to-night': 'Evening light and lit windows.',
    'scene.night-to-day': 'Streets and cities by day. Dark areas are filled in by guesswork.',
    'warning.day-to-night': 'This photo looks like night already, so it may become very dark.',
    'warning.night-to-day': 'This photo looks like day already, so it may become very bright.',
    'result.day-to-night': 'Your photo turned to night',
    'result.night-to-day': 'Your photo turned to day',
    'working.day-to-night': 'Turning day to night',
    'working.night-to-day': 'Turning night to day',
    'adjust.hour': 'Hour',
    'adjust.lights': 'Lights',
    'hour.golden hour': 'golden hour',
    'hour.blue hour': 'blue hour',
    'hour.night': 'night',
    'hour.dawn': 'dawn',
    'hour.overcast': 'overcast',
    'hour.noon': 'noon',
  },
  ru: {
    tab: 'Время суток',
    headline: 'Из дня в ночь и обратно',
    directions: 'Направление',
    'title.day-to-night': 'Из дня в ночь',
    'title.night-to-day': 'Из ночи в день',
    'name.day-to-night': 'Ночь',
    'name.night-to-day': 'День',
    'scene.day-to-night': 'Вечерний свет и огни в окнах.',
    'scene.night-to-day': 'Улицы и города днём. Тёмные места дорисовываем по догадке.',
    'warning.day-to-night': 'Похоже, на этом фото уже ночь: оно может стать очень тёмным.',
    'warning.night-to-day': 'Похоже, на этом фото уже день: оно может стать очень светлым.',
    'result.day-to-night': 'Ваше фото ночью',
    'result.night-to-day': 'Ваше фото днём',
    'working.day-to-night': 'Превращаем день в ночь',
    'working.night-to-day': 'Превращаем ночь в день',
    'adjust.hour': 'Час',
    'adjust.lights': 'Огни',
    'hour.golden hour': 'золотой час',
    'hour.blue hour': 'синий час',
    'hour.night': 'ночь',
    'hour.dawn': 'рассвет',
    'hour.overcast': 'пасмурно',
    'hour.noon': 'полдень',
  },
};

export type Word = keyof typeof words.en;

export const t = createT(words);
