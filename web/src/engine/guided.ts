/**
 * Carries a translation from a moderate working size to the photo's full size: a guided filter as upsampling,
 * the same as training/common/guided.py, whose words say why. In short: at the working size, in each box, the best
 * linear map from the photo's three channels to the translation's; at full size those maps, interpolated, applied to
 * the photo's own pixels. Small lights that the maps miss are added; rims, blocks and noise are not.
 */

const LIGHT_RADIUS = 4; // px at the working size: what is wider than its square is no small light
const NOISE = 0.03; // of [0,1]: what the maps miss by less is the network's noise
const REPORT_ROWS = 128; // between two reports of progress
const MAP = 12; // numbers of a pixel's map
const STATISTICS = 21; // red, green, blue; their six products; each target and its products with the three

export interface Size {
  width: number;
  height: number;
}

/** How translations are fitted; manifests say how for each translator (training/daynight/constants.py). */
export interface Fitting {
  /** Radii of a box along the longer side. */
  boxes: number;
  /** Variance of [0,1] of a box that counts as flat. */
  flat: number;
}

const WIDE: Fitting = { boxes: 32, flat: 1e-3 };

/** [height,width,12]: for each channel of the translation the slopes of red, green and blue, and the offset. */
export interface Maps extends Size {
  values: Float32Array<ArrayBuffer>;
}

/** Pictures side by side, [height,width,3 K], as their weighted sum, [height,width,3] in [0,1]. */
export function mixed(pictures: Float32Array, weights: readonly number[]): Float32Array {
  const channels = 3 * weights.length;
  const sum = new Float32Array(pictures.length / weights.length);
  for (let i = 0; i < sum.length; i++) {
    const first = Math.floor(i / 3) * channels + (i % 3);
    let value = 0;
    weights.forEach((weight, k) => (value += weight * (pictures[first + 3 * k] as number)));
    sum[i] = Math.min(1, Math.max(0, value));
  }
  return sum;
}

/** The local linear maps of photo to translation, both [height,width,3] in [0,1]. */
export function fit(
  photo: Float32Array,
  translated: Float32Array,
  size: Size,
  fitting: Fitting = WIDE,
): Maps {
  const radius = Math.max(1, Math.floor(Math.max(size.width, size.height) / fitting.boxes));
  const means = statisticsOf(photo, translated);
  for (const plane of planes(means, STATISTICS)) boxMean(plane, size, radius);
  const solved = solve(means, fitting.flat);
  for (const plane of planes(solved, MAP)) boxMean(plane, size, radius);
  const values = byPixel(solved);
  addSmallLights(values, whatIsMissed(values, photo, translated, size), size);
  return { ...size, values };
}

/**
 * Turns the photo's pixels (opaque RGBA) into the translation's, in place.
 * strength: 0..1, linear from the photo to the whole translation; onProgress: 0..1.
 */
export function carry(
  photo: ImageData,
  maps: Maps,
  strength: number,
  onProgress: (fraction: number) => void = () => undefined,
): void {
  const columns = positions(maps.width, photo.width);
  const rows = positions(maps.height, photo.height);
  const line = new Float32Array(maps.width * MAP);
  for (let y = 0; y < photo.height; y++) {
    mixRows(maps, rows, y, line);
    carryRow(photo.data, y * photo.width * 4, line, columns, strength);
    if (y % REPORT_ROWS === 0) onProgress(y / photo.height);
  }
}

/** What the boxes' means are taken of, one plane after the other: [21,height,width]. */
function statisticsOf(photo: Float32Array, translated: Float32Array): Float32Array {
  const count = photo.length / 3;
  const all = new Float32Array(STATISTICS * count);
  for (let i = 0; i < count; i++) {
    let plane = i;
    const put = (value: number) => {
      all[plane] = value;
      plane += count;
    };
    const [red, green, blue] = colourAt(photo, i);
    put(red);
    put(green);
    put(blue);
    put(red * red);
    put(red * green);
    put(red * blue);
    put(green * green);
    put(green * blue);
    put(blue * blue);
    for (const target of colourAt(translated, i)) {
      put(target);
      put(target * red);
      put(target * green);
      put(target * blue);
    }
  }
  return all;
}

