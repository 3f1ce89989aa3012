import { load, networkHash, scale, serviceHash, volumeHash, type Project } from '@kmd/compose-model';
import { describe, expect, it } from 'vitest';
import { label } from '../labels.js';
import type { Observed, ObservedContainer } from '../observe/observed.js';
import { planDown } from './plan-down.js';
import { planImages } from './images.js';
import { planUp, type UpPlanOptions } from './plan-up.js';

async function read(content: string): Promise<Project> {
  const files = [{ path: 'compose.yaml', content: `name: demo\n${content}` }];
  return (await load({ files, workingDir: '/srv/demo', environment: {} })).project;
}

const image = { id: 'sha256:1', labels: {}, volumes: [] };

function container(
  project: Project,
  service: string,
  number: number,
  more: Partial<ObservedContainer> = {},
): ObservedContainer {
  const stated = project.services[service];
  const networks = Object.keys(stated?.networks ?? {}).map((key) => project.networks[key]?.name ?? key);
  return {
    id: `id-${service}-${number}`,
    name: `demo-${service}-${number}`,
    service,
    number,
    oneOff: false,
    image: 'i',
    imageId: image.id,
    command: '',
    created: 0,
    state: 'running',
    status: 'Up',
    networks,
    mounts: (stated?.volumes ?? []).map(({ source = '', target = '' }) => ({
      type: 'volume',
      name: project.volumes[source]?.name ?? source,
      source: '',
      target,
    })),
    ports: [],
    ...more,
    labels: {
      [label.project]: 'demo',
      [label.service]: service,
      [label.image]: image.id,
      [label.configHash]: stated === undefined ? '' : serviceHash(stated),
      ...more.labels,
    },
  };
}

/** An engine on which everything of a project is as it should be, but for what is said. */
function observed(project: Project, containers: readonly ObservedContainer[], more: Partial<Observed> = {}): Observed {
  return {
    containers,
    networks: Object.entries(project.networks).map(([key, network]) => ({
      created: '',
      id: key,
      name: network.name ?? key,
      labels: { [label.project]: 'demo', [label.network]: key, [label.configHash]: networkHash(network) },
    })),
    volumes: Object.entries(project.volumes).map(([key, volume]) => ({
      name: volume.name ?? key,
      labels: { [label.project]: 'demo', [label.volume]: key, [label.configHash]: volumeHash(volume) },
    })),
    images: new Map([['i', image]]),
    ...more,
  };
}

const empty: Observed = { containers: [], networks: [], volumes: [], images: new Map([['i', image]]) };

/** The plan in short: each step, and what it comes after. */
function told(project: Project, seen: Observed, options?: UpPlanOptions): Record<string, string> {
  return Object.fromEntries(
    planUp(project, seen, options).steps.map(({ id, after }) => [id, after.join(', ')] as const),
  );
}

const two = await read(
  'services:\n  a: { image: i, volumes: ["data:/d"] }\n  b: { image: i, depends_on: [a] }\nvolumes: { data: {} }\n',
);

