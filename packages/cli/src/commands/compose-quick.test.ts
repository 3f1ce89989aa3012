import { describe, expect, it } from 'vitest';
import { readQuickly } from './compose-quick.js';

const on = { interpolate: true, normalize: true, pathResolution: true, consistency: true, envResolution: true };

describe('reading `kmd compose config` quickly', () => {
  it('takes the options that users know, before and behind the command', () => {
    expect(
      readQuickly(['-f', 'a', '-p', 'shop', 'config', '-f', '-', '--format', 'json', '--no-interpolate', 'web']),
    ).toEqual({
      services: ['web'],
      flags: { ...on, file: ['a', '-'], projectName: 'shop', format: 'json', interpolate: false },
    });
    expect(readQuickly(['--env-file', 'x', '--profile', 'p', 'config', '-q', '-o', 'out'])).toEqual({
      services: [],
      flags: { ...on, envFile: ['x'], profile: ['p'], quiet: true, output: 'out' },
    });
  });

  it.each([
    [[]],
    [['--help']],
    [['graph']],
    [['config', '--help']],
    [['config', '--hash']],
    [['config', '--format', 'toml']],
    [['config', '--format=json']],
    [['--services', 'config']],
    [['config', '-f']],
    [['config', '-f', '--services']],
    [['-o', 'x', 'config']],
    [['config', '--unknown', 'x']],
  ])('leaves %j to the program', (args) => {
    expect(readQuickly(args)).toBeUndefined();
  });
});
