/** What to make of a photo: a style of the gallery's, with its vector, or a picture of the visitor's, or night or day. */
import type { TranslatorName } from '../engine/client';

export interface Style {
  id: string;
  name: string;
  /** The style's vector, [100]; absent until a picture of the visitor's has been predicted. */
  vector?: Float32Array;
  /** Style space of `vector`, as the gallery names it. */
  space?: string;
  /** The visitor's own picture. */
  picture?: ImageData;
  /** Night or day, instead of a style to paint in. */
  translator?: TranslatorName;
}
