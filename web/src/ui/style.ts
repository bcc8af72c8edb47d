/** A style to paint in: one of the gallery's, with its vector, or a picture of the visitor's. */
export interface Style {
  id: string;
  name: string;
  /** The style's vector, [100]; absent until a picture of the visitor's has been predicted. */
  vector?: Float32Array;
  /** Style space of `vector`, as the gallery names it. */
  space?: string;
  /** The visitor's own picture. */
  picture?: ImageData;
}
