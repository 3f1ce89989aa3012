import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatDuration, formatTable, painter } from './text.js';

describe('text', () => {
  it.each([
    [0, '0 ms'],
    [943.4, '943 ms'],
    [999.9, '1.0 s'],
    [1249, '1.2 s'],
    [9949, '9.9 s'],
    [12_400, '12 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
  ])('prints a duration of %d ms', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  it.each([
    [-5, '0s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [7_200_000, '2h'],
    [11_100_000, '3h5m'],
    [48 * 3_600_000, '2d'],
  ])('prints an age of %d ms', (milliseconds, text) => expect(formatAge(milliseconds)).toBe(text));

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [134_217_728, '128 MiB'],
    [2 ** 50, '1024 TiB'],
  ])('prints %d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('aligns columns and trims lines', () => {
    expect(
      formatTable(
        ['NAME', 'NOTE'],
        [
          ['a', ''],
          ['longer', 'x'],
        ],
        ' ',
      ),
    ).toBe(' NAME     NOTE\n a\n longer   x\n');
  });

  it('paints on a terminal only, and not under NO_COLOR', () => {
    const output = { write: () => true, isTTY: true };
    expect(painter(output, {})('green', 'x')).toBe('\u001B[32mx\u001B[39m');
    expect(painter(output, { NO_COLOR: '1' })('green', 'x')).toBe('x');
    expect(painter(output, { TERM: 'dumb' })('green', 'x')).toBe('x');
    expect(painter({ ...output, isTTY: false }, {})('green', 'x')).toBe('x');
  });
});
