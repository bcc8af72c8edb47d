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
    'mix.add': 'Mix in another style…',
    'mix.remove': 'Take {style} out',
    'keep.save': 'Save style',
    'keep.saved': 'The style was saved as {name}',
    'keep.link': 'Copy link',
    'keep.copied': 'The link was copied',
    'keep.share': 'Share link',
    'keep.open': 'Open style',
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
    'mix.add': 'Добавить ещё стиль…',
    'mix.remove': 'Убрать стиль «{style}»',
    'keep.save': 'Сохранить стиль',
    'keep.saved': 'Стиль сохранён как {name}',
    'keep.link': 'Копировать ссылку',
    'keep.copied': 'Ссылка скопирована',
    'keep.share': 'Отправить ссылку',
    'keep.open': 'Открыть стиль',
    result: 'Ваше фото в стиле «{style}»',
    working: 'Рисуем: {style}',
  },
};

export type Word = keyof (typeof words)['en'];

export const t = createT(words);
