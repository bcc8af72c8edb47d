/** Day or night by brightness alone, as training/daynight/brightness.py tells them apart. */
import { CONSTANTS } from '../../engine/constants';

/** 'unclear' stands for the band in which day and night pictures overlap. */
export type TimeOfDay = 'day' | 'night' | 'unclear';

/** Mean grey of a picture's pixels, 0..255. The mean of a reduced picture is the same. Alpha is ignored. */
export function meanGrey({ data }: Pick<ImageData, 'data'>): number {
  const [red, green, blue] = CONSTANTS['day-to-night'].grey_weights;
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    sum += red * (data[i] as number) + green * (data[i + 1] as number) + blue * (data[i + 2] as number);
  }
  return sum / (data.length / 4);
}

/** What a mean grey of 0..255 says. */
export function timeOfDay(grey: number): TimeOfDay {
  const { night_up_to, day_above } = CONSTANTS['day-to-night'];
  if (grey > day_above) return 'day';
  return grey <= night_up_to ? 'night' : 'unclear';
}
