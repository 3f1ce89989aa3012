import { createKubeClient, ignoreNotFound, nodes } from '@kmd/kube-client';
import { connectionOf } from '../connection.js';
import type { AgentPlan } from '../control/protocol.js';
import { ClusterError } from '../errors.js';
import { StepRecorder, type ProgressListener } from '../progress.js';
import { acquireLock } from '../state/lock.js';
import { notRunning } from '../state/not-running.js';
import type { ClusterPaths } from '../state/paths.js';
import { type ClusterRecord, readRecord, writeRecord } from '../state/record.js';
import { isRunning } from '../state/running.js';
import { awaitAgents } from '../up/agents.js';
import { awaitNodes } from '../up/nodes.js';
import { planAgents, type Topology } from '../up/plan.js';
import { scaleAgents } from '../up/project.js';
import { readTopology, writeTopology } from '../up/settle.js';
import { together } from '../up/together.js';

export interface ScaleOptions {
  /** Mesos agents that there shall be, 1 or more. */
  agents: number;
  signal?: AbortSignal | undefined;
  onProgress?: ProgressListener | undefined;
}

export interface ScaleResult {
  before: number;
  agents: number;
}

/**
 * Gives a running cluster more or fewer agents: the last ones come and go. Resolves when Mesos and Kubernetes know of all of them. Pods of agents that
 * go are made anew by their controllers.
 * @throws ClusterError `InvalidSpec`, `NotRunning`, `Busy`, `StartFailed`
 */
export async function scaleCluster(paths: ClusterPaths, name: string, options: ScaleOptions): Promise<ScaleResult> {
  const { agents } = options;
  if (!Number.isInteger(agents) || agents < 1 || agents > 1000) {
    throw new ClusterError('InvalidSpec', `the number of agents is ${agents}: give a whole number from 1 to 1000`);
  }
  const unlock = acquireLock(paths.lock, name);
  try {
    const record = readRecord(paths);
    if (!record || !(await isRunning(record))) throw notRunning(name, record);
    const before = readTopology(paths);
    const project = scaleAgents(before.project, agents);
    const service = project.services['mesosslave'];
    if (!service) throw new ClusterError('InvalidSpec', 'the topology has no service "mesosslave"');
    const topology: Topology = { ...before, project, agents: planAgents(service) };
    const steps = new StepRecorder(options.onProgress);
    const signal = options.signal ?? new AbortController().signal;
    await steps.run('scale', `Scale to ${agents} agent${agents === 1 ? '' : 's'}`, () =>
      applyAgents(record, paths, topology, signal),
    );
    writeTopology(paths, topology);
    record.agents = agents;
    writeRecord(paths, record);
    await awaitChange(record, paths, before.agents, topology.agents, steps, signal);
    return { before: before.agents.length, agents };
  } finally {
    unlock();
  }
}

async function applyAgents(
  record: ClusterRecord,
  paths: ClusterPaths,
  topology: Topology,
  signal: AbortSignal,
): Promise<void> {
  if (record.runtime === 'docker') {
    const { scaleDocker } = await import('../docker/scale.js');
    return scaleDocker(record, paths, topology, signal);
  }
  const { askAgents } = await import('../control/client.js');
  await askAgents(record, topology.agents);
}

async function awaitChange(
  record: ClusterRecord,
  paths: ClusterPaths,
  before: readonly AgentPlan[],
  after: readonly AgentPlan[],
  steps: StepRecorder,
  signal: AbortSignal,
): Promise<void> {
  const kube = createKubeClient(connectionOf(paths, record));
  const kept = new Set(after.map(({ hostname }) => hostname));
  try {
    for (const { hostname } of before.filter((agent) => !kept.has(agent.hostname))) {
      // The framework would do it once the agent's grace is over.
      await kube.delete(nodes, hostname, { signal }).catch(ignoreNotFound);
    }
    await together(signal, [
      (either) =>
        steps.run('agents', 'Wait for the Mesos agents', async ({ waitingFor, detail }) =>
          detail(await awaitAgents(record.mesosMaster, after, { signal: either, waitingFor })),
        ),
      (either) =>
        steps.run('nodes', 'Wait for the Kubernetes nodes', async ({ waitingFor, detail }) =>
          detail(await awaitNodes(kube, [...kept], { signal: either, waitingFor })),
        ),
    ]);
  } finally {
    kube.close();
  }
}