/** The linear map of each box, from its means: least squares, `flat` on the diagonal. [12,height,width] */
function solve(means: Float32Array, flat: number): Float32Array {
  const count = means.length / STATISTICS;
  const maps = new Float32Array(MAP * count);
  for (let i = 0; i < count; i++) {
    const mean = (plane: number) => means[plane * count + i] as number;
    const [red, green, blue] = [mean(0), mean(1), mean(2)];
    const rr = mean(3) - red * red + flat;
    const rg = mean(4) - red * green;
    const rb = mean(5) - red * blue;
    const gg = mean(6) - green * green + flat;
    const gb = mean(7) - green * blue;
    const bb = mean(8) - blue * blue + flat;
    // The inverse of that symmetric matrix, by its cofactors.
    const [a, b, c] = [gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb];
    const [d, e, f] = [rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg];
    const determinant = rr * a + rg * b + rb * c;
    for (let target = 0; target < 3; target++) {
      const first = 9 + 4 * target;
      const whole = mean(first);
      const x = (mean(first + 1) - red * whole) / determinant;
      const y = (mean(first + 2) - green * whole) / determinant;
      const z = (mean(first + 3) - blue * whole) / determinant;
      const slopes = [a * x + b * y + c * z, b * x + d * y + e * z, c * x + e * y + f * z] as const;
      const offset = whole - slopes[0] * red - slopes[1] * green - slopes[2] * blue;
      [...slopes, offset].forEach((value, k) => {
        maps[(4 * target + k) * count + i] = value;
      });
    }
  }
  return maps;
}

/** [12,height,width] -> [height,width,12] */
function byPixel(solved: Float32Array): Float32Array<ArrayBuffer> {
  const count = solved.length / MAP;
  const values = new Float32Array(solved.length);
  planes(solved, MAP).forEach((plane, k) => {
    for (let i = 0; i < count; i++) values[MAP * i + k] = plane[i] as number;
  });
  return values;
}

/** By how much the translation is brighter than the maps make the photo, 0 where it is not: [3,height,width]. */
function whatIsMissed(
  values: Float32Array,
  photo: Float32Array,
  translated: Float32Array,
  size: Size,
): Float32Array[] {
  const missed = planes(new Float32Array(photo.length), 3);
  missed.forEach((plane, target) => {
    for (let i = 0; i < plane.length; i++) {
      const given = apply(values, MAP * i + 4 * target, ...colourAt(photo, i));
      plane[i] = (translated[3 * i + target] as number) - given;
    }
    smooth(plane, size);
    plane.forEach((value, i) => (plane[i] = Math.max(0, value)));
  });
  return missed;
}

/** Means of 3x3 px, by 1, 2, 1 both ways: nothing is left of the combs of the generator's stride. */
function smooth(plane: Float32Array, size: Size): void {
  eachLine(size, (start, step, length) => {
    let before = plane[start] as number;
    for (let i = 0, at = start; i < length; i++, at += step) {
      const here = plane[at] as number;
      const after = i + 1 < length ? (plane[at + step] as number) : here;
      plane[at] = (before + 2 * here + after) / 4;
      before = here;
    }
  });
}

/** Raises the offsets by what is small of `missed`: the brightest channel's white top-hat less NOISE, in its colour. */
function addSmallLights(values: Float32Array, missed: Float32Array[], size: Size): void {
  const brightest = new Float32Array(size.width * size.height);
  for (const plane of missed)
    plane.forEach((value, i) => (brightest[i] = Math.max(value, brightest[i] as number)));
  const opened = brightest.slice();
  extremes(opened, size, Math.min);
  extremes(opened, size, Math.max);
  brightest.forEach((whole, i) => {
    const share = Math.max(0, whole - (opened[i] as number) - NOISE) / Math.max(whole, NOISE);
    missed.forEach((plane, target) => {
      const at = MAP * i + 4 * target + 3;
      values[at] = (values[at] as number) + share * (plane[i] as number);
    });
  });
}

/** Replaces each pixel by the least or most of the square around it, as far as that is inside the picture. */
function extremes(plane: Float32Array, size: Size, of: (a: number, b: number) => number): void {
  const line = new Float32Array(Math.max(size.width, size.height));
  eachLine(size, (start, step, length) => {
    extremeAlong(plane, start, step, length, line, of);
  });
}

/** The same along one line, as meanAlong. */
function extremeAlong(
  plane: Float32Array,
  start: number,
  step: number,
  length: number,
  line: Float32Array,
  of: (a: number, b: number) => number,
): void {
  for (let i = 0, at = start; i < length; i++, at += step) line[i] = plane[at] as number;
  for (let i = 0, at = start; i < length; i++, at += step) {
    const end = Math.min(length - 1, i + LIGHT_RADIUS);
    let found = line[i] as number;
    for (let j = Math.max(0, i - LIGHT_RADIUS); j <= end; j++) found = of(found, line[j] as number);
    plane[at] = found;
  }
}

