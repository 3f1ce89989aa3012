import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { load, replicaEnvironment, serviceOrder } from '../src/index.js';

const folder = fileURLToPath(new URL('../../cluster/topology/', import.meta.url));

async function loadTopology(environment: Record<string, string> = {}, ...overrides: string[]) {
  return load({ files: ['compose.yaml', ...overrides], workingDir: folder, environment });
}

describe('the topology of the cluster', () => {
  it('loads without variables', async () => {
    const { project, warnings } = await loadTopology();
    expect(warnings).toEqual([]);
    expect(project.name).toBe('kmd-local');
    expect(Object.keys(project.services)).toEqual(
      expect.arrayContaining(['apiserver', 'controller', 'etcd', 'mesosmaster1', 'mesosslave', 'scheduler']),
    );
    expect(project.services['mesosslave']?.scale).toBe(2);
    expect(project.services['apiserver']?.ports).toEqual([
      { mode: 'ingress', host_ip: '127.0.0.1', target: 6443, published: '6443', protocol: 'tcp' },
    ]);
    expect(project.services['apiserver']?.healthcheck?.start_period).toBe(180_000);
    expect(project['x-kmd']).toMatchObject({ addons: { dns: { enabled: 'true', server: '10.10.10.10' } } });
  });

  it('starts what others wait for first', async () => {
    const { project } = await loadTopology();
    const order = serviceOrder(project);
    for (const [before, after] of [
      ['etcd', 'apiserver'],
      ['mesosmaster1', 'mesosslave'],
      ['apiserver', 'controller'],
      ['apiserver', 'scheduler'],
    ] as const) {
      expect(order.indexOf(before)).toBeLessThan(order.indexOf(after));
    }
  });

  it('gives the second agent resources of its own role, and each agent its attributes', async () => {
    const { project } = await loadTopology();
    const agent = project.services['mesosslave'];
    expect(agent).toBeDefined();
    expect(replicaEnvironment(agent!, 1)).toMatchObject({
      MESOS_RESOURCES: 'cpus:4;mem:1280;disk:25600;ports:[8000-21099]',
      MESOS_ATTRIBUTES: 'rack:1;gen:2011',
      MESOS_WORK_DIR: '/var/tmp/mesos/1',
    });
    expect(replicaEnvironment(agent!, 2)).toMatchObject({
      MESOS_RESOURCES:
        'cpus:4;mem:1280;disk:25600;ports:[8000-21099];cpus(public):2;mem(public):640;ports(public):[7000-7999]',
      MESOS_ATTRIBUTES: 'rack:2;gen:2012',
    });
  });

  it('takes numbers and resources from variables', async () => {
    const environment = { NUM_NODES: '5', KMD_API_PORT: '7443', MESOS_RESOURCES: 'cpus:1', MESOS_ATTRIBUTES: 'zone:a' };
    const { project } = await loadTopology(environment);
    expect(project.services['mesosslave']?.scale).toBe(5);
    expect(project.services['apiserver']?.ports?.[0]?.published).toBe('7443');
    expect(replicaEnvironment(project.services['mesosslave']!, 3)).toMatchObject({
      MESOS_RESOURCES: 'cpus:1',
      MESOS_ATTRIBUTES: 'zone:a',
    });
  });

  it('publishes the plain HTTP port only with the override that says so', async () => {
    const { project } = await loadTopology({ KMD_INSECURE_PORT: '8888' }, 'insecure-port.yaml');
    expect(project.services['apiserver']?.ports?.map((port) => port.published)).toEqual(['6443', '8888']);
    await expect(loadTopology({}, 'insecure-port.yaml')).rejects.toThrow(
      'insecure-port.yaml:6:9: error while interpolating services.apiserver.ports.[]: required variable KMD_INSECURE_PORT is missing',
    );
  });
});
