import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { nodes, pods } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, type Controllers, startControllers } from '../src/index.js';
import { start, token } from './server.js';

const kubectl = join(import.meta.dirname, '../../../node_modules/.bin/kubectl');
const found = spawnSync(kubectl, ['version', '--client'], { encoding: 'utf8' });
const runs = found.status === 0;
if (!runs) console.warn('skipped: kubectl of the workspace does not run here');

let server: ApiServer;
let controllers: Controllers;
let home: string;
beforeAll(async () => {
  server = await start();
  controllers = startControllers({ api: server.api });
  home = await mkdtemp(join(tmpdir(), 'kmd-kubectl-'));
  await server.api.create(nodes, {
    metadata: { name: 'agent-1' },
    status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.33.0' } as never },
  });
});
afterAll(async () => {
  await controllers.close();
  await server.close();
  await rm(home, { recursive: true });
});

interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Runs the real kubectl, validation and all, against the server. */
function k(...args: string[]): Promise<Outcome> {
  const common = [
    '--server',
    server.url,
    '--token',
    token,
    '--insecure-skip-tls-verify',
    '--cache-dir',
    join(home, 'cache'),
  ];
  return new Promise((resolve) => {
    execFile(
      kubectl,
      [...common, ...args],
      { env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'none') } },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
      },
    );
  });
}
async function ok(...args: string[]): Promise<string> {
  const { code, out, err } = await k(...args);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}
const manifest = async (text: string): Promise<string> => {
  const file = join(home, `${Math.random().toString(36).slice(2)}.yaml`);
  await writeFile(file, text);
  return file;
};

const web = (image: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "${image}", ports: [{containerPort: 80}]}
      - {name: beside, image: beside}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
