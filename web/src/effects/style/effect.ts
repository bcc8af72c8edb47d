/** A style to paint in: of the gallery, with its vector, or a picture of the visitor's. */
import type { EffectBase } from '../effect';

export interface StyleEffect extends EffectBase {
  kind: 'style';
  /** The style's vector, [100]; absent until a picture of the visitor's has been predicted. */
  vector?: Float32Array;
  /** Style space of `vector`, as the gallery names it. */
  space?: string;
  /** The visitor's own picture. */
  picture?: ImageData;
}
