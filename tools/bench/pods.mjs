// Pods per second from create to Running: 500 hollow pods on 10 agents, made one by one through the API server.
// npm run bench:pods [-- --pods 500 --agents 10 --runs 3]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCluster } from '@kmd/cluster';
import { pods } from '@kmd/kube-client';
import { summarise } from './figures.mjs';

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '500' },
    agents: { type: 'string', default: '10' },
    runs: { type: 'string', default: '3' },
    executors: { type: 'string', default: 'processes' },
  },
});
const count = Number(values.pods);
const agents = Number(values.agents);
const perAgent = Math.ceil((count / agents) * 1.2) + 4;

const rates = [];
const medians = [];
const slowest = [];
for (let run = 0; run < Number(values.runs); run++) {
  const home = mkdtempSync(join(tmpdir(), 'kmd-bench-'));
  const cluster = await createCluster({
    name: 'bench',
    runtime: 'embedded',
    agents,
    executors: values.executors,
    kubeconfig: false,
    apiPort: 0,
    mesosPort: 0,
    background: false,
    environment: {
      ...process.env,
      KMD_HOME: home,
      // Its page is a pod that follows all others: a load of its own.
      ENABLE_CLUSTER_UI: 'false',
      MESOS_RESOURCES: `cpus:${perAgent};mem:${perAgent * 128};disk:25600;ports:[8000-21099]`,
    },
  });
  const kube = cluster.connect();
  try {
    const created = new Map();
    const running = new Map();
    const stop = new AbortController();
    const all = Promise.withResolvers();
    const watching = (async () => {
      for await (const { object } of kube.watch(pods, { namespace: 'default', signal: stop.signal })) {
        const { name } = object.metadata;
        if (object.status?.phase !== 'Running' || running.has(name)) continue;
        running.set(name, performance.now());
        if (running.size === count) all.resolve();
      }
    })().catch((error) => {
      if (!stop.signal.aborted) all.reject(error);
    });
    const begun = performance.now();
    const queue = Array.from({ length: count }, (_, index) => `pod-${index}`);
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
          created.set(name, performance.now());
          await kube.create(
            pods,
            {
              apiVersion: 'v1',
              kind: 'Pod',
              metadata: { name, namespace: 'default' },
              spec: { containers: [{ name: 'main', image: 'hollow' }] },
            },
            { namespace: 'default' },
          );
        }
      }),
    );
    const timer = setTimeout(
      () => all.reject(new Error(`only ${running.size} of ${count} pods run after two minutes`)),
      120_000,
    );
    await all.promise;
    clearTimeout(timer);
    const took = performance.now() - begun;
    stop.abort();
    await watching;
    rates.push(count / (took / 1000));
    const latencies = [...running].map(([name, at]) => at - created.get(name)).sort((a, b) => a - b);
    medians.push(latencies[Math.floor(latencies.length / 2)]);
    slowest.push(latencies[Math.floor(latencies.length * 0.99)]);
  } finally {
    kube.close();
    await cluster.down();
    rmSync(home, { recursive: true, force: true });
  }
}
console.log(
  `${count} hollow pods on ${agents} agents, executors: ${values.executors}, ${values.runs} runs (median, least and most)`,
);
console.log(`  pods a second, create to Running            ${summarise(rates, 'pods/s')}`);
console.log(`  one pod, create to Running, median          ${summarise(medians, 'ms')}`);
console.log(`  one pod, create to Running, 99th percentile ${summarise(slowest, 'ms')}`);
