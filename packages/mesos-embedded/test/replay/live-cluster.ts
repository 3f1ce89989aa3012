import { join } from 'node:path';

import {
  createSchedulerClient,
  equalResources,
  launch,
  parseDuration,
  parseResources,
  type FrameworkInfo,
  type TaskInfo,
} from '@kmd/mesos-client';

import {
  startMesos,
  type AgentFlags,
  type Clock,
  type Launcher,
  type MasterFlags,
  type Mesos,
  type RunningAgent,
  type Stage,
} from '../../src/index.js';
import type { HttpMessage } from './http-message.js';
import type { Exchange } from './recording.js';
import type { Identity } from './identity.js';
import type { Scene, SceneFramework } from './scene.js';

/** The cluster of a replay: started as the scene has it, its ports standing for the recorded ones. */
export interface LiveCluster {
  readonly mesos: Mesos;
  /** The live port for a recorded one. */
  port(recorded: number | undefined): number;
  /** Puts a master, or an agent, where it stood at a moment: an answer such as 503 tells it, nothing else does. */
  standAs(exchange: Exchange): void;
  /** Kills an agent, by its recorded port, as SIGKILL does. */
  crashAgent(port: number | undefined): Promise<void>;
  /** Starts the agent that was killed again, with what it had later. */
  restartAgent(port: number | undefined): Promise<void>;
  /** The agent leaves in order, as on SIGUSR1. */
  endAgent(recordedId: string): Promise<void>;
  close(): Promise<void>;
}

export async function startCluster(options: {
  scene: Scene;
  workDir: string;
  identity: Identity;
  launcher: Launcher;
  clock: Clock;
}): Promise<LiveCluster> {
  const { scene, workDir, identity, launcher, clock } = options;
  const mesos = await startMesos({
    workDir,
    launcher,
    clock,
    flags: masterFlags(scene),
    agents: [],
  });
  const ports = new Map<number, number>();
  const agents = new Map<number, RunningAgent>();
  let others: Mesos | undefined;
  for (const { recordedId, hostname, resources, attributes, port } of scene.agents) {
    const home = scene.strangers.has(port) ? (others ??= await startMesos({ workDir: join(workDir, 'others'), clock, agents: [] })) : mesos; // prettier-ignore
    const agent = await home.addAgent({ resources: flagText(scene, resources), hostname, flags: agentFlags(scene), ...(attributes === '' ? {} : { attributes }) }); // prettier-ignore
    identity.bind(recordedId, agent.id);
    ports.set(port, agent.port);
    agents.set(port, agent);
  }
  scene.agents.forEach(({ hostname }, index) => {
    // Work directories are named after their agents, as far as recordings show them.
    identity.bind(`/var/mesos/run/${hostname}-work`, join(workDir, `agent${String(index + 1)}`));
  });
  const ended = new AbortController();
  const running: Promise<void>[] = [];
  for (const framework of scene.frameworks) {
    const ready = Promise.withResolvers<undefined>();
    running.push(setUpFramework(mesos, framework, identity, ended.signal, () => { ready.resolve(undefined); })); // prettier-ignore
    await Promise.race([ready.promise, new Promise((resolve) => setTimeout(resolve, 10_000))]);
  }
  return {
    mesos,
    standAs: ({ port, answer, request }) => {
      const path = request.subarray(0, 200).toString('latin1').split(' ')[1] ?? '';
      const isAgent = ports.has(port ?? scene.masterPort);
      if (isAgent) {
        agents.get(port ?? 0)?.faults.stand(stageOf(path, true, answer));
        return;
      }
      const { faults } = mesos.master;
      const location = answer?.headers.find(([name]) => name === 'Location')?.[1];
      const [, host, other] = /^\/\/([\d.]+):(\d+)/.exec(location ?? '') ?? [];
      const text = answer?.body.toString('utf8') ?? '';
      const elsewhere = host !== undefined && other !== String(port ?? scene.masterPort);
      if (elsewhere) faults.leader({ host, port: Number(other) });
      else if (text === 'No leader elected') faults.leader('none');
      else if (answer?.status.includes(' 200 ') === true && !/\/(health|version|flags|metrics)/.test(path))
        faults.leader('self');
      const stage = stageOf(path, false, answer);
      faults.absent(stage === 'absent');
      faults.recovering(stage === 'recovering');
    },
    crashAgent: async (port) => agents.get(port ?? 0)?.faults.crash(),
    restartAgent: async (port) => {
      const agent = agents.get(port ?? 0);
      const seen = scene.agents.find((one) => one.port === port);
      if (agent === undefined || seen === undefined) return;
      const flags: Partial<AgentFlags> = { ...agentFlags(scene), reconfigurationPolicy: 'additive' };
      const changes = seen.later === undefined ? {} : { resources: seen.later, flags };
      agents.set(seen.port, await mesos.restartAgent(agent, changes));
    },
    endAgent: async (recordedId) => {
      const port = scene.agents.find((one) => one.recordedId === recordedId)?.port;
      await agents.get(port ?? 0)?.close();
    },
    port: (recorded) => ports.get(recorded ?? scene.masterPort) ?? mesos.master.port,
    close: async () => {
      ended.abort();
      await Promise.allSettled(running);
      await mesos.close();
      await others?.close();
    },
  };
}

