import { describe, expect, it } from 'vitest';
import { ComposeError, load, serviceOrder, type LoadOptions } from '../index.js';

function loadText(content: string, options: Partial<LoadOptions> = {}) {
  return load({ files: [{ path: 'docker-compose.yml', content }], workingDir: '/srv/docker', ...options });
}

async function refusal(content: string, options: Partial<LoadOptions> = {}): Promise<ComposeError> {
  const error: unknown = await loadText(content, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ComposeError) return error;
  throw new Error(`no ComposeError: ${String(error)}`);
}

/** The shape of the cluster of 2015: the same services, links, kinds of ports, volumes, commands and bare variables. */
const cluster = `
ambassador:
  image: example/ambassador:1
  volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
  command: "-name docker_apiserver_1"
etcd:
  hostname: etcd
  image: example/etcd:2
  ports: [ "4001:4001" ]
  command: >
    --listen-client-urls 'http://etcd:4001'
    --initial-cluster-state new
mesosmaster1:
  hostname: mesosmaster1
  image: example/mesos
  entrypoint: [ "mesos-master" ]
  environment: [ MESOS_PORT=5050 ]
  links: [ etcd, "ambassador:apiserver" ]
mesosslave:
  privileged: true
  image: example/agent
  entrypoint: [ "bash", "-c", "mesos-slave --hostname=$(hostname -i)" ]
  command: ~
  environment: [ "MESOS_RESOURCES=cpus:4;ports:[21000-21099]", DOCKER_DAEMON_ARGS ]
  links: [ etcd, mesosmaster1 ]
apiserver:
  image: example/km
  entrypoint: [ /bin/bash, "-ceu", "echo \\"$(hostname -f) ($(hostname -f | xargs resolveip))\\" && km apiserver" ]
  volumes: [ "\${MESOS_DOCKER_WORK_DIR}/auth:/var/run/kubernetes/auth:ro" ]
  links: [ etcd, mesosmaster1 ]
`;

describe('a file of version 1', () => {
  it('of the cluster of 2015 loads unchanged', async () => {
    const { project, sourceMap } = await loadText(cluster, {
      environment: { MESOS_DOCKER_WORK_DIR: '/srv/cluster', DOCKER_DAEMON_ARGS: '--debug' },
    });
    expect(serviceOrder(project)).toEqual(['ambassador', 'etcd', 'mesosmaster1', 'apiserver', 'mesosslave']);
    const { mesosslave, apiserver, etcd, mesosmaster1 } = project.services;
    expect(mesosslave?.entrypoint).toEqual(['bash', '-c', 'mesos-slave --hostname=$(hostname -i)']);
    expect(mesosslave?.environment).toEqual({
      MESOS_RESOURCES: 'cpus:4;ports:[21000-21099]',
      DOCKER_DAEMON_ARGS: '--debug',
    });
    expect(mesosslave?.network_mode).toBe('bridge');
    expect(mesosmaster1?.links).toEqual(['etcd', 'ambassador:apiserver']);
    expect(apiserver?.volumes?.[0]).toMatchObject({ type: 'bind', source: '/srv/cluster/auth', read_only: true });
    expect(etcd?.command).toEqual(['--listen-client-urls', 'http://etcd:4001', '--initial-cluster-state', 'new']);
    expect(project.networks).toEqual({});
    expect(sourceMap.locate(['services', 'etcd', 'hostname'])).toEqual({
      file: 'docker-compose.yml',
      line: 7,
      column: 13,
    });
  });

  it('keeps the names of its volumes, with their driver', async () => {
    const { project } = await loadText('web: {image: a, volumes: ["data:/d"], volume_driver: flocker}');
    expect(project.volumes).toEqual({ data: { name: 'data', driver: 'flocker' } });
    expect(project.services['web']).not.toHaveProperty('x-volume_driver');
  });

  it('takes an image for a build, and a build for an image, from a later file', async () => {
    const files = [
      { path: 'a.yml', content: 'web: {build: ., dockerfile: Other}\ndb: {image: pg}' },
      { path: 'b.yml', content: 'web: {image: web}\ndb: {build: db}' },
    ];
    const { project } = await load({ files, workingDir: '/srv/docker' });
    expect(project.services['web']).toMatchObject({ image: 'web' });
    expect(project.services['web']?.build).toBeUndefined();
    expect(project.services['db']?.image).toBeUndefined();
    expect(project.services['db']?.build?.context).toBe('/srv/docker/db');
  });

  it('is refused where it says what only later versions know, with the place', async () => {
    const error = await refusal('web:\n  image: a\n  volume: x\n  depends_on: [db]\ndb:\n  image: b\n  build: .\n');
    expect(error.message.split('\n')).toEqual([
      "docker-compose.yml:3:3: Unsupported config option for web: 'volume' (did you mean 'volumes'?)",
      expect.stringContaining("docker-compose.yml:4:3: Unsupported config option for web: 'depends_on'"),
      expect.stringContaining('docker-compose.yml:7:3: Service db has both an image and build path specified.'),
    ]);
  });

  it('knows plain variables only, and no variables in env files', async () => {
    expect((await refusal('web: {image: "a:${TAG:-b}"}')).message).toContain('invalid interpolation format');
    const { project } = await loadText('web: {image: a, env_file: x.env}', {
      readFile: async () => 'A=1\nB=$A\nC="two words"\n',
    });
    expect(project.services['web']?.environment).toEqual({ A: '1', B: '$A', C: 'two words' });
  });

  it('with links in a circle is refused, as by docker-compose 1.29.2', async () => {
    const error = await refusal('a: {image: x, links: [b]}\nb: {image: y, links: [a]}');
    expect(error.code).toBe('cycle');
  });

  it('is refused like docker compose does when asked to', async () => {
    const error = await refusal('web: {image: a}', { steps: { version1: false } });
    expect(error.message).toContain("additional properties 'web' not allowed");
  });
});
