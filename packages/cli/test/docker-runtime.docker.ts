import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, finish, guestbook } from './command.js';
import { curl, docker, DockerPlace, heldBy, nothing, skip, testbed } from './docker-place.js';

if (skip) console.log('SKIPPED: kmd up --runtime docker (it needs an engine and the kubectl of tools/kubectl)');

describe.skipIf(skip)('kmd up --runtime docker', () => {
  const place = new DockerPlace();
  const name = 'life';
  const kubectl = (...args: string[]) => place.run(['kubectl', '--name', name, ...args]);
  const podNames = async () => {
    const { stdout } = await kubectl('get', 'pods', '-o', 'jsonpath={range .items[*]}{.metadata.name} {.status.phase}{"\\n"}{end}'); // prettier-ignore
    return stdout.trim().split('\n').filter(Boolean).sort();
  };

  beforeAll(async () => {
    expect(await place.run(['build', 'km', 'mesos-agent', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    const profile = { COMPOSE_PROFILES: 'ambassador', KMD_DOCKER_SOCKET: testbed?.host.replace('unix://', '') ?? '' };
    expect(await place.upDocker(name, profile)).toMatchObject({ code: 0, stderr: '' });
  });
  afterAll(() => place.close());

  it('runs each service of the topology as a container', () => {
    expect(heldBy(name)).toMatchObject({
      containers: expect.arrayContaining(
        ['etcd-1', 'mesosmaster1-1', 'mesosslave-1', 'mesosslave-2', 'apiserver-1', 'controller-1', 'scheduler-1'].map(
          (container) => `kmd-${name}-${container}`,
        ),
      ) as string[],
      networks: [`kmd-${name}_cluster`],
    });
    expect(heldBy(name).containers).toHaveLength(8);
  });

  it('publishes ports on loopback only', () => {
    const published = docker(
      'ps',
      '--filter',
      `label=com.docker.compose.project=kmd-${name}`,
      '--format',
      '{{.Ports}}',
    );
    const hosts = published.flatMap((ports) => [...ports.matchAll(/(\S+):\d+->/g)].map((match) => match[1]));
    expect(hosts.length).toBeGreaterThan(5);
    expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
  });

  it('is used as any other: nodes, the guestbook, logs, status', async () => {
    expect((await kubectl('get', 'nodes', '-o', 'name')).stdout).toBe('node/mesosslave-1\nnode/mesosslave-2\n');
    expect(await kubectl('apply', '-f', guestbook)).toMatchObject({ code: 0 });
    expect(await kubectl('wait', '--for=condition=Available', 'deployment', '--all', '--timeout=60s')).toMatchObject({
      code: 0,
    });
    expect((await kubectl('logs', 'deployment/frontend')).stdout).toContain('hollow');
    const status = await place.status(name);
    expect(status).toMatchObject({
      state: 'running',
      addons: [
        { name: 'dns', ready: true },
        { name: 'ui', ready: true },
      ],
    });
    expect(status.services.map((service) => service.name)).toContain('mesosslave-2');
    const logs = await place.run(['logs', 'scheduler', '--name', name]);
    expect(logs.stdout).toContain('framework accepted by http://mesosmaster1:5050');
    const executor = await place.run(['logs', 'executor', '--name', name]);
    expect(executor.stdout).toMatch(/executor\/mesosslave-\d .*subscribed to the agent/);
    const all = await place.run(['logs', '--tail', '1', '--name', name]);
    expect(all.stdout).toMatch(/executor\/mesosslave-\d/);
    expect(await place.run(['logs', 'executor/mesosslave-9', '--name', name])).toMatchObject({ code: 2 });
  });

  it('signs a certificate that was asked for and approved', async () => {
    const [key, request] = ['user.key', 'user.csr'].map((file) => join(place.home, file)) as [string, string];
    const ask = ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=jane', '-keyout', key, '-out', request];
    execFileSync('openssl', ask, { stdio: 'pipe' });
    const manifest = {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'jane' },
      spec: {
        request: readFileSync(request, 'base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
      },
    };
    const file = join(place.home, 'jane.json');
    writeFileSync(file, JSON.stringify(manifest));
    expect(await kubectl('apply', '-f', file)).toMatchObject({ code: 0 });
    expect(await kubectl('certificate', 'approve', 'jane')).toMatchObject({ code: 0 });
    const signed = async () => (await kubectl('get', 'csr', 'jane', '-o', 'jsonpath={.status.certificate}')).stdout;
    const certificate = Buffer.from(await eventually(signed, (text) => text !== ''), 'base64');
    expect(new X509Certificate(certificate).subject).toBe('CN=jane');
  });

  it('follows the logs of executors, and leaves nothing of that in their agents', async () => {
    const followers = () => docker('top', `kmd-${name}-mesosslave-1`, '-eo', 'pid,args').filter((one) => one.includes(' -F ')); // prettier-ignore
    const child = place.start(['logs', 'executor/mesosslave-1', '--follow', '--tail', '1', '--name', name]);
    const ended = finish(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(followers().length).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect((await ended).stdout).toContain('mesosslave-1');
    await eventually(
      () => Promise.resolve(followers()),
      (now) => now.length === 0,
    );
  });

  it('shows the web UI to admin, with what it knows of Mesos, and to nobody else', async () => {
    const { stdout } = await place.run(['ui', '--print', '--name', name]);
    const page = stdout.trim();
    expect(page).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/ui\/$/);
    expect(curl(page)).toEqual({ code: '401', body: expect.any(String) as string });
    expect(curl('-L', '--user', 'admin:admin', page)).toEqual({
      code: '200',
      body: expect.stringMatching(/<!doctype html>[^]*<script type="module"/) as string,
    });
    const proxy = new URL('/api/v1/namespaces/kube-system/services/kubernetes-dashboard/proxy/mesos', page);
    const first = curl('--user', 'admin:admin', '--max-time', '5', proxy.href).body.split('\n')[0] ?? '';
    expect(first).toContain('mesosslave-2');
  });

  it("passes the engine's own health checks, and an ambassador reaches the API server", async () => {
    const states = async () => docker('ps', '--filter', `name=kmd-${name}-`, '--format', '{{.Names}} {{.Status}}');
    const lines = await eventually(states, (all) => all.every((line) => !line.includes('starting')), 60);
    expect(lines.filter((line) => !line.includes('(healthy)') && !line.includes('ambassador'))).toEqual([]);
    const ask = ['health-check', 'https://127.0.0.1:6443/healthz', '/tmp/tokens'];
    docker(
      'cp',
      join(place.home, '.kmd', 'clusters', name, 'auth', 'token-users'),
      `kmd-${name}-ambassador-1:/tmp/tokens`,
    );
    expect(docker('exec', `kmd-${name}-ambassador-1`, ...ask)).toEqual([]);
  });

  it('scales the agents up and down, and touches nothing else', async () => {
    const others = () =>
      docker('ps', '--no-trunc', '--format', '{{.ID}} {{.Names}}').filter(
        (line) => line.includes(`kmd-${name}-`) && !line.includes('mesosslave-3'),
      );
    const before = others();
    expect(await place.run(['scale', 'agents=3', '--name', name])).toMatchObject({ code: 0, stderr: '' });
    expect((await place.status(name)).agents.map(({ hostname }) => hostname)).toEqual([
      'mesosslave-1',
      'mesosslave-2',
      'mesosslave-3',
    ]);
    expect(others().sort()).toEqual(before.sort());
    expect(await place.run(['scale', 'agents=2', '--name', name])).toMatchObject({ code: 0, stderr: '' });
    const { agents, nodes } = await place.status(name);
    expect([agents.length, nodes.map((node) => node.name)]).toEqual([2, ['mesosslave-1', 'mesosslave-2']]);
  });

  it('is stopped and started again with its objects, address and containers', async () => {
    const { apiServer } = await place.status(name);
    const { containers } = heldBy(name);
    const pods = await podNames();
    expect(await place.run(['stop', '--name', name])).toMatchObject({ code: 0, stderr: '' });
    expect(docker('ps', '--format', '{{.Names}}').filter((one) => one.startsWith(`kmd-${name}-`))).toEqual([]);
    expect(await kubectl('get', 'nodes')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('kmd start') as string,
    });
    expect(await place.run(['start', '--name', name])).toMatchObject({ code: 0, stderr: '' });
    expect((await place.status(name)).apiServer).toBe(apiServer);
    expect(heldBy(name).containers.sort()).toEqual(containers.sort());
    expect((await kubectl('get', 'deployments', '-o', 'name')).stdout.trim().split('\n')).toHaveLength(3);
    const fresh = await eventually(podNames, (now) => now.length === pods.length && now.every((pod) => pod.endsWith('Running'))); // prettier-ignore
    expect(fresh.filter((pod) => pods.includes(pod))).toEqual([]);
  });

  // Only where the engine runs on this machine, and this is root: the processes are killed from outside, as a crash would.
  it.skipIf(process.getuid?.() !== 0)('comes back by itself when all its processes were killed', async () => {
    const ids = docker('ps', '-q', '--filter', `label=com.docker.compose.project=kmd-${name}`);
    const killed = docker('inspect', '--format', '{{.State.Pid}}', ...ids);
    const pods = await podNames();
    for (const pid of killed) process.kill(Number(pid), 'SIGKILL');
    const back = async () => {
      const { stdout } = await place.run(['status', '--json', '--name', name]);
      return stdout === '' ? undefined : (JSON.parse(stdout) as { state: string; agents: unknown[] });
    };
    await eventually(back, (status) => status?.state === 'running' && status.agents.length === 2, 60);
    const fresh = await eventually(podNames, (now) => now.length === pods.length && now.every((pod) => pod.endsWith('Running') && !pods.includes(pod)), 60); // prettier-ignore
    expect(fresh).toHaveLength(pods.length);
    expect(docker('inspect', '--format', '{{.State.Pid}}', ...ids)).not.toEqual(expect.arrayContaining(killed));
  });

  it('comes up beside a second one, on a network of its own', async () => {
    expect(await place.upDocker('second', {}, '--agents', '1')).toMatchObject({ code: 0, stderr: '' });
    const subnets = ['life', 'second'].map((one) =>
      docker('network', 'inspect', `kmd-${one}_cluster`, '--format', '{{(index .IPAM.Config 0).Subnet}}'),
    );
    expect(subnets[0]).not.toEqual(subnets[1]);
    const { stdout } = await place.run(['list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'life', state: 'running', runtime: 'docker' },
      { name: 'second', state: 'running', agents: 1 },
    ]);
    expect(await place.run(['down', '--name', 'second'])).toMatchObject({ code: 0 });
    expect(heldBy('second')).toEqual(nothing);
  });

  it('leaves nothing behind but keys and, when asked, logs', async () => {
    expect(await place.run(['down', '--name', name], { MESOS_DOCKER_DUMP_LOGS: 'true' })).toMatchObject({ code: 0 });
    expect(heldBy(name)).toEqual(nothing);
    const folder = join(place.home, '.kmd', 'clusters', name);
    expect(readdirSync(folder).sort()).toEqual(['auth', 'log']);
    expect(readFileSync(join(folder, 'log', 'apiserver-1.log'), 'utf8')).toContain('listening on https://');
    expect(readFileSync(join(folder, 'log', 'executor-mesosslave-1.log'), 'utf8')).toContain('subscribed to the agent');
    expect(readFileSync(place.kubeconfig, 'utf8')).not.toContain('kmd-life');
  });
});

describe.skipIf(skip)('kmd up --runtime docker that cannot', () => {
  const place = new DockerPlace();
  beforeAll(async () => {
    expect(await place.run(['build', 'km', 'mesos-agent', '--quiet'])).toMatchObject({ code: 0 });
  });
  afterEach(() => expect(heldBy('bad')).toEqual(nothing));
  afterAll(() => place.close());

  it('says the last lines of a service that ends, keeps its log, and leaves nothing', async () => {
    const file = join(place.home, 'broken.yaml');
    writeFileSync(file, 'services:\n  scheduler:\n    command: [km, scheduler, --mesos-nonsense=1]\n');
    const { code, stderr } = await place.upDocker('bad', {}, '-f', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /service scheduler has ended with exit code 2; its last lines:\n.*unknown flag --mesos-nonsense/,
    );
    const log = join(place.home, '.kmd', 'clusters', 'bad', 'log', 'scheduler-1.log');
    expect(readFileSync(log, 'utf8')).toContain('unknown flag');
  });

  it('says which service took longer than the topology gives it', async () => {
    const file = join(place.home, 'silent.yaml');
    writeFileSync(file, 'services:\n  apiserver:\n    entrypoint: [sh, -c, "sleep 60", --]\n');
    const { code, stderr } = await place.upDocker('bad', { MESOS_DOCKER_API_TIMEOUT: '2' }, '-f', file);
    expect([code, stderr]).toEqual([5, expect.stringContaining('service apiserver did not answer within 2 s')]);
  });

  it('names an image that cannot be had', async () => {
    const { code, stderr } = await place.upDocker('bad', { KMD_ETCD_IMAGE: '127.0.0.1:1/no/etcd:1' });
    expect(code).toBe(1);
    expect(stderr).toContain('image 127.0.0.1:1/no/etcd:1 cannot be pulled');
  });

  it('does not build where it is told not to', async () => {
    const { code, stderr } = await place.upDocker('bad', {
      KMD_KM_IMAGE: 'kmd/none:1',
      MESOS_DOCKER_SKIP_BUILD: 'true',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('kmd/none:1');
  });

  it('says which port another program has', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const { code, stderr } = await place.run(['up', '--runtime', 'docker', '--name', 'bad', '--api-port', `${port}`]);
      expect(code).toBe(4);
      expect(stderr).toContain(`port ${port}`);
    } finally {
      server.close();
    }
  });

  it('refuses a project that somebody else has', async () => {
    const label = ['--label', 'com.docker.compose.project=kmd-bad', '--label', 'com.docker.compose.service=x'];
    const [id = ''] = docker('run', '-d', ...label, testbed?.images.small ?? '', 'sleep', '60');
    try {
      const { code, stderr } = await place.upDocker('bad');
      expect(code).toBe(1);
      expect(stderr).toContain('a project kmd-bad that is not of kmd');
      expect(docker('ps', '-q', '--no-trunc')).toContain(id);
    } finally {
      docker('rm', '-f', id);
    }
  });

  it('leaves nothing when it is interrupted, whatever it was at', async () => {
    const steps = ['engine', 'image-km', 'containers', 'services', 'agents', 'addon-dns'];
    for (const step of steps) {
      const child = place.start([
        'up',
        '--runtime',
        'docker',
        '--name',
        'bad',
        '--api-port',
        '0',
        '--mesos-port',
        '0',
        '--json',
      ]);
      const ended = finish(child);
      child.stdout?.on('data', (text: string) => {
        if (new RegExp(`"phase":"start","step":"${step}"`).test(text)) child.kill('SIGINT');
      });
      expect(await ended, step).toMatchObject({ code: 130 });
      expect(heldBy('bad'), step).toEqual(nothing);
      expect(existsSync(join(place.home, '.kmd', 'clusters', 'bad', 'cluster.json')), step).toBe(false);
    }
  });

  it('lets one of two at once do it', async () => {
    const [first, second] = await Promise.all([place.upDocker('bad'), place.upDocker('bad')]);
    expect([first.code, second.code].sort()).toEqual([0, 1]);
    expect(first.stderr + second.stderr).toContain('another kmd');
    expect(await place.run(['down', '--name', 'bad'])).toMatchObject({ code: 0 });
  });

  it('cleans up after a cluster whose folder is gone, and after nothing else', async () => {
    expect(await place.upDocker('bad', {}, '--agents', '1')).toMatchObject({ code: 0 });
    const leftovers = async (...flags: string[]) => {
      const { stdout } = await place.run(['cleanup', '--json', ...flags]);
      const all = JSON.parse(stdout) as { kind: string; name: string; cluster?: string }[];
      return all.filter(({ cluster }) => cluster === 'bad').map((one) => `${one.kind} ${one.name}`);
    };
    expect(await leftovers()).toEqual([]);
    rmSync(join(place.home, '.kmd'), { recursive: true });
    const held = heldBy('bad');
    const expected = [...held.containers.map((one) => `container ${one}`), 'network kmd-bad_cluster'].sort();
    expect((await leftovers('--dry-run')).sort()).toEqual(expected);
    expect(heldBy('bad')).toEqual(held);
    expect((await leftovers()).sort()).toEqual(expected);
    expect(docker('images', '-q', 'kmd/mesos-agent')).toHaveLength(1);
  });

  it('makes a cluster of what a killed one has left', async () => {
    const child = place.start(['up', '--runtime', 'docker', '--name', 'bad', '--api-port', '0', '--mesos-port', '0', '--json']); // prettier-ignore
    const ended = finish(child);
    child.stdout?.on('data', (text: string) => {
      if (text.includes('"phase":"start","step":"services"')) child.kill('SIGKILL');
    });
    await ended;
    expect(heldBy('bad').containers.length).toBeGreaterThan(0);
    expect(await place.upDocker('bad')).toMatchObject({ code: 0, stderr: '' });
    expect(heldBy('bad').containers).toHaveLength(7);
    expect(await place.run(['down', '--name', 'bad'])).toMatchObject({ code: 0 });
  });
});
