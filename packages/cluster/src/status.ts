import { createKubeClient, type KubeClient, nodes, pods } from '@kmd/kube-client';
import { createMasterClient, scalarOf } from '@kmd/mesos-client';
import { askStatus } from './control/client.js';
import type { ServiceStatus } from './control/protocol.js';
import { connectionOf } from './connection.js';
import { messageOf } from './errors.js';
import type { ClusterPaths } from './state/paths.js';
import type { ClusterRecord } from './state/record.js';
import { isRunning } from './state/running.js';
import { readAddons, type AddonStatus } from './addons/state.js';

export interface AgentStatus {
  id: string;
  hostname: string;
  active: boolean;
  /** Whole amounts of the agent: cpus, memory in MB. */
  cpus: number;
  mem: number;
  /** What tasks and executors hold of them. */
  usedCpus: number;
  usedMem: number;
  tasks: number;
}

export interface NodeStatus {
  name: string;
  ready: boolean;
  pods: number;
}

export interface ClusterStatus {
  name: string;
  /** `degraded`: something below is not healthy. `stopped`: the background process has ended. */
  state: 'running' | 'degraded' | 'stopped';
  runtime: 'embedded' | 'docker';
  created: string;
  apiServer: string;
  mesosMaster: string;
  /** Process id and resident memory in bytes of the background process. */
  process?: { pid: number; memory: number };
  services: ServiceStatus[];
  agents: AgentStatus[];
  nodes: NodeStatus[];
  addons: AddonStatus[];
  /** What could not be asked, and why. */
  problems: string[];
}

/** Asks the background process, the Mesos master and the API server, at the same time. Never throws for one that does not answer. */
export async function readStatus(
  paths: ClusterPaths,
  record: ClusterRecord,
  signal?: AbortSignal,
): Promise<ClusterStatus> {
  const problems: string[] = [];
  const or = async <T>(what: string, ask: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await ask;
    } catch (error) {
      problems.push(`${what}: ${messageOf(error)}`);
      return otherwise;
    }
  };
  const base = {
    name: record.name,
    runtime: record.runtime,
    created: record.created,
    apiServer: record.apiServer,
    mesosMaster: record.mesosMaster,
  };
  if (!(await isRunning(record))) {
    return {
      ...base,
      state: 'stopped',
      services: [],
      agents: [],
      nodes: [],
      addons: [],
      problems: [whyStopped(record)],
    };
  }
  const kube = createKubeClient(connectionOf(paths, record));
  try {
    const [control, agents, nodeList, addons] = await Promise.all([
      readRuntime(record).catch(() => undefined),
      or('Mesos master', readAgents(record.mesosMaster, signal), []),
      or('API server', readNodes(kube, signal), []),
      or('addons', readAddons(kube, record.addons, signal), []),
    ]);
    if (!control) {
      problems.push(
        record.runtime === 'docker'
          ? `the Docker Engine at ${record.engine} does not answer`
          : `the background process (${record.process.pid}) does not answer`,
      );
    }
    const services = control?.services ?? [];
    const healthy =
      problems.length === 0 &&
      services.every((service) => service.healthy) &&
      addons.every((addon) => addon.ready) &&
      nodeList.every((node) => node.ready);
    return {
      ...base,
      state: healthy ? 'running' : 'degraded',
      ...(control?.process ? { process: control.process } : {}),
      services,
      agents,
      nodes: nodeList,
      addons,
      problems,
    };
  } finally {
    kube.close();
  }
}

/** What the runtime says of its services; undefined where it does not answer. */
async function readRuntime(
  record: ClusterRecord,
): Promise<{ services: ServiceStatus[]; process?: { pid: number; memory: number } } | undefined> {
  if (record.runtime === 'docker') {
    const { readServices } = await import('./docker/services.js');
    return { services: await readServices(record) };
  }
  const answer = await askStatus(record);
  return answer && { services: answer.services, process: { pid: answer.pid, memory: answer.memory } };
}

function whyStopped(record: ClusterRecord): string {
  const start = record.name === 'local' ? 'kmd start' : `kmd start --name ${record.name}`;
  if (record.phase === 'stopped') return `it was stopped: ${start} starts it again`;
  return record.runtime === 'docker'
    ? `none of its containers runs on the engine at ${record.engine}: see kmd logs, then run kmd up`
    : `the background process (${record.process.pid}) has ended: see kmd logs kmd, then run kmd up`;
}

async function readAgents(master: string, signal: AbortSignal | undefined): Promise<AgentStatus[]> {
  const client = createMasterClient({ master });
  try {
    const state = await client.call({ type: 'GET_STATE' }, signal ? { signal } : {});
    const tasks = state.get_state.get_tasks?.tasks ?? [];
    return (state.get_state.get_agents?.agents ?? [])
      .map((agent) => ({
        id: agent.agent_info.id?.value ?? '',
        hostname: agent.agent_info.hostname,
        active: agent.active,
        cpus: scalarOf(agent.total_resources ?? [], 'cpus') ?? 0,
        mem: scalarOf(agent.total_resources ?? [], 'mem') ?? 0,
        usedCpus: scalarOf(agent.allocated_resources ?? [], 'cpus') ?? 0,
        usedMem: scalarOf(agent.allocated_resources ?? [], 'mem') ?? 0,
        tasks: tasks.filter((task) => task.agent_id.value === agent.agent_info.id?.value).length,
      }))
      .sort((a, b) => a.hostname.localeCompare(b.hostname, 'en', { numeric: true }));
  } finally {
    client.close();
  }
}

async function readNodes(kube: KubeClient, signal: AbortSignal | undefined): Promise<NodeStatus[]> {
  const [nodeList, podList] = await Promise.all([kube.list(nodes, { signal }), kube.list(pods, { signal })]);
  return nodeList.items.map((node) => {
    const name = node.metadata?.name ?? '';
    return {
      name,
      ready: (node.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True'),
      pods: podList.items.filter((pod) => pod.spec?.nodeName === name).length,
    };
  });
}
