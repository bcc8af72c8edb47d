// Names of saved pictures and working sizes.
import { describe, expect, test } from 'vitest';
import { resultName } from '../src/photo/name';
import { centreSquare, fitWithin, halvingSizes } from '../src/photo/resize';

describe('a saved picture is named after photo and style', () => {
  test.each([
    ['Beach day.JPG', 'Flow field', 'image/png', 'Beach day - Flow field.png'],
    ['Пляж.jpeg', 'Мозаика', 'image/webp', 'Пляж - Мозаика.webp'],
    ['v1.2 final.png', '', 'image/jpeg', 'v1.2 final.jpg'],
    ['', 'Ink', 'image/png', 'photo - Ink.png'],
    ['../../etc/passwd', 'a:b*c?', 'image/png', 'etc passwd - a b c.png'],
    ['.hidden file', 'Ink', 'image/png', 'hidden file - Ink.png'],
    ['a\u202Egpj.exe.png', 'x\n', 'image/png', 'a gpj.exe - x.png'],
  ] as const)('%j in %j as %s', (photo, style, type, name) => {
    expect(resultName(photo, style, type)).toBe(name);
  });

  test('a very long name stays short enough for every file system', () => {
    const name = resultName('я'.repeat(500), '🌊'.repeat(500), 'image/webp');
    expect(new TextEncoder().encode(name).length).toBeLessThan(256);
    expect([...name].length).toBeLessThan(100);
  });
});

describe('a photo fits the working size', () => {
  test.each([
    [4000, 3000, 1024, 768],
    [3000, 4000, 768, 1024],
    [800, 600, 800, 600],
    [10000, 1, 1024, 1],
  ])('%i x %i', (width, height, fittedWidth, fittedHeight) => {
    expect(fitWithin(width, height, 1024)).toEqual({ width: fittedWidth, height: fittedHeight });
  });

  test('it shrinks by at most a factor of two at a time', () => {
    const sizes = halvingSizes({ width: 4000, height: 3000 }, { width: 256, height: 192 });
    expect(sizes[0]?.width).toBeGreaterThanOrEqual(2000);
    expect(sizes.at(-1)).toEqual({ width: 256, height: 192 });
    for (let i = 1; i < sizes.length; i++) {
      expect((sizes[i - 1]?.width ?? 0) / (sizes[i]?.width ?? 1)).toBeLessThanOrEqual(2);
    }
  });

  test.each([
    [12000, 10000, 1024],
    [10000, 12000, 512],
    [9248, 6936, 320],
    [30000, 4000, 1024],
  ])('%i x %i passes through no canvas that Safari refuses', (width, height, side) => {
    const sizes = halvingSizes({ width, height }, fitWithin(width, height, side));
    expect(sizes[0]).toEqual(fitWithin(width, height, 4096));
    expect(sizes.at(-1)).toEqual(fitWithin(width, height, side));
    for (let i = 1; i < sizes.length; i++) {
      expect((sizes[i - 1]?.width ?? 0) / (sizes[i]?.width ?? 1)).toBeLessThanOrEqual(2);
    }
  });
});

test.each([
  [5120, 512, { left: 2304, top: 0, width: 512, height: 512 }],
  [301, 600, { left: 0, top: 149, width: 301, height: 301 }],
  [64, 64, { left: 0, top: 0, width: 64, height: 64 }],
])('the centre square of %i x %i keeps the whole shorter side', (width, height, square) => {
  expect(centreSquare(width, height)).toEqual(square);
});
