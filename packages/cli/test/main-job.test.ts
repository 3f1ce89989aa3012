import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, finish, guestbook, hasKubectl, type Result, Workplace } from './command.js';

const KUBECONFIG = `# kept by hand
apiVersion: v1
kind: Config
current-context: work
contexts:
- name: work
  context: {cluster: work, user: me}
clusters:
- name: work
  cluster: {server: "https://work.example:6443"}
users:
- name: me
  user: {token: secret}
`;

interface MesosState {
  frameworks: { name: string; tasks: { name: string; state: string; slave_id: string }[] }[];
  slaves: { hostname: string; resources: { cpus: number } }[];
}

if (!hasKubectl)
  console.log('SKIPPED: the main job with a real kubectl (tools/kubectl unpacks it on linux/amd64 only)');

describe.skipIf(!hasKubectl)('the main job: the built command and an unmodified kubectl', () => {
  const place = new Workplace();
  let up: Result;
  let state: Awaited<ReturnType<Workplace['status']>>;

  const mesos = async (): Promise<MesosState> =>
    (await (await fetch(`${state.mesosMaster}/state`)).json()) as MesosState;
  const runningTasks = async () =>
    (await mesos()).frameworks
      .filter(({ name }) => name === 'Kubernetes')
      .flatMap(({ tasks }) => tasks.filter((task) => task.state === 'TASK_RUNNING').map((task) => task.name))
      .sort();
  const pods = async (...args: string[]) => {
    const { stdout } = await place.kubectl('get', 'pods', '-o', 'json', ...args);
    return (
      JSON.parse(stdout) as {
        items: {
          metadata: { name: string; namespace: string; deletionTimestamp?: string };
          status: { phase: string };
          spec: { nodeName?: string };
        }[];
      }
    ).items;
  };

  beforeAll(async () => {
    writeFileSync(place.kubeconfig, KUBECONFIG);
    up = await place.up();
    if (up.code === 0) state = await place.status();
  });
  afterAll(() => place.close());

  it('brings a cluster up, and says how to reach it', () => {
    expect(up, up.stderr).toMatchObject({ code: 0, stderr: '' });
    for (const step of [
      'Make certificates',
      'Start the services',
      'Wait for the Mesos agents',
      'Wait for the Kubernetes nodes',
      'Deploy addon dns',
      'Write context kmd-local',
    ]) {
      expect(up.stdout).toMatch(new RegExp(`✓ ${step}.*\\(\\d+( ms|\\.\\d s)\\)`));
    }
    expect(up.stdout).toContain(`API server    ${state.apiServer}   user admin, password admin`);
    expect(up.stdout).toContain(`Mesos master  ${state.mesosMaster}`);
    expect(up.stdout).toContain('context kmd-local');
    expect(up.stdout).toContain('kmd kubectl get nodes -o wide');
  });

  it('says that it is up when brought up again, and changes nothing', async () => {
    const before = readFileSync(place.kubeconfig, 'utf8');
    const again = await place.up();
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('is up already');
    expect(readFileSync(place.kubeconfig, 'utf8')).toBe(before);
    expect((await place.status()).process.pid).toBe(state.process.pid);
  });

  it('shows every service healthy, agents with their resources, nodes and addons', () => {
    expect(state.state).toBe('running');
    expect(state.services.map(({ name }) => name).sort()).toEqual([
      'apiserver',
      'controller',
      'etcd',
      'mesosmaster1',
      'mesosslave-1',
      'mesosslave-2',
      'scheduler',
    ]);
    expect(state.services.every(({ healthy }) => healthy)).toBe(true);
    expect(state.agents.map(({ hostname, cpus }) => [hostname, cpus])).toEqual([
      ['mesosslave-1', 4],
      ['mesosslave-2', 6],
    ]);
    expect(state.nodes).toMatchObject([{ ready: true }, { ready: true }]);
    expect(state.addons).toMatchObject([
      { name: 'dns', ready: true },
      { name: 'ui', ready: true },
    ]);
  });

  it('prints the status as text', async () => {
    const { code, stdout } = await place.run(['status']);
    expect(code).toBe(0);
    expect(stdout).toContain('Cluster "local" is running');
    expect(stdout).toMatch(/mesosmaster1 +healthy +http:\/\/127\.0\.0\.1:\d+/);
    expect(stdout).toMatch(/mesosslave-1 +active +[\d.]+ of 4 /);
  });

  it('has one node for each agent', async () => {
    const { code, stdout } = await place.kubectl('get', 'nodes', '-o', 'wide');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP/);
    expect(stdout).toMatch(/^mesosslave-1 +Ready /m);
    expect(stdout).toMatch(/^mesosslave-2 +Ready /m);
  });

  it('runs the DNS addon', async () => {
    const { stdout } = await place.kubectl('get', 'pods', '-A');
    expect(stdout).toMatch(/^kube-system +\S*dns\S* +1\/1 +Running /m);
  });

  it('lets the password and the token in, and nobody else', async () => {
    const ca = readFileSync(`${place.home}/.kmd/clusters/local/auth/root-ca.crt`);
    const status = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        request(`${state.apiServer}/api/v1/nodes`, { ca, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    const basic = (credentials: string) => ({ Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
    expect(await status(basic('admin:admin'))).toBe(200);
    expect(await status(basic('admin:wrong'))).toBe(401);
    expect(await status({})).toBe(401);
  });

  it('runs the guestbook, each pod a task of framework "Kubernetes"', async () => {
    const applied = await place.kubectl('apply', '-f', guestbook);
    expect(applied, applied.stderr).toMatchObject({ code: 0, stderr: '' });
    for (const deployment of ['redis-leader', 'redis-follower', 'frontend']) {
      const rollout = await place.kubectl('rollout', 'status', `deployment/${deployment}`, '--timeout=60s');
      expect(rollout, rollout.stderr).toMatchObject({ code: 0 });
    }
    const running = await pods('-A');
    expect(running.filter(({ status }) => status.phase !== 'Running')).toEqual([]);
    expect(running.length).toBeGreaterThanOrEqual(7);
    const names = running.map(({ metadata }) => `${metadata.name}.${metadata.namespace}.pod`).sort();
    await eventually(runningTasks, (tasks) => JSON.stringify(tasks) === JSON.stringify(names));
    const both = new Set(running.map(({ spec }) => spec.nodeName));
    expect([...both].every((node) => node?.startsWith('mesosslave-'))).toBe(true);
  });

  it('answers kubectl get for what the guestbook has', async () => {
    const { code, stdout } = await place.kubectl('get', 'pods,svc,rc,deploy');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^pod\/frontend-\S+ +1\/1 +Running +0 /m);
    expect(stdout).toMatch(/^service\/frontend +/m);
    expect(stdout).toMatch(/^deployment\.apps\/frontend +3\/3 +3 +3 /m);
  });

  it('gives services endpoints', async () => {
    const { stdout } = await place.kubectl(
      'get',
      'endpointslices',
      '-l',
      'kubernetes.io/service-name=frontend',
      '-o',
      'jsonpath={.items[*].endpoints[*].addresses[0]}',
    );
    expect(stdout.trim().split(' ')).toHaveLength(3);
  });

  it('applies again without a change', async () => {
    const { code, stdout } = await place.kubectl('apply', '-f', guestbook);
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .every((line) => line.endsWith(' unchanged')),
    ).toBe(true);
  });

  it('scales, and the tasks follow', async () => {
    expect((await place.kubectl('scale', 'deployment/frontend', '--replicas=5')).code).toBe(0);
    expect((await place.kubectl('rollout', 'status', 'deployment/frontend', '--timeout=60s')).code).toBe(0);
    await eventually(runningTasks, (tasks) => tasks.filter((task) => task.startsWith('frontend-')).length === 5);
    expect((await place.kubectl('scale', 'deployment/frontend', '--replicas=1')).code).toBe(0);
    await eventually(runningTasks, (tasks) => tasks.filter((task) => task.startsWith('frontend-')).length === 1);
  });

  it('replaces a pod that is deleted', async () => {
    const [old] = await pods('-l', 'app=redis,role=leader');
    expect((await place.kubectl('delete', 'pod', old?.metadata.name ?? '')).code).toBe(0);
    const next = await eventually(
      () => pods('-l', 'app=redis,role=leader'),
      (found) =>
        found.length === 1 && found[0]?.status.phase === 'Running' && found[0].metadata.name !== old?.metadata.name,
    );
    expect(next).toHaveLength(1);
  });

  it('describes a pod with the events of its way', async () => {
    const [pod] = await pods('-l', 'app=redis,role=leader');
    const { code, stdout } = await place.kubectl('describe', 'pod', pod?.metadata.name ?? '');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Node: +mesosslave-\d/);
    expect(stdout).toMatch(/Normal +Scheduled /);
    expect(stdout).toContain('k8s.mesosphere.io/taskId');
  });

  it('prints what a hollow container has to say', async () => {
    const [pod] = await pods('-l', 'app=redis,role=leader');
    const { code, stdout, stderr } = await place.kubectl('logs', pod?.metadata.name ?? '');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('hollow');
  });

  it('watches', async () => {
    const child = place.start(['kubectl', 'get', 'pods', '-w', '--no-headers', '-l', 'app=guestbook,tier=frontend']);
    const result = finish(child);
    let seen = '';
    const second = new Promise<void>((resolve) => {
      child.stdout?.on('data', (text: string) => {
        seen += text;
        if (/Pending[\s\S]*Running/.test(seen.slice(seen.indexOf('\n')))) resolve();
      });
    });
    await eventually(
      async () => seen,
      (text) => text.includes('Running'),
    );
    await place.kubectl('scale', 'deployment/frontend', '--replicas=2');
    await second;
    child.kill('SIGTERM');
    await result;
  });

  it('leaves a pod that fits nowhere pending, and says in numbers what is missing', async () => {
    await place.kubectl(
      'run',
      'huge',
      '--image=huge',
      '--overrides',
      JSON.stringify({ spec: { containers: [{ name: 'huge', image: 'huge', resources: { limits: { cpu: '64' } } }] } }),
    );
    const events = await eventually(
      async () =>
        (
          await place.kubectl(
            'get',
            'events',
            '--field-selector',
            'involvedObject.name=huge,reason=FailedScheduling',
            '-o',
            'jsonpath={.items[*].message}',
          )
        ).stdout,
      (text) => text.includes('64'),
    );
    expect(events).toMatch(/cpus/);
    expect((await pods('--field-selector', 'metadata.name=huge'))[0]).toMatchObject({ status: { phase: 'Pending' } });
    expect((await place.kubectl('delete', 'pod', 'huge')).code).toBe(0);
  });

  it('takes up to a ReplicationController', async () => {
    const manifest = `${place.home}/rc.json`;
    writeFileSync(
      manifest,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ReplicationController',
        metadata: { name: 'classic' },
        spec: {
          replicas: 2,
          selector: { app: 'classic' },
          template: {
            metadata: { labels: { app: 'classic' } },
            spec: { containers: [{ name: 'main', image: 'main' }] },
          },
        },
      }),
    );
    expect((await place.kubectl('create', '-f', manifest)).code).toBe(0);
    await eventually(
      async () => (await place.kubectl('get', 'rc', 'classic', '--no-headers')).stdout,
      (line) => /^classic +2 +2 +2 /.test(line),
    );
    expect((await place.kubectl('delete', 'rc', 'classic')).code).toBe(0);
    await eventually(
      () => pods('-l', 'app=classic'),
      (found) => found.length === 0,
    );
  });

  it("ends with kubectl's exit code, and takes everything behind --", async () => {
    expect(await place.kubectl('get', 'pod', 'no-such-pod')).toMatchObject({ code: 1, stdout: '' });
    const { code, stdout } = await place.run(['kubectl', '--name', 'local', '--', 'get', 'nodes', '-o', 'name']);
    expect({ code, nodes: stdout.trim().split('\n').sort() }).toEqual({
      code: 0,
      nodes: ['node/mesosslave-1', 'node/mesosslave-2'],
    });
  });

  it('follows the log of the scheduler', async () => {
    let times = 0;
    const child = place.start(['logs', 'scheduler', '-f', '--tail', '0']);
    const result = finish(child);
    let seen = '';
    child.stdout?.on('data', (text: string) => (seen += text));
    await eventually(
      async () => {
        await place.kubectl('scale', 'deployment/frontend', `--replicas=${2 + (times++ % 2)}`);
        return seen;
      },
      (text) => text !== '',
    );
    child.kill('SIGINT');
    expect((await result).code).toBe(0);
  });

  it('deletes the guestbook, and gives its resources back', async () => {
    const deleted = await place.kubectl('delete', '-f', guestbook);
    expect(deleted, deleted.stderr).toMatchObject({ code: 0 });
    // The pods of the addons stay.
    await eventually(runningTasks, (tasks) => tasks.length === 2);
    await eventually(
      () => place.status(),
      ({ agents }) => agents.reduce((sum, { usedCpus }) => sum + usedCpus, 0) < 4,
    );
  });

  it('brings a second cluster up beside the first', async () => {
    const second = await place.up('--name', 'two', '--agents', '1', '--json');
    expect(second.code, second.stderr).toBe(0);
    const lines = second.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ type: 'result', result: 'created', name: 'two', agents: 1 });
    const { stdout } = await place.run(['kubectl', '--name', 'two', 'get', 'nodes', '-o', 'name']);
    expect(stdout).toBe('node/mesosslave-1\n');
    const { stdout: listed } = await place.run(['list', '--json']);
    expect((JSON.parse(listed) as { name: string; state: string }[]).map(({ name, state }) => [name, state])).toEqual([
      ['local', 'running'],
      ['two', 'running'],
    ]);
    expect((await place.run(['down', '--name', 'two'])).code).toBe(0);
    expect((await place.status()).state).toBe('running');
  });

  it('goes down: nothing runs, and the kubeconfig is as it was', async () => {
    const { code, stdout } = await place.run(['down']);
    expect(code).toBe(0);
    expect(stdout).toContain('Cluster "local" is down.');
    expect(place.processes()).toEqual([]);
    await expect(fetch(`${state.mesosMaster}/state`)).rejects.toThrow();
    const after = readFileSync(place.kubeconfig, 'utf8');
    expect(after).toContain('# kept by hand');
    expect(after).toMatch(/current-context: work/);
    expect(after).not.toContain('kmd-local');
    expect((await place.run(['status'])).code).toBe(3);
  });
});