function colourAt(picture: Float32Array, i: number): [number, number, number] {
  return [picture[3 * i] as number, picture[3 * i + 1] as number, picture[3 * i + 2] as number];
}

function planes(stack: Float32Array, count: number): Float32Array[] {
  const size = stack.length / count;
  return Array.from({ length: count }, (_, i) => stack.subarray(i * size, (i + 1) * size));
}

/** Replaces each pixel by the mean of the square around it, as far as that is inside the picture. */
export function boxMean(plane: Float32Array, size: Size, radius: number): void {
  const line = new Float64Array(Math.max(size.width, size.height));
  eachLine(size, (start, step, length) => {
    meanAlong(plane, start, step, length, line, radius);
  });
}

/** Visits the rows, then the columns: the first pixel, how far apart the next ones are, and how many. */
function eachLine(
  { width, height }: Size,
  visit: (start: number, step: number, length: number) => void,
): void {
  for (let y = 0; y < height; y++) visit(y * width, 1, width);
  for (let x = 0; x < width; x++) visit(x, width, height);
}

/** The same along one line of `length` pixels, `step` apart; `line` is room to work in. */
function meanAlong(
  plane: Float32Array,
  start: number,
  step: number,
  length: number,
  line: Float64Array,
  radius: number,
): void {
  for (let i = 0, at = start; i < length; i++, at += step) line[i] = plane[at] as number;
  let sum = 0;
  for (let i = 0; i < Math.min(radius, length); i++) sum += line[i] as number;
  for (let i = 0, at = start; i < length; i++, at += step) {
    const [from, to] = [Math.max(0, i - radius), Math.min(length - 1, i + radius)];
    if (i + radius < length) sum += line[to] as number;
    if (i > radius) sum -= line[from - 1] as number;
    plane[at] = sum / (to - from + 1);
  }
}

/** For each of many pixels, the two of few that it lies between, by their centres, and the second's share. */
interface Positions {
  first: Int32Array;
  second: Int32Array;
  share: Float32Array;
}

function positions(few: number, many: number): Positions {
  const at = Float64Array.from({ length: many }, (_, i) =>
    Math.min(few - 1, Math.max(0, ((i + 0.5) * few) / many - 0.5)),
  );
  return {
    first: Int32Array.from(at, Math.floor),
    second: Int32Array.from(at, (position) => Math.min(few - 1, Math.floor(position) + 1)),
    share: Float32Array.from(at, (position) => position - Math.floor(position)),
  };
}

/** The maps of the full picture's row y, still at the working width: [width,12] into `line`. */
function mixRows(
  { width, values }: Maps,
  { first, second, share }: Positions,
  y: number,
  line: Float32Array,
) {
  const above = (first[y] as number) * width * MAP;
  const below = (second[y] as number) * width * MAP;
  const part = share[y] as number;
  for (let i = 0; i < line.length; i++) {
    const value = values[above + i] as number;
    line[i] = value + part * ((values[below + i] as number) - value);
  }
}

/** One row of the full picture, from `start` in `data` on. */
function carryRow(
  data: Uint8ClampedArray,
  start: number,
  line: Float32Array,
  { first, second, share }: Positions,
  strength: number,
): void {
  for (let x = 0, at = start; x < first.length; x++, at += 4) {
    const left = (first[x] as number) * MAP;
    const right = (second[x] as number) * MAP;
    const part = share[x] as number;
    const red = (data[at] as number) / 255;
    const green = (data[at + 1] as number) / 255;
    const blue = (data[at + 2] as number) / 255;
    for (let target = 0; target < 3; target++) {
      const [a, b] = [left + 4 * target, right + 4 * target];
      const here = apply(line, a, red, green, blue);
      const value = here + part * (apply(line, b, red, green, blue) - here);
      const whole = 255 * Math.min(1, Math.max(0, value));
      const original = data[at + target] as number;
      data[at + target] = original + strength * (whole - original); // rounds by itself
    }
  }
}

function apply(line: Float32Array, at: number, red: number, green: number, blue: number): number {
  return (
    (line[at] as number) * red +
    (line[at + 1] as number) * green +
    (line[at + 2] as number) * blue +
    (line[at + 3] as number)
  );
}
