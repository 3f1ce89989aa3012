import { describe, expect, it } from 'vitest';
import { readQuickly } from './compose-quick.js';

const on = { interpolate: true, normalize: true, pathResolution: true, consistency: true, envResolution: true };

describe('reading `kmd compose` quickly', () => {
  it('takes the options that users know, before and behind the command', () => {
    expect(
      readQuickly(['-f', 'a', '-p', 'shop', 'config', '-f', '-', '--format', 'json', '--no-interpolate', 'web']),
    ).toEqual({
      command: 'config',
      services: ['web'],
      flags: { ...on, file: ['a', '-'], projectName: 'shop', format: 'json', interpolate: false },
    });
    expect(readQuickly(['--env-file', 'x', '--profile', 'p', 'config', '-q', '-o', 'out'])).toEqual({
      command: 'config',
      services: [],
      flags: { ...on, envFile: ['x'], profile: ['p'], quiet: true, output: 'out' },
    });
  });

  it('takes the commands that bring a project up and down', () => {
    expect(readQuickly(['-p', 'shop', 'up', '-d', '--no-recreate', '--pull', 'never', '-t', '3', 'web'])).toEqual({
      command: 'up',
      services: ['web'],
      flags: { projectName: 'shop', detach: true, recreate: false, start: true, pull: 'never', timeout: 3 },
    });
    expect(readQuickly(['down', '-v', '--remove-orphans', '--rmi', 'local', '-f', 'a'])).toEqual({
      command: 'down',
      services: [],
      flags: { volumes: true, removeOrphans: true, rmi: 'local', file: ['a'] },
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
    [['up', '--help']],
    [['up', '-t', 'soon']],
    [['up', '--pull', 'sometimes']],
    [['up', '--scale', 'web=3']],
    [['-d', 'up']],
    [['down', 'web']],
    [['down', '-o', 'x']],
  ])('leaves %j to the program', (args) => {
    expect(readQuickly(args)).toBeUndefined();
  });
});
