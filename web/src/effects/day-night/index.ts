/** Day and night: a street by day turned to night, or one by night turned to day. */
import type { EffectModule } from '../effect';
import type { DayNightEffect } from './effect';
import { DayNightPainter } from './painter';
import { setUpDayNight } from './panel';
import { t } from './words';

export type { DayNightEffect } from './effect';

export const dayNight: EffectModule<DayNightEffect> = {
  createPainter: (networks) => new DayNightPainter(networks),
  setUpPanel: setUpDayNight,
  headline: () => t('headline'),
  describe: ({ id }) => t(`result.${id}`),
  working: ({ id }) => t(`working.${id}`),
};
