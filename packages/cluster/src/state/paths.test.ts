import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clusterPaths, kmdHome } from './paths.js';

it.each([
  [{ KMD_HOME: '/a', MESOS_DOCKER_WORK_DIR: '/b', HOME: '/c' }, '/a'],
  [{ MESOS_DOCKER_WORK_DIR: '/b', HOME: '/c' }, '/b'],
  [{ KMD_HOME: '/a/b', HOME: '/c' }, '/a/b'],
  [{ KMD_HOME: '', HOME: '/c' }, '/c/.kmd'],
  [{}, join(homedir(), '.kmd')],
])('keeps what is of %j in %s', (environment, home) => {
  expect(kmdHome(environment)).toBe(home);
});

it.each(['', 'A', 'a_b', 'a b', 'ä', '-a', 'a-', 'a/b', '..', '../a', 'a'.repeat(41)])(
  'takes no cluster called %j',
  (name) => {
    expect(() => clusterPaths('/home', name)).toThrow(expect.objectContaining({ code: 'InvalidSpec' }));
  },
);
