// The constants that the page and Python share come from the published manifests.
import { expect, test } from 'vitest';
import { CONSTANTS, checkConstants } from '../src/engine/constants';
import predictor from '../models/style-predictor/manifest.json';
import translator from '../models/day-to-night/manifest.json';

test('the build takes them from the manifests', () => {
  expect(CONSTANTS['style-predictor']).toEqual(predictor.constants);
  expect(CONSTANTS['day-to-night']).toEqual(translator.constants);
});

test('a model made for other constants is refused by name', () => {
  const other = { ...translator.constants, working_side: 640 };
  expect(() => {
    checkConstants('day-to-night', other);
  }).toThrow('day-to-night was made for another working_side');
});

test('a model from before there were any is taken', () => {
  checkConstants('style-predictor', undefined);
  checkConstants('style-predictor', predictor.constants);
});
