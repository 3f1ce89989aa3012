import { describe, expect, it } from 'vitest';
import { splitArguments } from './kubectl.js';

describe('kmd kubectl', () => {
  it.each([
    [['get', 'pods'], { name: 'local', help: false, rest: ['get', 'pods'] }],
    [['--name', 'two', 'get', 'pods', '-o', 'wide'], { name: 'two', help: false, rest: ['get', 'pods', '-o', 'wide'] }],
    [['--name=two', '--', '--help'], { name: 'two', help: false, rest: ['--help'] }],
    [
      ['-n', 'kube-system', 'get', '--name', 'x'],
      { name: 'local', help: false, rest: ['-n', 'kube-system', 'get', '--name', 'x'] },
    ],
    [['get', '--', 'x'], { name: 'local', help: false, rest: ['get', '--', 'x'] }],
    [['--', '--name', 'x'], { name: 'local', help: false, rest: ['--name', 'x'] }],
    [['--help'], { name: 'local', help: true, rest: ['--help'] }],
    [['get', '--help'], { name: 'local', help: false, rest: ['get', '--help'] }],
    [[], { name: 'local', help: false, rest: [] }],
  ])('hands %j on', (args, expected) => {
    expect(splitArguments(args)).toEqual(expected);
  });
});
