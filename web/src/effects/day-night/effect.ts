/** Night of a day photo, or day of a night photo. */
import type { TranslatorName } from '../../engine/client';
import type { EffectBase } from '../effect';

export interface DayNightEffect extends EffectBase {
  kind: 'day-night';
  id: TranslatorName;
}
