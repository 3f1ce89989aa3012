import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createMasterClient } from '@kmd/mesos-client';
import { afterEach, expect, it } from 'vitest';
import { agent, isRunning, startCluster, type Cluster } from './cluster.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${cluster.scheduler.url}${path}`);
  return { status: response.status, text: await response.text() };
};

it('answers health, metrics under the original names, and lists for debugging', async () => {
  cluster = await startCluster([agent(1)], { listen: { port: 0 } });
  await cluster.create('p');
  await cluster.until('p', isRunning);
  await cluster.eventually(
    () => cluster.scheduler.health().tasks.running,
    (running) => running === 1,
  );
  expect(await get('/healthz')).toEqual({ status: 200, text: 'ok' });
  expect(await get('/readyz')).toEqual({ status: 200, text: 'ok' });
  expect((await get('/debug/registry/tasks')).text).toMatch(
    /^task_count=1\npod\.[-0-9a-f]+\tdefault\/p\t1\tagent-1\n$/,
  );
  expect((await get('/debug/scheduler/podqueue')).text).toBe('');
  expect((await get('/debug/actions/requestExplicit')).status).toBe(204);
  expect((await get('/nothing')).status).toBe(404);
  const { text } = await get('/metrics');
  expect(text).toMatch(/^mesos_offers_received\{hostname="agent-1"\} [1-9]/m);
  expect(text).toMatch(/^mesos_offers_acquired\{hostname="agent-1"\} 1$/m);
  expect(text).toMatch(/^mesos_scheduler_queue_wait_time_microseconds_count 1$/m);
  expect(text).toMatch(/^mesos_scheduler_bind_latency_microseconds_count 1$/m);
  expect(text).toMatch(
    /^mesos_scheduler_status_updates\{source="SOURCE_EXECUTOR",reason="none",state="TASK_RUNNING"\} 1$/m,
  );
  expect(text).toMatch(/^mesos_scheduler_reconciliation_requested\{kind="explicit"\} [12]$/m);
  expect(text).toMatch(/^mesos_runtime_panics 0$/m);
  expect(text).toMatch(/^km_tasks_running 1$/m);
  // Every line is one that Prometheus reads.
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? (NaN|[0-9.e+-]+))$/);
});

it('a framework that was removed says so, and is not healthy any more', async () => {
  cluster = await startCluster([agent(1)], { listen: { port: 0 } });
  const frameworkId = { value: cluster.scheduler.health().frameworkId ?? '' };
  await createMasterClient({ master: cluster.mesos.master.url }).call({
    type: 'TEARDOWN',
    teardown: { framework_id: frameworkId },
  });
  const { text } = await cluster.eventually(
    () => get('/healthz'),
    ({ status }) => status === 500,
  );
  expect(text).toMatch(/remov/i);
  expect((await get('/readyz')).status).toBe(503);
});

it('serves the files it was given, and no others', async () => {
  cluster = await startCluster([agent(1)], {
    listen: { port: 0, files: { 'executor.mjs': fileURLToPath(import.meta.url), gone: '/no/such/file' } },
  });
  const { status, text } = await get('/static/executor.mjs');
  expect(status).toBe(200);
  expect(text).toBe(await readFile(fileURLToPath(import.meta.url), 'utf8'));
  expect((await get('/static/gone')).status).toBe(500);
  expect((await get('/static/%2e%2e/package.json')).status).toBe(404);
  expect((await get('/static/')).status).toBe(404);
});
