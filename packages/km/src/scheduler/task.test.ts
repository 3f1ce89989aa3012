import { readFileSync } from 'node:fs';
import type { Pod } from '@kmd/kube-client';
import { expect, it } from 'vitest';
import {
  AGENT_ID,
  BINDING_HOST,
  EXECUTOR_ID,
  LAUNCHED_AT,
  OFFER_ID,
  OFFERED_AT,
  QUEUED_AT,
  TASK_ID,
} from '../annotation.js';
import { fitPod, needsOf } from '../offer/fit.js';
import { Stock } from '../offer/stock.js';
import { chooseRoles } from '../pod/roles.js';
import { makeTask } from './task.js';

/** What the original sent to its executors, recorded. */
const recorded = (name: string): Pod =>
  JSON.parse(readFileSync(new URL(`../../testdata/${name}`, import.meta.url), 'utf8'));

/** The pod as its user wrote it: what the scheduler added is taken away. */
function asWritten(pod: Pod): Pod {
  const annotations = Object.fromEntries(
    Object.entries(pod.metadata?.annotations ?? {}).filter(([key]) => key === 'k8s.mesosphere.io/roles'),
  );
  const containers = pod.spec!.containers.map((container) => ({
    ...container,
    resources: {},
    ports: (container.ports ?? []).map((port) => {
      const { hostPort, ...rest } = port;
      return hostPort === undefined ? port : rest;
    }),
  }));
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec: { ...pod.spec, containers } };
}

it.each([
  ['task-nginx.data.json', ['*'], 8000],
  ['task-pub.data.json', ['public'], 7000],
])('8: the task data of %s is what the original made, and when', (file, [role = '*'], port) => {
  const original = recorded(file);
  const {
    [TASK_ID]: taskId = '',
    [AGENT_ID]: agentId = '',
    [OFFER_ID]: offerId = '',
    [BINDING_HOST]: hostname = '',
    [EXECUTOR_ID]: executorId = '',
  } = original.metadata?.annotations ?? {};
  const pod = asWritten(original);
  const stock = new Stock([
    { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, role },
    { name: 'mem', type: 'SCALAR', scalar: { value: 1280 }, role },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: port, end: port + 99 }] }, role },
  ]);
  const fit = fitPod(needsOf(pod, chooseRoles(['*', 'public'])), { stock, node: { metadata: { name: hostname } } });
  if ('lacks' in fit) throw new Error(fit.lacks.join());
  const executor = { executor_id: { value: executorId } };
  const times = { queued: Date.UTC(2015, 5, 1), offered: Date.UTC(2015, 5, 2), launched: Date.UTC(2015, 5, 3) };
  const task = makeTask(pod, { taskId, agentId, hostname, offerId, executor, times }, fit);
  const made: Pod = JSON.parse(Buffer.from(task.data ?? '', 'base64').toString());
  const {
    [QUEUED_AT]: queued,
    [OFFERED_AT]: offered,
    [LAUNCHED_AT]: launched,
    ...annotations
  } = made.metadata?.annotations ?? {};
  expect({ ...made, metadata: { ...made.metadata, annotations } }).toEqual(original);
  expect([queued, offered, launched]).toEqual([
    '2015-06-01T00:00:00.000Z',
    '2015-06-02T00:00:00.000Z',
    '2015-06-03T00:00:00.000Z',
  ]);
  expect(task.name).toBe(`${pod.metadata?.name}.default.pod`);
});
