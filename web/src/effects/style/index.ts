/** Style: the photo painted as a picture of the gallery or of the visitor's. */
import type { EffectModule } from '../effect';
import type { StyleEffect } from './effect';
import { StylePanel } from './gallery';
import { StylePainter } from './painter';
import { t } from './words';

export type { StyleEffect } from './effect';
export type { StylePanel } from './gallery';
export { OUTCOME_SIDE, squareThumbnail } from './item';
export { Outcomes } from './outcomes';
export { fromFragment } from './style-file';

export const style: EffectModule<StyleEffect, StylePanel> = {
  createPainter: (networks) => new StylePainter(networks),
  setUpPanel: (events) => new StylePanel(events),
  headline: () => t('headline'),
  describe: ({ name }) => t('result', { style: name }),
  working: ({ name }) => t('working', { style: name }),
};
