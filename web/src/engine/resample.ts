/** Reduction with a triangle filter (bilinear with antialiasing), as Pillow's BILINEAR does it. */

/** The centre square of the picture at side x side, [side,side,3] in [0,1]. Alpha is ignored. */
export function centreSquare(picture: ImageData, side: number): Float32Array<ArrayBuffer> {
  const { width, height, data } = picture;
  const square = Math.min(width, height);
  const left = Math.floor((width - square) / 2);
  const top = Math.floor((height - square) / 2);
  const taps = triangleTaps(square, side);
  const rows = new Float32Array(square * side * 3); // [square,side,3], columns already reduced
  for (let y = 0; y < square; y++) {
    const start = ((top + y) * width + left) * 4;
    reduceLine(taps, (i, c) => data[start + i * 4 + c] as number, rows, y * side * 3, 3);
  }
  const result = new Float32Array(side * side * 3);
  for (let x = 0; x < side; x++) {
    reduceLine(taps, (i, c) => rows[(i * side + x) * 3 + c] as number, result, x * 3, side * 3);
  }
  return result.map((value) => value / 255);
}

interface Tap {
  first: number;
  weights: number[];
}

/** For each of `to` positions, the source positions it reads and their weights, which sum to 1. */
export function triangleTaps(from: number, to: number): Tap[] {
  const scale = from / to;
  const reach = Math.max(1, scale); // an enlargement reads the two nearest pixels
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const raw = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k + 0.5 - centre) / reach)),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** Writes one reduced line of RGB into `out`, from `offset`, `step` apart. */
function reduceLine(
  taps: Tap[],
  read: (index: number, channel: number) => number,
  out: Float32Array,
  offset: number,
  step: number,
): void {
  taps.forEach(({ first, weights }, i) => {
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * read(first + k, channel);
      out[offset + i * step + channel] = sum;
    }
  });
}
