/** The style panel's words. */
import { createT } from '../../i18n';

export const words = {
  en: {
    tab: 'Style',
    headline: 'Your photo, painted',
    own: 'Your own',
    'own.number': 'Your style {number}',
    'own.edit': 'Rename or remove {style}',
    'adjust.strokes': 'Stroke size',
    'adjust.colours': 'Keep the photo’s colours',
    result: 'Your photo painted in the style {style}',
    working: 'Painting: {style}',
  },
  ru: {
    tab: 'Стиль',
    headline: 'Ваше фото как картина',
    own: 'Свой стиль',
    'own.number': 'Ваш стиль {number}',
    'own.edit': 'Переименовать или удалить стиль «{style}»',
    'adjust.strokes': 'Размер мазков',
    'adjust.colours': 'Оставить цвета фото',
    result: 'Ваше фото в стиле «{style}»',
    working: 'Рисуем: {style}',
  },
};

export const t = createT(words);
