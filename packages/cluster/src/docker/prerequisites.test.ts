import { describe, expect, it } from 'vitest';
import { type EngineFacts, judge } from './prerequisites.js';

const facts: EngineFacts = {
  os: 'linux',
  components: ['Engine', 'containerd', 'runc', 'docker-init'],
  cgroupDriver: 'systemd',
  version: '28.2.2',
  storageDriver: 'overlay2',
  cpus: 8,
  memory: 16 * 2 ** 30,
  memoryLimits: true,
  rootless: false,
  freeDisk: 100 * 2 ** 30,
};
const wanted = { cpus: 8, mem: 3200, disk: 51_200 };

describe('judge', () => {
  it('has nothing to say of an engine that is as it should be', () => {
    expect(judge(facts, wanted)).toEqual([]);
  });

  it.each([
    ['failed', /Linux containers/, { os: 'windows' }],
    ['failed', /20\.10 or newer/, { version: '19.03.15' }],
    ['failed', /Podman.*DOCKER_HOST/, { components: ['Podman Engine', 'Conmon'], version: '4.3.1' }],
    ['warning', /no cgroups/, { cgroupDriver: 'none', memoryLimits: false }],
    ['warning', /512 MB of disk left.*docker system prune/, { freeDisk: 512 * 2 ** 20 }],
    ['warning', /vfs/, { storageDriver: 'vfs' }],
    ['warning', /rootless/, { rootless: true }],
    ['warning', /3200 MB of memory, .* 2048 MB: fewer by --agents/, { memory: 2 * 2 ** 30 }],
    ['info', /8 cpus of 2/, { cpus: 2 }],
    ['info', /51200 MB of disk, 10240 MB are free/, { freeDisk: 10 * 2 ** 30 }],
    ['info', /cannot limit memory/, { memoryLimits: false }],
  ] as [string, RegExp, Partial<EngineFacts>][])(
    'says what is amiss, and what to do: %s %s',
    (level, message, change) => {
      expect(judge({ ...facts, ...change }, wanted)).toEqual([
        { level, message: expect.stringMatching(message) as string },
      ]);
    },
  );

  it('takes engines whose version or disk it cannot know', () => {
    expect(judge({ ...facts, version: 'dev', freeDisk: undefined }, wanted)).toEqual([]);
    expect(judge({ ...facts, version: '20.10.24+dfsg1' }, wanted)).toEqual([]);
  });
});
