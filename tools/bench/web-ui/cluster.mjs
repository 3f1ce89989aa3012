// A cluster that only looks like one: an API server with nodes and pods, and a Mesos master that tells of agents and tasks. Changes as many pods a second as it is told.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import { endpoints, nodes, pods, services } from '@kmd/kube-client';
import { startApiServer } from '@kmd/kube-embedded';
import { spawn } from 'node:child_process';

const { agents, count, directory } = JSON.parse(process.argv[2]);

const credentials = await ensureCredentials({
  dir: directory,
  serviceCidr: '10.10.10.0/24',
  dnsDomain: 'cluster.local',
});
const server = await startApiServer({
  port: 0,
  tls: credentials.apiserver,
  tokens: credentials.tokens,
  users: [{ username: 'admin', password: 'admin', uid: 'admin', groups: ['system:masters'] }],
});
const { api } = server;

const podOf = (index) => {
  const name = `pod-${String(index).padStart(5, '0')}`;
  return {
    metadata: {
      name,
      namespace: 'default',
      labels: { app: `app-${index % 100}`, tier: 'web' },
      annotations: {
        'k8s.mesosphere.io/taskId': `task-${index}`,
        'k8s.mesosphere.io/slaveId': `agent-${index % agents}`,
      },
    },
    spec: {
      nodeName: `agent-${index % agents}`,
      containers: [{ name: 'main', image: 'nginx', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
    },
  };
};
const status = (changed) => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date().toISOString() }],
  containerStatuses: [
    {
      name: 'main',
      image: 'nginx',
      imageID: '',
      ready: true,
      started: true,
      restartCount: changed,
      state: { running: {} },
    },
  ],
});

for (let index = 0; index < agents; index++)
  await api.create(nodes, {
    metadata: { name: `agent-${index}` },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
for (let index = 0; index < count; index++) {
  const pod = await api.create(pods, podOf(index));
  await api.update(pods, { ...pod, status: status(0) }, { subresource: 'status' });
}

const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value } });
const ports = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 32000 }] } };
const id = (value) => ({ value });
const state = {
  get_agents: {
    agents: Array.from({ length: agents }, (_, index) => ({
      agent_info: { id: id(`agent-${index}`), hostname: `agent-${index}` },
      active: true,
      version: '1.11.0',
      pid: `slave(1)@10.0.0.1:${5051 + index}`,
      total_resources: [scalar('cpus', 8), scalar('mem', 16384), ports],
      allocated_resources: [scalar('cpus', 2), scalar('mem', 2048)],
      offered_resources: [scalar('cpus', 6), scalar('mem', 14336), ports],
    })),
  },
  get_frameworks: {
    frameworks: [
      {
        framework_info: { id: id('kubernetes'), name: 'Kubernetes', user: 'root', roles: ['*'] },
        active: true,
        connected: true,
        recovered: false,
      },
    ],
  },
  get_executors: {
    executors: Array.from({ length: agents }, (_, index) => ({
      agent_id: id(`agent-${index}`),
      executor_info: {
        executor_id: id('executor'),
        framework_id: id('kubernetes'),
        resources: [scalar('cpus', 0.25), scalar('mem', 128)],
      },
    })),
  },
  get_tasks: {
    tasks: Array.from({ length: count }, (_, index) => ({
      task_id: id(`task-${index}`),
      name: `pod-${index}.default.pod`,
      framework_id: id('kubernetes'),
      agent_id: id(`agent-${index % agents}`),
      executor_id: id('executor'),
      state: 'TASK_RUNNING',
      resources: [scalar('cpus', 0.1), scalar('mem', 64)],
      statuses: [{ task_id: id(`task-${index}`), state: 'TASK_RUNNING', timestamp: Date.now() / 1000 }],
    })),
  },
};
const subscribers = new Set();
const record = (event) => {
  const text = JSON.stringify(event);
  return `${Buffer.byteLength(text)}\n${text}`;
};
const answers = {
  GET_VERSION: { type: 'GET_VERSION', get_version: { version_info: { version: '1.11.0' } } },
  GET_ROLES: {
    type: 'GET_ROLES',
    get_roles: { roles: [{ name: '*', weight: 1, frameworks: [id('kubernetes')], resources: [] }] },
  },
  GET_AGENTS: { type: 'GET_AGENTS', get_agents: state.get_agents },
  GET_FRAMEWORKS: { type: 'GET_FRAMEWORKS', get_frameworks: state.get_frameworks },
  GET_EXECUTORS: { type: 'GET_EXECUTORS', get_executors: state.get_executors },
};
const master = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { type } = JSON.parse(body);
  response.writeHead(200, { 'content-type': 'application/json' });
  if (type !== 'SUBSCRIBE') return response.end(JSON.stringify(answers[type]));
  response.write(record({ type: 'SUBSCRIBED', subscribed: { get_state: state, heartbeat_interval_seconds: 15 } }));
  subscribers.add(response);
  response.on('close', () => subscribers.delete(response));
});
await new Promise((resolve) => master.listen(0, '127.0.0.1', resolve));

const uiPort = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const ui = spawn(process.execPath, [fileURLToPath(import.meta.resolve('@kmd/web-ui/program'))], {
  env: { PORT: String(uiPort), HOST: '127.0.0.1', KMD_MESOS_MASTER: `http://127.0.0.1:${master.address().port}` },
  stdio: 'inherit',
});
const metadata = { name: 'kubernetes-dashboard', namespace: 'kube-system' };
await api.create(services, { metadata, spec: { ports: [{ port: 80 }] } });
await api.create(endpoints, { metadata, subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port: uiPort }] }] });

let changing;
let next = 0;
process.on('message', ({ change }) => {
  clearInterval(changing);
  if (!change) return;
  // Ten times a second a tenth of them, in Kubernetes and in Mesos.
  changing = setInterval(async () => {
    for (let index = 0; index < change / 10; index++) {
      const number = next++ % count;
      const pod = await api.get(pods, podOf(number).metadata.name, { namespace: 'default' });
      await api.update(pods, { ...pod, status: status(next) }, { subresource: 'status' });
      const task = id(`task-${number}`);
      const update = {
        framework_id: id('kubernetes'),
        state: 'TASK_RUNNING',
        status: { task_id: task, state: 'TASK_RUNNING', timestamp: Date.now() / 1000 },
      };
      for (const subscriber of subscribers) subscriber.write(record({ type: 'TASK_UPDATED', task_updated: update }));
    }
  }, 100);
});
process.on('disconnect', () => {
  ui.kill();
  process.exit();
});
process.send({ url: server.url });
