/** Day or night by brightness alone, as training/daynight/brightness.py tells them apart. */
import { CONSTANTS } from '../../engine/constants';

/** 'unclear' stands for the band in which day and night pictures overlap. */
export type TimeOfDay = 'day' | 'night' | 'unclear';

/** Mean grey of a picture, 0..255, half of it that of its upper third, where most photos have their sky. */
export function skyGrey({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): number {
  const upper = data.subarray(0, 4 * width * Math.max(1, Math.floor(height / 3)));
  return (meanGrey(data) + meanGrey(upper)) / 2;
}

/** Of pixels of red, green, blue and alpha, which is ignored. */
function meanGrey(data: ImageData['data']): number {
  const [red, green, blue] = CONSTANTS['day-to-night'].grey_weights;
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    sum += red * (data[i] as number) + green * (data[i + 1] as number) + blue * (data[i + 2] as number);
  }
  return sum / (data.length / 4);
}

/** What a sky grey of 0..255 says. */
export function timeOfDay(grey: number): TimeOfDay {
  const { night_up_to, day_above } = CONSTANTS['day-to-night'];
  if (grey > day_above) return 'day';
  return grey <= night_up_to ? 'night' : 'unclear';
}