describe('a plan to bring a project up', () => {
  it('creates what is missing, and starts it in the order of dependencies', () => {
    expect(told(two, empty)).toEqual({
      'create network demo_default': '',
      'create volume demo_data': '',
      'create demo-a-1': 'create network demo_default, create volume demo_data',
      'create demo-b-1': 'create network demo_default',
      'start demo-a-1': 'create demo-a-1',
      'start demo-b-1': 'create demo-b-1, start demo-a-1',
    });
  });

  it('is empty when everything is as it should be', () => {
    expect(told(two, observed(two, [container(two, 'a', 1), container(two, 'b', 1)]))).toEqual({});
  });

  it('starts what has ended, and leaves it as it is', () => {
    const ended = container(two, 'b', 1, { state: 'exited' });
    expect(told(two, observed(two, [container(two, 'a', 1), ended]))).toEqual({ 'start demo-b-1': '' });
  });

  it.each([
    {
      change: 'its configuration',
      more: { labels: { [label.configHash]: 'other' } },
      reason: 'its configuration changed',
    },
    { change: 'its image', more: { labels: { [label.image]: 'sha256:0' } }, reason: 'its image changed' },
    { change: 'its networks', more: { networks: [] }, reason: 'it is not on network demo_default' },
    { change: 'its volumes', more: { mounts: [] }, reason: 'volume demo_data is not mounted' },
  ])('makes a container anew for $change', ({ more, reason }) => {
    const seen = observed(two, [container(two, 'a', 1, more), container(two, 'b', 1)]);
    expect(planUp(two, seen).steps.map(({ id, action }) => [id, 'reason' in action && action.reason])).toEqual([
      ['recreate demo-a-1', reason],
      ['start demo-a-1', false],
    ]);
    expect(told(two, seen, { recreate: 'never' })).toEqual({});
  });

  it('makes every container anew when that is asked for', () => {
    const seen = observed(two, [container(two, 'a', 1), container(two, 'b', 1)]);
    expect(Object.keys(told(two, seen, { recreate: 'always' }))).toEqual([
      'recreate demo-a-1',
      'recreate demo-b-1',
      'start demo-a-1',
      'start demo-b-1',
    ]);
  });

  it('makes anew what shares the network of one that is made anew', async () => {
    const project = await read('services:\n  a: { image: i }\n  b: { image: i, network_mode: "service:a" }\n');
    const service = project.services['b'];
    const tied = { [label.configHash]: serviceHash({ ...service!, network_mode: 'container:id-a-1' }) };
    const b = container(project, 'b', 1, { labels: tied });
    expect(told(project, observed(project, [container(project, 'a', 1), b]))).toEqual({});
    const changed = container(project, 'a', 1, { labels: { [label.configHash]: 'other' } });
    expect(told(project, observed(project, [changed, b]))).toMatchObject({ 'recreate demo-b-1': 'recreate demo-a-1' });
  });

  it('adds replicas after the highest number, and removes those that differ first, then the highest', () => {
    const seen = observed(two, [
      container(two, 'a', 1),
      container(two, 'b', 2),
      container(two, 'b', 3),
      container(two, 'b', 4),
    ]);
    expect(Object.keys(told(scale(two, { b: 5 }), seen))).toEqual([
      'create demo-b-5',
      'create demo-b-6',
      'start demo-b-5',
      'start demo-b-6',
    ]);
    expect(Object.keys(told(scale(two, { b: 2 }), seen))).toEqual(['stop demo-b-4', 'remove demo-b-4']);
    const differs = container(two, 'b', 2, { labels: { [label.configHash]: 'other' } });
    const others = observed(two, [container(two, 'a', 1), differs, container(two, 'b', 3)]);
    expect(Object.keys(told(two, others))).toEqual(['stop demo-b-2', 'remove demo-b-2']);
  });

  it('waits once for a condition that several services share', async () => {
    const project = await read(
      'services:\n  a: { image: i }\n' +
        '  b: { image: i, depends_on: { a: { condition: service_healthy } } }\n' +
        '  c: { image: i, depends_on: { a: { condition: service_healthy } } }\n',
    );
    expect(told(project, observed(project, [container(project, 'a', 1)]))).toEqual({
      'create demo-b-1': '',
      'create demo-c-1': '',
      'wait a service_healthy': '',
      'start demo-b-1': 'create demo-b-1, wait a service_healthy',
      'start demo-c-1': 'create demo-c-1, wait a service_healthy',
    });
  });

  it('works on the services that are named, and what they need', () => {
    expect(Object.keys(told(two, empty, { services: ['a'], start: false }))).toEqual([
      'create network demo_default',
      'create volume demo_data',
      'create demo-a-1',
    ]);
  });

  it('makes a network anew with all that is on it', () => {
    const seen = observed(two, [container(two, 'a', 1), container(two, 'b', 1)]);
    const networks = seen.networks.map((one) => ({ ...one, labels: { ...one.labels, [label.configHash]: 'other' } }));
    expect(told(two, { ...seen, networks })).toMatchObject({
      'remove network demo_default': '',
      'create network demo_default': 'remove network demo_default',
      'recreate demo-a-1': 'create network demo_default',
    });
  });

  it('keeps a volume that differs, unless its data may be lost', () => {
    const seen = observed(two, [container(two, 'a', 1), container(two, 'b', 1)]);
    const volumes = seen.volumes.map((one) => ({ ...one, labels: { ...one.labels, [label.configHash]: 'other' } }));
    const plan = planUp(two, { ...seen, volumes });
    expect(plan.steps).toEqual([]);
    expect(plan.warnings).toEqual([expect.stringContaining('volume demo_data: its configuration changed')]);
    expect(told(two, { ...seen, volumes }, { recreateVolumes: true })).toMatchObject({
      'remove volume demo_data': 'remove demo-a-1',
      'create volume demo_data': 'remove volume demo_data',
      'create demo-a-1': 'create volume demo_data',
    });
  });

  it('uses networks and volumes of others as they are, and says so', () => {
    const seen = observed(two, [container(two, 'a', 1), container(two, 'b', 1)]);
    const plain = <T extends { labels: object }>(list: readonly T[]): T[] =>
      list.map((one) => ({ ...one, labels: {} }));
    const plan = planUp(two, { ...seen, networks: plain(seen.networks), volumes: plain(seen.volumes) });
    expect(plan.steps).toEqual([]);
    expect(plan.warnings).toHaveLength(2);
  });

  it('refuses external networks and volumes that are not there', async () => {
    const network = await read('services:\n  a: { image: i, networks: [n] }\nnetworks: { n: { external: true } }\n');
    expect(() => planUp(network, empty)).toThrow('networks.n: n is declared external and is not there');
    const volume = await read(
      'services:\n  a: { image: i, volumes: ["vol:/v"] }\nvolumes: { vol: { external: true, name: far } }\n',
    );
    expect(() => planUp(volume, empty)).toThrow('volumes.vol: far is declared external and is not there');
  });

  it('warns of containers of no service, and removes them when asked', () => {
    const stray = container(two, 'old', 1);
    const seen = observed(two, [container(two, 'a', 1), container(two, 'b', 1), stray]);
    expect(planUp(two, seen).warnings).toEqual([expect.stringContaining('demo-old-1')]);
    expect(told(two, seen, { removeOrphans: true })).toEqual({
      'stop demo-old-1': '',
      'remove demo-old-1': 'stop demo-old-1',
    });
  });

  it('takes up what an interrupted recreation left', () => {
    const left = container(two, 'b', 1, { name: '0123456789ab_demo-b-1', state: 'created' });
    expect(told(two, observed(two, [container(two, 'a', 1), left]))).toEqual({
      'rename demo-b-1': '',
      'start demo-b-1': 'rename demo-b-1',
    });
  });
});

