/**
 * Two styles across a picture: up to `from` there is the first alone, from `to` on the second, and evenly less of the
 * one and more of the other between. Places are in per cent of the picture's width and height.
 */
import type { Settings } from '../effect';
import type { Share } from '../lay';

export interface Across {
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
}

/** From the left to the right. */
export const USUAL_ACROSS: Across = { fromX: 25, fromY: 50, toX: 75, toY: 50 };

/** What the settings say; undefined where styles are mixed all over. */
export function acrossOf(settings: Settings): Across | undefined {
  const { fromX, fromY, toX, toY } = settings;
  if (fromX === undefined || fromY === undefined || toX === undefined || toY === undefined) return undefined;
  return { fromX, fromY, toX, toY };
}

/** How much of the second style is seen at each pixel of a picture of that size. */
export function shareAcross(
  { fromX, fromY, toX, toY }: Across,
  { width, height }: { width: number; height: number },
): Share {
  const [startX, startY] = [(fromX / 100) * width, (fromY / 100) * height];
  const [wide, high] = [(toX / 100) * width - startX, (toY / 100) * height - startY];
  const square = Math.max(wide * wide + high * high, 1);
  return (x, y) => {
    const along = ((x + 0.5 - startX) * wide + (y + 0.5 - startY) * high) / square;
    const share = Math.min(1, Math.max(0, along));
    return share * share * (3 - 2 * share); // no edge where it begins and ends
  };
}
