// The embedded API server beside a real kube-apiserver with its etcd, on one machine in one run: `npm run bench:kube`, after `npm run build`.
// npm run bench:kube [-- --runs 3 --only embedded]
import { parseArgs } from 'node:util';
import { obstacle } from '@kmd/tools-testbed/kube';
import { mebibytes, summarise } from '../figures.mjs';
import { createClient, repeat } from './client.mjs';
import { measure as measureProcesses } from '../processes.mjs';
import { servers } from './servers.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
});

const atOnce = 16;
const namespace = 'bench';
const pods = `/api/v1/namespaces/${namespace}/pods`;

const pod = (index) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `pod-${String(index)}`,
      labels: { app: 'web', tier: 'frontend', 'pod-template-hash': '5d4f7b9c8d' },
      annotations: { 'example.com/made-by': 'bench' },
    },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.example.com/web:1.2.3',
          env: [
            { name: 'MODE', value: 'production' },
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
          ports: [{ name: 'http', containerPort: 8080 }],
          resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
          readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
        },
      ],
    },
  });

/** What is measured of a server, in this order; more is better where `rate` is set. */
const figures = [
  { key: 'start', title: 'start to ready', unit: 'ms' },
  { key: 'create', title: 'create 5,000 pods', unit: '/s', rate: true },
  { key: 'get', title: 'get one pod', unit: '/s', rate: true },
  { key: 'patch', title: 'merge patch of a pod', unit: '/s', rate: true },
  { key: 'list', title: 'list of 5,000 pods', unit: '/s', rate: true },
  { key: 'fanOut', title: 'events to 500 watchers', unit: '/s', rate: true },
  { key: 'createTime', title: 'processor time of a create', unit: 'ms' },
  { key: 'getTime', title: 'of a get', unit: 'ms' },
  { key: 'patchTime', title: 'of a patch', unit: 'ms' },
  { key: 'listTime', title: 'of a list', unit: 'ms' },
  { key: 'fanOutTime', title: 'of 1,000 events to watchers', unit: 'ms' },
  { key: 'memory', title: 'memory at 10,000 pods', unit: 'MiB' },
];

async function measure(start) {
  const found = {};
  const begun = performance.now();
  const server = await start();
  const client = createClient(server, atOnce);
  /** Times `count` units of work, on the clock and on the server's processors. */
  const time = async (key, count, work) => {
    const before = measureProcesses(server.pids).computed;
    const since = performance.now();
    await work();
    found[key] = count / ((performance.now() - since) / 1000);
    found[`${key}Time`] = (measureProcesses(server.pids).computed - before) / count;
  };
  const create = (path, body) => client.send('POST', path, { body });
  try {
    await client.send('GET', '/readyz');
    found.start = performance.now() - begun;
    await create('/api/v1/namespaces', JSON.stringify({ metadata: { name: namespace } }));
    await create(`/api/v1/namespaces/${namespace}/serviceaccounts`, JSON.stringify({ metadata: { name: 'default' } }));
    await time('create', 5000, () => repeat(5000, atOnce, (index) => create(pods, pod(index))));
    await time('get', 5000, () => repeat(5000, atOnce, (index) => client.send('GET', `${pods}/pod-${index}`)));
    await time('patch', 2000, () =>
      repeat(2000, atOnce, (index) =>
        client.send('PATCH', `${pods}/pod-${index}`, {
          body: JSON.stringify({ metadata: { labels: { patched: `${index}` } } }),
          type: 'application/merge-patch+json',
        }),
      ),
    );
    await time('list', 20, () => repeat(20, 1, () => client.send('GET', pods)));
    await fanOut(server, time, create);
    await repeat(5000, atOnce, (index) => create(pods, pod(index + 5000)));
    found.memory = mebibytes(measureProcesses(server.pids).resident);
  } finally {
    client.close();
    await server.close();
  }
  return found;
}

/** 500 watchers, each with a connection of its own; then 100 objects are made, and each watcher sees each. */
async function fanOut(server, time, create) {
  const watchers = 500;
  const objects = 100;
  const client = createClient(server, watchers);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  let seen = 0;
  const all = Promise.withResolvers();
  try {
    await repeat(watchers, atOnce, async () => {
      const response = await client.open(`${path}?watch=true&resourceVersion=0`);
      response.on('data', (chunk) => {
        // An event ends with a newline, and holds no other.
        for (const byte of chunk) if (byte === 10) seen++;
        if (seen >= watchers * objects) all.resolve();
      });
      response.on('error', all.reject);
    });
    await time('fanOut', watchers * objects, async () => {
      await repeat(objects, 4, (index) =>
        create(path, JSON.stringify({ metadata: { name: `seen-${index}` }, data: { text: 'x'.repeat(500) } })),
      );
      await all.promise;
    });
  } finally {
    client.close();
  }
}

const reason = obstacle();
if (reason !== undefined) console.log(`skipped: no real API server to compare with: ${reason}`);
else {
  const chosen = servers.filter(({ name }) => name.includes(values.only));
  const results = new Map(chosen.map(({ name }) => [name, []]));
  for (let run = 0; run < Number(values.runs); run++) {
    for (const { name, start } of chosen) results.get(name).push(await measure(start));
  }
  const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  for (const { key, title, unit, rate } of figures) {
    console.log(title);
    const medians = chosen.map(({ name }) => {
      const list = results.get(name).map((found) => (key === 'fanOutTime' ? found[key] * 1000 : found[key]));
      console.log(`  ${name.padEnd(34)} ${summarise(list, unit)}`);
      return middle(list);
    });
    const [real, ours] = medians;
    if (ours !== undefined) console.log(`  ahead by a factor of ${(rate ? ours / real : real / ours).toFixed(1)}`);
  }
}