describe('a plan for images', () => {
  const images = (content: string, present: readonly string[], options = {}): Promise<string[]> =>
    read(content).then((project) =>
      planImages(project, new Map(present.map((name) => [name, image])), options).map(
        (one) => `${one.how} ${one.image}`,
      ),
    );

  it.each([
    { does: 'pulls what is missing', file: 'services:\n  a: { image: i }\n', present: [], work: ['pull i'] },
    {
      does: 'pulls an image once for several services',
      file: 'services:\n  a: { image: i }\n  b: { image: i }\n',
      present: [],
      work: ['pull i'],
    },
    { does: 'leaves alone an image that is there', file: 'services:\n  a: { image: i }\n', present: ['i'], work: [] },
    {
      does: 'pulls always where that is stated',
      file: 'services:\n  a: { image: i, pull_policy: always }\n',
      present: ['i'],
      work: ['pull i'],
    },
    {
      does: 'does nothing for a service without containers',
      file: 'services:\n  a: { image: i, scale: 0 }\n',
      present: [],
      work: [],
    },
    { does: 'builds what has a build', file: 'services:\n  a: { build: . }\n', present: [], work: ['build demo-a'] },
    { does: 'does not build what is there', file: 'services:\n  a: { build: . }\n', present: ['demo-a'], work: [] },
    {
      does: 'builds it again when asked',
      file: 'services:\n  a: { build: . }\n',
      present: ['demo-a'],
      options: { build: true },
      work: ['build demo-a'],
    },
    {
      does: 'builds it again where that is stated',
      file: 'services:\n  a: { build: ., image: i, pull_policy: build }\n',
      present: ['i'],
      work: ['build i'],
    },
  ])('$does', async ({ file, present, options, work }) => {
    expect(await images(file, present, options)).toEqual(work);
  });

  it('refuses an image that may not be pulled', async () => {
    await expect(images('services:\n  a: { image: i, pull_policy: never }\n', [])).rejects.toThrow(
      'its pull policy is never',
    );
  });
});

describe('a plan to take a project away', () => {
  const told = (...given: Parameters<typeof planDown>): Record<string, string> =>
    Object.fromEntries(planDown(...given).steps.map(({ id, after }) => [id, after.join(', ')] as const));
  const b = { labels: { [label.dependsOn]: 'a:service_started:false' } };

  it('stops dependents first, removes what has stopped and networks that nothing uses, and keeps volumes', () => {
    const seen = observed(two, [container(two, 'a', 1), container(two, 'b', 1)]);
    const steps = {
      'stop demo-b-1': '',
      'remove demo-b-1': 'stop demo-b-1',
      'stop demo-a-1': 'stop demo-b-1',
      'remove demo-a-1': 'stop demo-a-1',
      'remove network demo_default': 'stop demo-a-1, stop demo-b-1',
    };
    expect(told('demo', two, seen)).toEqual(steps);
    expect(told('demo', two, seen, { volumes: true })).toMatchObject({
      'remove volume demo_data': 'remove demo-a-1, remove demo-b-1',
    });
  });

  it('needs no files: labels tell the order', () => {
    const seen = observed(two, [container(two, 'a', 1), container(two, 'b', 1, b)]);
    expect(told('demo', undefined, seen)).toMatchObject({ 'stop demo-a-1': 'stop demo-b-1' });
  });

  it('does not wait in a circle when labels contradict each other', () => {
    const a = { labels: { [label.dependsOn]: 'b:service_started:false' } };
    const seen = observed(two, [container(two, 'a', 1, a), container(two, 'b', 1, b)]);
    const steps = told('demo', undefined, seen);
    expect([steps['stop demo-a-1'], steps['stop demo-b-1']].filter((after) => after === '')).toHaveLength(1);
  });

  it('leaves containers of no service, and the network that they are on', () => {
    const stray = container(two, 'old', 1, { networks: ['demo_default'] });
    const seen = observed(two, [container(two, 'a', 1), stray]);
    expect(Object.keys(told('demo', two, seen))).toEqual(['stop demo-a-1', 'remove demo-a-1']);
    expect(planDown('demo', two, seen).warnings).toHaveLength(2);
    expect(Object.keys(told('demo', two, seen, { removeOrphans: true }))).toContain('remove network demo_default');
  });

  it('touches nothing of another project', () => {
    const seen = observed(two, []);
    const foreign = {
      ...seen,
      networks: seen.networks.map((one) => ({ ...one, labels: { ...one.labels, [label.project]: 'other' } })),
    };
    expect(told('demo', two, foreign)).toEqual({});
  });
});
