// Pictures for the tests: Node has no ImageData; the browser's is a size and its bytes.

export class Picture {
  readonly data: Uint8ClampedArray;
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}

/** An opaque picture; `value` gives each byte by its place. */
export function pictureOf(width: number, height: number, value: (i: number) => number): ImageData {
  const made = new Picture(width, height);
  made.data.forEach((_, i) => {
    made.data[i] = i % 4 === 3 ? 255 : value(i);
  });
  return made as unknown as ImageData;
}
