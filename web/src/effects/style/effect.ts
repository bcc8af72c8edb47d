/** A style to paint in: of the gallery, with its vector, a picture of the visitor's, a mixture, or an invention. */
import type { EffectBase } from '../effect';

export interface StyleEffect extends EffectBase {
  kind: 'style';
  /** The style's vector, [100]; absent until a picture has been predicted or a style invented. */
  vector?: Float32Array;
  /** Style space of `vector`, as the gallery names it. */
  space?: string;
  /** The visitor's own picture. */
  picture?: ImageData;
  /** What it is invented of. */
  noise?: Float32Array;
  /** What `vector` is mixed of, where it is a mixture or was opened from a file. */
  parts?: readonly Part[];
}

/** A style within a mixture. */
export interface Part {
  name: string;
  /** Over 0; only the ratios of weights count. */
  weight: number;
  vector: Float32Array;
}
