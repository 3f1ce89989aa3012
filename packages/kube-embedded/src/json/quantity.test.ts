import { describe, expect, it } from 'vitest';
import { canonicalQuantity } from './quantity.js';

describe('a quantity', () => {
  it.each([
    ['0.5', '500m'],
    ['2000m', '2'],
    ['1024Mi', '1Gi'],
    ['128974848', '128974848'],
    ['1e3', '1e3'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1000Ki', '1000Ki'],
    ['1000', '1k'],
    ['100n', '100n'],
    ['0.0000000001', '1n'],
    ['-2000m', '-2'],
    ['0Mi', '0'],
    ['12E2', '1200'],
    ['lots', 'lots'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });
});
