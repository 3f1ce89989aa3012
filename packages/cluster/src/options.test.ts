import { describe, expect, it } from 'vitest';
import { resolveOptions } from './options.js';

const resolve = (options: Parameters<typeof resolveOptions>[0], environment: Record<string, string> = {}) =>
  resolveOptions({ environment, ...options });

describe('resolveOptions', () => {
  it('has a default for everything', () => {
    expect(resolve({})).toMatchObject({
      name: 'local',
      runtime: 'auto',
      timeout: 180_000,
      retain: false,
      background: true,
      fixedPorts: { api: false, mesos: false },
      variables: { KMD_NAME: 'local' },
    });
  });

  it('lets options win over variables, and tells the topology', () => {
    const { variables, fixedPorts } = resolve(
      { agents: 3, apiPort: 7443 },
      { NUM_NODES: '5', KMD_API_PORT: '6000', KMD_MESOS_PORT: '5051' },
    );
    expect(variables).toMatchObject({ NUM_NODES: '3', KMD_API_PORT: '7443', KMD_MESOS_PORT: '5051' });
    expect(fixedPorts).toEqual({ api: true, mesos: true });
  });

  it('takes the password from the variable', () => {
    expect(resolve({}, { KMD_ADMIN_PASSWORD: 'secret' }).adminPassword).toBe('secret');
  });

  it('accepts the provider that it succeeds', () => {
    expect(resolve({}, { KUBERNETES_PROVIDER: 'mesos/docker' }).name).toBe('local');
  });

  it.each([
    [{ agents: 0 }, {}, /number of agents is 0/],
    [{ agents: 1.5 }, {}, /1\.5/],
    [{}, { NUM_NODES: 'two' }, /NUM_NODES is "two"/],
    [{}, { NUM_NODES: '0' }, /NUM_NODES is 0/],
    [{ apiPort: 65_536 }, {}, /API server port is 65536/],
    [{ mesosPort: -1 }, {}, /Mesos master port is -1/],
    [{ timeout: 0 }, {}, /timeout/],
    [{ timeout: Number.NaN }, {}, /timeout/],
    [{}, { KUBERNETES_PROVIDER: 'gce' }, /gce/],
    [{ adminPassword: 'a,b' }, {}, /comma/],
  ])('refuses %o with %o', (options, environment, message) => {
    expect(() => resolve(options, environment)).toThrow(
      expect.objectContaining({ code: 'InvalidSpec', message: expect.stringMatching(message) as string }),
    );
  });
});