/** The text of the flag that was shown, where it means what this agent has. */
function flagText({ flags }: Scene, resources: string): string {
  const text = flags.get('resources');
  return text !== undefined && equalResources(parseResources(text), parseResources(resources)) ? text : resources;
}

/** A 404 for what every master or agent has: its process has not started. */
function stageOf(path: string, isAgent: boolean, answer: HttpMessage | undefined): Stage {
  const text = answer?.body.toString('utf8') ?? '';
  if (/^(Master|Agent) has not finished recovery$/.test(text)) return 'recovering';
  const own = isAgent
    ? /^\/(health|state|api\/v1(\/executor)?)$/
    : /^\/(health|state|slaves|redirect|api\/v1(\/scheduler)?)$/;
  return answer?.status.includes(' 404 ') === true && own.test(path) && text === '404 Not Found.' ? 'absent' : 'ready';
}

/** Flags that say where a master is, and those that it says of itself. */
const own = /^(ip|port|hostname|credentials|cluster|allocation_interval|.*_dir)$/;

function masterFlags({ masterFlags: flags, credentials, authenticated }: Scene): Partial<MasterFlags> {
  const duration = (name: string): number | undefined => {
    const value = flags.get(name);
    return value === undefined ? undefined : parseDuration(value);
  };
  const number = (name: string): number | undefined => {
    const value = flags.get(name);
    return value === undefined ? undefined : Number(value);
  };
  return defined({
    cluster: flags.get('cluster'),
    offerTimeout: duration('offer_timeout'),
    eagerAllocation: false,
    shown: Object.fromEntries([...flags].filter(([name]) => !own.test(name))),
    credentials: authenticated ? credentials : undefined,
    agentPingTimeout: duration('agent_ping_timeout'),
    maxAgentPingTimeouts: number('max_agent_ping_timeouts'),
  });
}

function agentFlags({ flags }: Scene): Partial<AgentFlags> {
  const duration = (name: string): number | undefined => {
    const value = flags.get(name);
    return value === undefined ? undefined : parseDuration(value);
  };
  return defined({
    executorRegistrationTimeout: duration('executor_registration_timeout'),
    executorReregistrationTimeout: duration('executor_reregistration_timeout'),
    executorShutdownGracePeriod: duration('executor_shutdown_grace_period'),
    recoveryTimeout: duration('recovery_timeout'),
  });
}

function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

/** Brings a framework and its tasks to where the first answers show them, and stays subscribed. */
async function setUpFramework(
  mesos: Mesos,
  framework: SceneFramework,
  identity: Identity,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const info = Object.fromEntries(Object.entries(framework.info).filter(([key]) => key !== 'id'));
  const client = createSchedulerClient({ master: mesos.master.url, framework: info as unknown as FrameworkInfo });
  const waiting = framework.tasks.map((task) => JSON.parse(identity.rewrite(JSON.stringify(task))) as RecordedTask);
  const open = new Set(waiting);
  let launching: RecordedTask | undefined;
  try {
    for await (const event of client.subscribe({ signal })) {
      if (event.type === 'SUBSCRIBED') {
        identity.bind(framework.recordedId, event.subscribed.framework_id.value);
        if (open.size === 0) setTimeout(ready, 50);
      } else if (event.type === 'OFFERS') {
        for (const offer of event.offers.offers) {
          const task = waiting[0];
          const role = offer.allocation_info?.role;
          const fits = launching === undefined && task?.agent_id.value === offer.agent_id.value && task.resources[0]?.allocation_info?.role === role; // prettier-ignore
          if (!fits) continue;
          launching = waiting.shift();
          await client.call({
            type: 'ACCEPT',
            accept: {
              offer_ids: [offer.id],
              operations: [launch([describeTask(task)])],
              filters: { refuse_seconds: 0 },
            },
          });
        }
        if (launching === undefined && open.size > 0) {
          const ids = event.offers.offers.map(({ id }) => id);
          await client.call({ type: 'DECLINE', decline: { offer_ids: ids, filters: { refuse_seconds: 0 } } });
        }
      } else if (event.type === 'UPDATE') {
        const { status } = event.update;
        if (launching === undefined || status.task_id.value !== launching.task_id.value) continue;
        if (status.state !== launching.state) continue;
        open.delete(launching);
        launching = undefined;
        if (open.size === 0) setTimeout(ready, 1500);
        else await client.call({ type: 'REVIVE' });
      }
    }
  } catch (error) {
    if (!signal.aborted) ready();
    void error;
  }
}

interface RecordedTask {
  name: string;
  task_id: { value: string };
  agent_id: { value: string };
  state: string;
  resources: NonNullable<TaskInfo['resources']>;
  statuses?: { message?: string }[];
  labels?: TaskInfo['labels'];
  discovery?: TaskInfo['discovery'];
}

/** A task with a command that ends as the recorded one did. */
function describeTask(task: RecordedTask): TaskInfo {
  const exit = /status (\d+)/.exec(task.statuses?.at(-1)?.message ?? '')?.[1];
  const value = task.state === 'TASK_RUNNING' ? 'exec sleep 1000' : `exit ${exit ?? (task.state === 'TASK_FINISHED' ? '0' : '3')}`; // prettier-ignore
  const { name, task_id, agent_id, resources, labels, discovery } = task;
  return {
    name,
    task_id,
    agent_id,
    resources,
    command: { value },
    ...(labels === undefined ? {} : { labels }),
    ...(discovery === undefined ? {} : { discovery }),
  };
}
