import type { Logger, Pod } from '@kmd/kube-client';
import type { ExecutorInfo, SchedulerCallBody, TaskInfo } from '@kmd/mesos-client';
import type { ContainerDefaults } from '../pod/demand.js';
import { controllerOf } from '../pod/kin.js';
import type { Agent } from './agents.js';
import type { Executors } from './executors.js';
import type { SchedulerMetrics } from './metrics.js';
import type { OfferDesk } from './offer-desk.js';
import type { Placement } from './placer.js';
import type { WaitingPod } from './queue.js';
import type { PodTask, TaskRegistry } from './registry.js';
import { makeTask, newTaskId } from './task.js';

/** One launch under way: the tasks that go to an agent in one ACCEPT. */
interface Launch {
  readonly agent: Agent;
  readonly executor: ExecutorInfo;
  readonly tasks: TaskInfo[];
  readonly placed: { readonly pod: Pod; readonly task: PodTask }[];
}

export interface LauncherOptions {
  readonly desk: OfferDesk;
  readonly executors: Executors;
  readonly registry: TaskRegistry;
  readonly call: (call: SchedulerCallBody) => Promise<void>;
  readonly defaults: ContainerDefaults | undefined;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The launch of a pod did not reach the master. */
  readonly failed: (pod: Pod) => void;
}

/** Makes tasks of pods that have a place, all of an agent in one call. */
export class Launcher {
  readonly #options: LauncherOptions;
  readonly #launches = new Map<string, Launch>();

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** Gives a pod its place: from here on the agent counts as having its executor, and the resources as taken. */
  assign({ pod, uid, since }: WaitingPod, { agent, fit }: Placement): void {
    const { executors, registry, defaults, metrics } = this.#options;
    let launch = this.#launches.get(agent.id);
    if (!launch) {
      launch = { agent, executor: executors.describe(agent, fit.executorResources), tasks: [], placed: [] };
      this.#launches.set(agent.id, launch);
    }
    const taskId = newTaskId();
    const now = Date.now();
    const site = {
      taskId,
      agentId: agent.id,
      hostname: agent.hostname,
      offerId: agent.offers.keys().next().value ?? '',
      executor: launch.executor,
      times: { queued: since, offered: agent.offeredAt, launched: now },
    };
    launch.tasks.push(makeTask(pod, site, fit, defaults));
    agent.stock = fit.stock;
    const { name = '', namespace = '' } = pod.metadata ?? {};
    const task: PodTask = {
      taskId,
      agentId: agent.id,
      hostname: agent.hostname,
      namespace,
      name,
      uid,
      controller: controllerOf(pod),
      launchedAt: performance.now(),
      resources: fit.resources,
      progress: 'launched',
      killed: false,
    };
    metrics.queueWait.observe((now - since) * 1000);
    launch.placed.push({ pod, task });
    registry.add(task);
  }

  /** Sends everything assigned since the last time. */
  flush(): void {
    for (const launch of this.#launches.values()) void this.#send(launch);
    this.#launches.clear();
  }

  async #send({ agent, tasks, placed }: Launch): Promise<void> {
    const { desk, call, logger, registry, signal, failed } = this.#options;
    const offers = desk.spend(agent);
    try {
      await call({
        type: 'ACCEPT',
        accept: {
          offer_ids: offers.map((value) => ({ value })),
          operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
          // What is left of the offer is wanted back at once.
          filters: { refuse_seconds: 0 },
        },
      });
      logger.debug({ agent: agent.hostname, tasks: tasks.length }, 'launched');
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error, agent: agent.hostname }, 'launch failed, its pods wait again');
      desk.release(agent, offers);
      for (const { pod, task } of placed) {
        if (registry.get(task.taskId) !== task) continue;
        registry.remove(task);
        failed(pod);
      }
    }
  }
}
