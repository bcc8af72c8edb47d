/** The style panel's words. */
import { createT } from '../../i18n';

export const words = {
  en: {
    tab: 'Style',
    own: 'Your own',
    result: 'Your photo painted in the style {style}',
    working: 'Painting: {style}',
  },
  ru: {
    tab: 'Стиль',
    own: 'Свой стиль',
    result: 'Ваше фото в стиле «{style}»',
    working: 'Рисуем: {style}',
  },
};

export const t = createT(words);
