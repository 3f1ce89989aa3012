import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configMaps, secrets, silentLogger, type Container, type Pod, type PodStatus } from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PodRun } from '../src/executor/pod/runtime.js';
import { expandVariables } from '../src/executor/process/expand.js';
import { processRuntime } from '../src/executor/process/process-runtime.js';

import { FakeKube } from './fake-kube.js';
import { freePort, isAlive } from './machine.js';

let directory: string;
let kube: FakeKube;
let runtime: ReturnType<typeof processRuntime>;
const runs: PodRun[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'km-process-'));
  kube = new FakeKube();
  runtime = processRuntime({ kube, directory, environment: { PATH: '/usr/bin:/bin' }, logger: silentLogger });
});
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.stop(0)));
  runtime.close();
  await rm(directory, { recursive: true, force: true });
});

function start(container: Partial<Container>, spec: Partial<NonNullable<Pod['spec']>> = {}, uid = 'u1') {
  const waiting: (() => void)[] = [];
  const reports: PodStatus[] = [];
  const pod: Pod = {
    metadata: { name: 'p', namespace: 'default', uid, labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', ...container }], restartPolicy: 'Never', ...spec },
  };
  const run = runtime.start(pod, {
    hostIP: '127.0.0.1',
    podIP: '10.2.9.2',
    nodeName: 'agent-9',
    report: (status) => {
      reports.push(status);
      for (const wake of waiting.splice(0)) wake();
    },
  });
  runs.push(run);
  const until = async (condition: (status: PodStatus) => boolean): Promise<PodStatus> => {
    for (;;) {
      const last = reports.at(-1);
      if (last && condition(last)) return last;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const text = (): string[] => run.log('c')?.lines.map(({ text: line }) => line) ?? [];
  return { run, reports, until, text };
}
const sh = (script: string, ...args: string[]): Partial<Container> => ({ command: ['/bin/sh', '-c', script, ...args] });
const first = ({ containerStatuses }: PodStatus) => containerStatuses?.[0];

it('runs a command to its end, and keeps what it wrote', async () => {
  const { until, text } = start(sh('echo one; echo two >&2; exit 3'));
  const status = await until(({ phase }) => phase === 'Failed');
  expect(first(status)?.state?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
  expect(text().sort()).toEqual(['one', 'two']);
});

describe('environment', () => {
  it('has every kind of source, ports, and expands variables in values, command and arguments', async () => {
    await kube.create(configMaps, { metadata: { name: 'cm', namespace: 'default' }, data: { a: '1', b: '2' } });
    const password = Buffer.from('geheim').toString('base64');
    await kube.create(secrets, { metadata: { name: 's', namespace: 'default' }, data: { password } });
    const { until, text } = start({
      command: ['/bin/sh', '-c', 'for name in "$@"; do echo "$name=$(printenv "$name")"; done', 'sh'],
      args: [
        'A_a',
        'A_b',
        'ONE',
        'SECRET',
        'NAME',
        'APP',
        'NODE',
        'IP',
        'CPU',
        'WHERE',
        'PORT',
        'PORT_HTTP',
        'NONE_$$(X)',
      ],
      ports: [{ containerPort: 80, hostPort: 31000, name: 'http' }],
      resources: { limits: { cpu: '250m', memory: '64Mi' } },
      envFrom: [{ prefix: 'A_', configMapRef: { name: 'cm' } }, { secretRef: { name: 'missing', optional: true } }],
      env: [
        { name: 'ONE', valueFrom: { configMapKeyRef: { name: 'cm', key: 'a' } } },
        { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'password' } } },
        { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
        { name: 'WHERE', value: '$(NAME).$(NOBODY)' },
      ],
    });
    const { podIP: ip } = await until(({ phase }) => phase === 'Succeeded');
    expect(text()).toEqual([
      'A_a=1',
      'A_b=2',
      'ONE=1',
      'SECRET=geheim',
      'NAME=p',
      'APP=web',
      'NODE=agent-9',
      `IP=${ip}`,
      'CPU=250',
      'WHERE=p.$(NOBODY)',
      'PORT=31000',
      'PORT_HTTP=31000',
      expect.stringContaining('NONE_$(X)='),
    ]);
  });

  it('says what is missing, and does not start', async () => {
    const { until } = start({
      ...sh('true'),
      env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'no', key: 'k' } } }],
    });
    const status = await until((of) => first(of)?.state?.waiting?.reason === 'CreateContainerConfigError');
    expect(first(status)?.state?.waiting?.message).toBe('Secret no not found in namespace default');
    expect(status.phase).toBe('Pending');
  });

  it.each([
    ['no command', {}, 'CreateContainerConfigError', /names no command/],
    ['a command that is not there', { command: ['/no/such'] }, 'RunContainerError', /\/no\/such could not be started/],
  ])('a container with %s waits and says why', async (_, container, reason, message) => {
    const { until } = start(container);
    const status = await until((of) => first(of)?.state?.waiting?.reason === reason);
    expect(first(status)?.state?.waiting?.message).toMatch(message);
  });
});