`;

/** Does what scheduler and executor do: binds every pending pod and reports it running. */
async function runPods(): Promise<void> {
  const { items } = await server.api.list(pods);
  for (const { metadata, spec, status } of items) {
    const at = { namespace: metadata?.namespace };
    if (status?.phase !== 'Pending') continue;
    await server.api.createSubresource(
      pods,
      metadata?.name ?? '',
      'binding',
      { target: { kind: 'Node', name: 'agent-1' } },
      at,
    );
    const containerStatuses = (spec?.containers ?? []).map(({ name, image }) => ({
      name,
      image,
      imageID: '',
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: new Date().toISOString() } },
    }));
    const report = {
      phase: 'Running',
      podIP: '127.0.0.1',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses,
    };
    await server.api.patch(
      pods,
      metadata?.name ?? '',
      { status: report },
      { type: 'strategic', subresource: 'status', ...at },
    );
  }
}

describe.skipIf(!runs)('the real kubectl', () => {
  it('finds its way around', async () => {
    expect(await ok('version')).toMatch(/Server Version: v1\.33\.\d+-kmd/);
    expect(await ok('api-resources')).toMatch(/deployments +deploy +apps\/v1 +true +Deployment/);
    expect(await ok('get', 'nodes')).toMatch(
      /^NAME +STATUS +ROLES +AGE +VERSION\nagent-1 +Ready +<none> +\d+s +v1.33.0\n$/,
    );
    expect(await ok('auth', 'whoami')).toMatch(/cluster-admin/);
    expect(await ok('auth', 'can-i', 'create', 'pods')).toBe('yes\n');
    expect(await ok('explain', 'pod.spec.containers')).toMatch(/FIELD: containers <\[\]Container>/);
    expect(await ok('get', '--raw', '/readyz')).toBe('ok');
  });

  it('brings a deployment up, changes it by apply, rolls it out and back', async () => {
    await controllers.synced;
    const file = await manifest(web('nginx:1'));
    expect(await ok('apply', '-f', file)).toBe('deployment.apps/web created\nservice/web created\n');
    expect(await ok('apply', '-f', file)).toBe('deployment.apps/web unchanged\nservice/web unchanged\n');
    await expect.poll(async () => (await server.api.list(pods)).items.length).toBe(2);
    await runPods();
    expect(await ok('rollout', 'status', 'deploy/web', '--timeout=10s')).toContain('successfully rolled out');
    expect(await ok('get', 'pods', '-l', 'app=web')).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE\n(web-\S+ +2\/2 +Running +0 +\d+s\n){2}$/,
    );
    expect(await ok('get', 'deploy,svc')).toMatch(/deployment.apps\/web +2\/2 +2 +2/);
    expect(await ok('describe', 'deploy', 'web')).toMatch(
      /Replicas: +2 desired \| 2 updated \| 2 total \| 2 available/,
    );
    expect(await ok('describe', 'svc', 'web')).toMatch(/Endpoints: +127.0.0.1:80,127.0.0.1:80/);
    expect(await ok('diff', '-f', file)).toBe('');

    // One container of two: the other must survive the merge.
    expect(await ok('apply', '-f', await manifest(web('nginx:2')))).toContain('deployment.apps/web configured');
    const images = ['get', 'deploy', 'web', '-o', 'jsonpath={.spec.template.spec.containers[*].image}'];
    expect(await ok(...images)).toBe('nginx:2 beside');
    expect(await ok('rollout', 'undo', 'deploy/web')).toContain('rolled back');
    expect(await ok(...images)).toBe('nginx:1 beside');
    expect(await ok('set', 'image', 'deploy/web', 'web=nginx:3')).toContain('image updated');
    expect(await ok('scale', 'deploy/web', '--replicas=3')).toContain('scaled');
    expect(await ok('get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}')).toBe('3');
    await ok('label', 'deploy/web', 'tier=front');
    await ok('annotate', 'deploy/web', 'note=hello');
    await ok('patch', 'deploy', 'web', '--type=json', '-p', '[{"op":"remove","path":"/metadata/labels/tier"}]');
    expect(await ok('get', 'deploy', 'web', '-o', 'jsonpath={.metadata.labels}')).toBe('{"app":"web"}');
    expect(await ok('delete', '-f', file)).toMatch(/deployment.apps "web" deleted/);
  });

  it('creates what its generators send, which is protobuf', async () => {
    const created: [string, ...string[]][] = [
      ['namespace/made', 'namespace', 'made'],
      ['configmap/c', 'configmap', 'c', '--from-literal=a=b'],
      ['secret/s', 'secret', 'generic', 's', '--from-literal=a=b'],
      ['serviceaccount/sa', 'serviceaccount', 'sa'],
      ['service/n', 'service', 'nodeport', 'n', '--tcp=80:8080'],
      ['deployment.apps/d', 'deployment', 'd', '--image=i', '--replicas=0'],
      ['job.batch/j', 'job', 'j', '--image=i'],
      ['cronjob.batch/cj', 'cronjob', 'cj', '--image=i', '--schedule=*/5 * * * *'],
      ['quota/q', 'quota', 'q', '--hard=pods=100'],
      ['ingress.networking.k8s.io/i', 'ingress', 'i', '--rule=a.b/*=n:80'],
      ['role.rbac.authorization.k8s.io/r', 'role', 'r', '--verb=get', '--resource=pods'],
      ['rolebinding.rbac.authorization.k8s.io/rb', 'rolebinding', 'rb', '--role=r', '--user=u'],
      ['poddisruptionbudget.policy/p', 'poddisruptionbudget', 'p', '--selector=a=b', '--min-available=1'],
    ];
    for (const [name, ...args] of created) {
      expect(await ok('create', ...args)).toBe(`${name.replace('quota/', 'resourcequota/')} created\n`);
    }
    expect(await ok('get', 'secret', 's', '-o', 'jsonpath={.data.a}')).toBe('Yg==');
    expect(await ok('get', 'deploy', 'd', '-o', 'jsonpath={.spec.replicas}')).toBe('0');
    expect(await ok('autoscale', 'deploy', 'd', '--max=3')).toContain('autoscaled');
    expect(await ok('get', 'hpa', 'd')).toMatch(/Deployment\/d +cpu: <unknown>\/80% +1 +3 +0/);
  });

  it('runs, exposes, waits for and deletes a pod', async () => {
    expect(await ok('run', 'one', '--image=busybox', '--port=80')).toBe('pod/one created\n');
    expect(await ok('expose', 'pod', 'one')).toBe('service/one exposed\n');
    await runPods();
    expect(await ok('wait', 'pod/one', '--for=condition=Ready', '--timeout=10s')).toBe('pod/one condition met\n');
    expect(await ok('describe', 'pod', 'one')).toMatch(/Node: +agent-1/);
    const deleted = k('delete', 'pod', 'one', '--timeout=20s');
    await expect
      .poll(async () => (await server.api.get(pods, 'one', { namespace: 'default' })).metadata?.deletionTimestamp)
      .toBeDefined();
    expect(await ok('get', 'pod', 'one')).toMatch(/Terminating/);
    await server.api.delete(pods, 'one', { namespace: 'default', gracePeriodSeconds: 0 });
    expect(await deleted).toMatchObject({ code: 0, out: 'pod "one" deleted\n' });
  });

  it('applies on the server, and is told of conflicts', async () => {
    const file = await manifest('{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: {a: "1"}}');
    expect(await ok('apply', '--server-side', '-f', file)).toBe('configmap/applied serverside-applied\n');
    await ok('patch', 'cm', 'applied', '--field-manager=hand', '-p', '{"data":{"a":"2"}}');
    expect((await k('apply', '--server-side', '-f', file)).err).toMatch(/conflict with "hand" using v1.*: \.data\.a/);
    expect(await ok('apply', '--server-side', '--force-conflicts', '-f', file)).toContain('serverside-applied');
  });

  it('is told of mistakes in the words of the real server', async () => {
    const unknown = await k(
      'apply',
      '-f',
      await manifest('{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, dta: {}}'),
    );
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringContaining('strict decoding error: unknown field "dta"'),
    });
    const bad = await k('create', 'namespace', 'Not_Good');
    expect(bad.err).toContain(
      'The Namespace "Not_Good" is invalid: metadata.name: Invalid value: "Not_Good": a lowercase RFC 1123 label',
    );
    expect((await k('get', 'pod', 'nope')).err).toBe('Error from server (NotFound): pods "nope" not found\n');
    expect((await k('create', 'namespace', 'made')).err).toBe(
      'Error from server (AlreadyExists): namespaces "made" already exists\n',
    );
    expect((await k('delete', 'namespace', 'default')).err).toContain(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    );
  });

  it('empties a namespace as it deletes it', async () => {
    await ok('-n', 'made', 'create', 'deployment', 'gone', '--image=i');
    await ok('-n', 'made', 'create', 'configmap', 'gone');
    expect(await ok('delete', 'namespace', 'made', '--timeout=20s')).toBe('namespace "made" deleted\n');
    expect((await server.api.list(pods, { namespace: 'made' })).items).toEqual([]);
  });
});
