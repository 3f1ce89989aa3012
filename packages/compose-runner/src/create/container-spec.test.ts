import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from '@kmd/compose-model';
import { describe, expect, it } from 'vitest';
import { containerSpec } from './container-spec.js';
import { networkSpec, volumeSpec } from './resources.js';

interface Recorded {
  readonly creates: Readonly<Record<string, { readonly HostConfig: Readonly<Record<string, unknown>> }>>;
  readonly networks: readonly Readonly<Record<string, unknown>>[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
}

const folder = fileURLToPath(new URL('../../testdata/up/', import.meta.url));
const recorded = JSON.parse(readFileSync(`${folder}creates.json`, 'utf8')) as Recorded;
const content = readFileSync(`${folder}compose.yaml`, 'utf8');
const { project } = await load({
  files: [{ path: 'compose.yaml', content }],
  workingDir: '/srv/rec/demo',
  environment: { TOKEN: 's3' },
});

/** Go writes a field that is not set as null, zero, false or an empty list: the same to the engine as leaving it out. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(settled);
    return items.every((item) => item === undefined) ? undefined : items;
  }
  if (typeof value !== 'object' || value === null)
    return value === '' || value === 0 || value === false ? undefined : (value ?? undefined);
  const entries = Object.entries(value).map(([key, one]) => [key, settled(one)] as const);
  const kept = entries.filter(([, one]) => one !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

describe('the body that a container is created with', () => {
  it.each(Object.keys(recorded.creates))('is that of docker compose 2.40.3: %s', (name) => {
    const [service = '', number = ''] = name.slice('demo-'.length).split('-');
    const stated = project.services[service];
    expect(stated).toBeDefined();
    const { body } = containerSpec({
      project,
      service: stated!,
      number: Number(number),
      name,
      labels: {},
      apiVersion: '1.41',
      containerOf: () => '',
    });
    expect(settled(body)).toEqual(settled(recorded.creates[name]));
  });

  it('takes all networks at once from API 1.44 on, and one before', () => {
    const input = {
      project,
      service: project.services['web']!,
      number: 1,
      name: 'demo-web-1',
      labels: {},
      containerOf: () => '',
    };
    expect(containerSpec({ ...input, apiVersion: '1.43' }).connectLater.map((one) => one.network)).toEqual([
      'demo_front',
    ]);
    expect(containerSpec({ ...input, apiVersion: '1.44' })).toMatchObject({
      connectLater: [],
      body: { NetworkingConfig: { EndpointsConfig: { demo_back: {}, demo_front: {} } } },
    });
  });
});

describe('networks and volumes', () => {
  it('are created as docker compose 2.40.3 creates them', () => {
    const networks = Object.entries(project.networks).map(([key, one]) => networkSpec(project, key, one));
    expect(settled(networks)).toEqual(settled(recorded.networks));
    const volumes = Object.entries(project.volumes).map(([key, one]) => volumeSpec(project, key, one));
    expect(settled(volumes)).toEqual(settled(recorded.volumes));
  });
});