it.each([
  ['$(A)-$(B)', '1-$(B)'],
  ['$$(A) $A $', '$(A) $A $'],
])('expands %s to %s', (text, expected) => {
  expect(expandVariables(text, new Map([['A', '1']]))).toBe(expected);
});

it('restarts what fails, as the policy has it', async () => {
  const { until } = start(sh('exit 1'), { restartPolicy: 'OnFailure' });
  const status = await until((of) => first(of)?.state?.waiting?.reason === 'CrashLoopBackOff');
  expect(first(status)?.restartCount).toBe(1);
});

describe('the end', () => {
  it('is asked for with SIGTERM, and the process may take its time', async () => {
    const { run, until, text } = start(sh('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done'));
    await until(({ phase }) => phase === 'Running');
    while (!text().includes('up')) await new Promise((resolve) => setImmediate(resolve));
    await run.stop(30);
    expect(text()).toEqual(['up', 'bye']);
  });

  it('is forced when the grace is over, with everything the process has started', async () => {
    const { run, until, text } = start(sh('trap "" TERM; sleep 1000 & echo $!; while :; do sleep 0.05; done'));
    await until(({ phase }) => phase === 'Running');
    while (text().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const child = Number(text()[0]);
    await run.stop(0.2);
    await vi.waitUntil(() => !isAlive(child));
  });

  it('is preceded by the preStop hook', async () => {
    const { run, until, text } = start({
      ...sh('echo up; while [ ! -e told ]; do sleep 0.02; done; echo told; while :; do sleep 1; done'),
      lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'touch told; sleep 0.2'] } } },
    });
    await until(({ phase }) => phase === 'Running');
    while (!text().includes('up')) await new Promise((resolve) => setImmediate(resolve));
    await run.stop(5);
    expect(text()).toContain('told');
  });
});

describe('probes', () => {
  const serve = `
    const { createServer } = require('node:http');
    let healthy = true;
    createServer((request, response) => {
      if (request.url === '/break') healthy = false;
      response.writeHead(request.url === '/health' && !healthy ? 500 : 200).end('served by ' + process.env.POD_IP);
    }).listen(Number(process.env.PORT), process.env.HOST);`;
  const web = async (): Promise<{ port: number; container: Partial<Container> }> => {
    const port = await freePort();
    return {
      port,
      container: {
        command: [process.execPath, '-e', serve],
        ports: [{ containerPort: 8080, hostPort: port, name: 'http' }],
        readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
        livenessProbe: {
          httpGet: { port: 8080, path: '/health' },
          periodSeconds: 1,
          failureThreshold: 1,
          initialDelaySeconds: 1,
        },
      },
    };
  };

  it('readiness waits for the port; liveness has the container restarted', async () => {
    const { port, container } = await web();
    const { until, reports } = start(container, { restartPolicy: 'Always', terminationGracePeriodSeconds: 1 });
    const { podIP } = await until((of) => first(of)?.ready === true);
    expect(reports.some((of) => of.phase === 'Running' && first(of)?.ready === false)).toBe(true);
    await fetch(`http://${podIP}:${port}/break`);
    const status = await until((of) => first(of)?.restartCount === 1 && first(of)?.state?.running !== undefined);
    expect(first(status)?.lastState?.terminated?.exitCode).toBe(143);
  });

  it.runIf(process.platform === 'linux')("the pod is reached at its own address and the container's port", async () => {
    const { container } = await web();
    const { until } = start(container);
    const { podIP } = await until((of) => first(of)?.ready === true);
    expect(podIP).toMatch(/^127\.(?![01]\.)/);
    expect(await (await fetch(`http://${podIP}:8080/`)).text()).toBe(`served by ${podIP ?? ''}`);
  });

  it.runIf(process.platform === 'linux')('two agents of one machine may offer the same port', async () => {
    const { container } = await web();
    const pods = ['u1', 'u2'].map((uid) => start(container, {}, uid));
    const addresses = await Promise.all(
      pods.map(async ({ until }) => (await until((of) => first(of)?.ready === true)).podIP ?? ''),
    );
    expect(new Set(addresses).size).toBe(2);
    for (const ip of addresses) expect(await (await fetch(`http://${ip}:8080/`)).text()).toBe(`served by ${ip}`);
  });

  it('startup holds the others back', async () => {
    const { until, reports } = start({
      ...sh('sleep 0.3; touch up; while :; do sleep 1; done'),
      startupProbe: { exec: { command: ['test', '-e', 'up'] }, periodSeconds: 1, failureThreshold: 30 },
    });
    await until((of) => first(of)?.ready === true);
    expect(reports.some((of) => first(of)?.state?.running !== undefined && first(of)?.started === false)).toBe(true);
  });
});
