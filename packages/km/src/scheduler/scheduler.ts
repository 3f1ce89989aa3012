import {
  createEventRecorder,
  createInformer,
  nodes,
  pods,
  silentLogger,
  type EventRecorder,
  type Informer,
  type KubeApi,
  type Logger,
  type Node,
  type Pod,
} from '@kmd/kube-client';
import {
  createSchedulerClient,
  type ExecutorInfo,
  type Offer,
  type Resource,
  type SchedulerCallBody,
  type SchedulerClient,
  type TaskInfo,
} from '@kmd/mesos-client';
import { BINDING_HOST, TASK_ID } from '../annotation.js';
import { isOver } from '../pod/phase.js';
import { chooseRoles, type Roles } from '../pod/roles.js';
import { AgentBook, type Agent } from './agents.js';
import { Executors } from './executors.js';
import { NodeRegistrar } from './nodes.js';
import type { SchedulerOptions } from './options.js';
import { Placer, type Placement } from './placer.js';
import { PodQueue, type WaitingPod } from './queue.js';
import { Reconciler } from './reconciler.js';
import type { PodTask, TaskRegistry } from './registry.js';
import { makeTask, newTaskId } from './task.js';
import { TaskTracker } from './tracker.js';

/** A refusal that lasts until REVIVE or until the agent has more to offer. Seconds; Mesos caps it at a year. */
const LONG_REFUSAL = 3600;

/** How the framework stands. */
export interface SchedulerHealth {
  /** The master sends it events. */
  readonly subscribed: boolean;
  readonly frameworkId: string | undefined;
  readonly executorId: string;
  /** Agents that have sent an offer, and offers in hand. */
  readonly agents: number;
  readonly offers: number;
  /** Pods that wait for a place. */
  readonly waiting: number;
  readonly tasks: { readonly launched: number; readonly bound: number; readonly running: number };
  /** What ended the framework: it does nothing any more. */
  readonly failure?: Error;
}

/** One launch under way: the tasks that go to an agent in one ACCEPT. */
interface Launch {
  readonly agent: Agent;
  readonly offerIds: string[];
  readonly executor: ExecutorInfo;
  readonly tasks: TaskInfo[];
  readonly placed: { readonly pod: Pod; readonly task: PodTask }[];
}

/** The framework: takes pods without a place, offers of agents, and makes tasks of them. See the package's README for the drawing. */
export class Scheduler {
  readonly #kube: KubeApi;
  readonly #logger: Logger;
  readonly #options: SchedulerOptions;
  readonly #roles: Roles;
  readonly #executors: Executors;
  readonly #tracker: TaskTracker;
  readonly #abort = new AbortController();
  readonly #client: SchedulerClient;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #registry: TaskRegistry;
  readonly #agents: AgentBook;
  readonly #queue: PodQueue;
  readonly #registrar: NodeRegistrar;
  readonly #placer: Placer;
  readonly #events: EventRecorder;
  readonly #reconciler: Reconciler;
  readonly #background: Promise<unknown>[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #scheduled = false;
  /** Offers have come or nodes have changed: pods that wait for their next turn may look again. */
  #fresh = false;
  #subscribed = false;
  /** Offers were declined for long, or never came: REVIVE brings them back. */
  #refused = false;
  #suppressed = false;
  #failure: Error | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#kube = options.kube;
    this.#logger = options.logger ?? silentLogger;
    this.#roles = chooseRoles(options.roles ?? ['*'], options.defaultPodRoles ?? options.roles ?? ['*']);
    const { command, cpus = 0.25, mem = 128 } = options.executor;
    const demand = { cpus, mem };
    this.#client = createSchedulerClient({
      master: options.mesosMaster,
      framework: {
        user: options.user ?? 'root',
        name: options.frameworkName ?? 'Kubernetes',
        roles: [this.#roles.subscribed],
        // Not PARTITION_AWARE: the tasks of an agent that is cut off are lost, their pods replaced, and the agent kills them on its return.
        capabilities: [{ type: 'MULTI_ROLE' }],
        checkpoint: options.checkpoint ?? false,
        ...(options.failoverTimeout === undefined ? {} : { failover_timeout: options.failoverTimeout }),
        ...(options.hostname === undefined ? {} : { hostname: options.hostname }),
        ...(options.webuiUrl === undefined ? {} : { webui_url: options.webuiUrl }),
        ...(options.principal === undefined ? {} : { principal: options.principal }),
      },
      ...(options.frameworkStore === undefined ? {} : { frameworkStore: options.frameworkStore }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      logger: this.#logger,
    });
    this.#pods = createInformer(this.#kube, pods, { logger: this.#logger });
    this.#nodes = createInformer(this.#kube, nodes, { logger: this.#logger });
    this.#executors = new Executors({
      command,
      demand,
      role: this.#roles.subscribed,
      nodes: this.#nodes,
      logger: this.#logger,
    });
    this.#agents = new AgentBook(this.#executors.id);
    this.#events = createEventRecorder(this.#kube, { component: 'default-scheduler', logger: this.#logger });
    this.#tracker = new TaskTracker({
      kube: this.#kube,
      pods: this.#pods,
      events: this.#events,
      logger: this.#logger,
      signal: this.#abort.signal,
      send: (call) => this.#send(call),
      settled: (uid) => this.#queue.remove(uid),
      requeue: (pod) => this.#requeue(pod),
    });
    this.#registry = this.#tracker.registry;
    this.#queue = new PodQueue({
      initialBackoff: options.initialPodBackoff,
      maxBackoff: options.maxPodBackoff,
      random: options.random,
      onDue: () => this.#schedule(),
    });
    this.#registrar = new NodeRegistrar({
      kube: this.#kube,
      informer: this.#nodes,
      executor: demand,
      logger: this.#logger,
    });
    this.#placer = new Placer({
      agents: this.#agents,
      roles: this.#roles,
      executor: demand,
      needs: { defaults: options.containerDefaults, ports: options.portStrategy },
      nodeOf: (agent) => this.#nodeOf(agent),
      isBusy: (agentId) => this.#registry.countOnAgent(agentId) > 0,
    });
    this.#reconciler = new Reconciler({
      registry: this.#registry,
      call: (call) => this.#call(call),
      implicitInterval: options.reconcileInterval,
    });
  }

  /** Resolves when the master has accepted the framework; rejects if it never will, or when `signal` aborts. */
  async start(): Promise<void> {
    const { signal } = this.#abort;
    this.#background.push(this.#pods.run(signal), this.#nodes.run(signal));
    await Promise.all([this.#pods.synced, this.#nodes.synced]);
    this.#recover();
    await new Promise<void>((resolve, reject) => {
      this.#background.push(
        this.#follow(resolve).catch((error: unknown) => {
          if (signal.aborted) return reject(error);
          this.#failure = error instanceof Error ? error : new Error(String(error));
          this.#subscribed = false;
          this.#logger.error({ err: error }, 'the framework has ended');
          this.#options.onFailure?.(this.#failure);
          reject(this.#failure);
        }),
      );
    });
    this.#pods.subscribe({
      added: (pod) => this.#see(pod),
      updated: (pod) => this.#see(pod),
      deleted: (pod) => this.#forget(pod),
    });
    // A changed label, taint or cordon may make room.
    this.#nodes.subscribe({ updated: (node, old) => this.#nodeChanged(node, old) });
    const timer = setInterval(() => void this.#registrar.refresh(this.#agents.list()), 5_000);
    timer.unref();
    this.#timers.add(timer);
  }

  health(): SchedulerHealth {
    const tasks = { launched: 0, bound: 0, running: 0 };
    for (const { progress } of this.#registry.list()) tasks[progress] += 1;
    return {
      subscribed: this.#subscribed,
      frameworkId: this.#client.frameworkId,
      executorId: this.#executors.id,
      agents: this.#agents.size,
      offers: this.#agents.held,
      waiting: this.#queue.size,
      tasks,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  async close(teardown = false): Promise<void> {
    if (teardown && this.#subscribed)
      await this.#call({ type: 'TEARDOWN' }).catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'the framework could not be torn down'),
      );
    this.#abort.abort();
    this.#queue.close();
    this.#reconciler.stop();
    this.#tracker.close();
    this.#agents.drop();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#subscribed = false;
    await Promise.allSettled(this.#background);
    this.#client.close();
  }

  async #follow(ready: () => void): Promise<void> {
    for await (const event of this.#client.subscribe({ signal: this.#abort.signal })) {
      switch (event.type) {
        case 'SUBSCRIBED':
          this.#subscribed = true;
          this.#agents.drop();
          this.#refused = this.#suppressed = false;
          this.#logger.info({ frameworkId: event.subscribed.framework_id.value }, 'subscribed to the Mesos master');
          this.#reconciler.start();
          ready();
          break;
        case 'DISCONNECTED':
          this.#subscribed = false;
          this.#agents.drop();
          this.#reconciler.stop();
          break;
        case 'OFFERS':
          for (const offer of event.offers.offers ?? []) this.#takeOffer(offer);
          this.#fresh = true;
          this.#schedule();
          break;
        case 'RESCIND':
          this.#agents.rescind(event.rescind.offer_id.value);
          break;
        case 'UPDATE':
          this.#reconciler.answered(event.update.status.task_id.value);
          this.#tracker.update(event.update.status);
          break;
        case 'FAILURE': {
          const { agent_id: agentId, executor_id: executorId } = event.failure;
          if (agentId && !executorId) this.#loseAgent(agentId.value);
          else if (agentId) this.#loseExecutor(agentId.value);
          break;
        }
        default:
          break;
      }
    }
  }

  #takeOffer(offer: Offer): void {
    const agent = this.#agents.take(offer);
    this.#registrar.ensure(agent, this.#totalOf(agent));
    clearTimeout(agent.timer);
    agent.timer = setTimeout(() => this.#decline(agent), this.#options.offerTtl ?? 5_000);
    agent.timer.unref();
  }

  /** What an agent has altogether: what it offers, and what the framework's own tasks and executor take of it. */
  #totalOf(agent: Agent): Resource[] {
    const used = this.#registry.onAgent(agent.id).flatMap(({ resources }) => resources);
    const executor = agent.executor ? this.#executors.resourcesOn(agent.id) : [];
    return [...[...agent.offers.values()].flatMap((offer) => offer.resources ?? []), ...used, ...executor];
  }

  #nodeOf(agent: Agent): Node {
    return this.#registrar.get(agent.hostname) ?? this.#registrar.ensure(agent, this.#totalOf(agent));
  }

  /** Nobody wanted the agent's offers in time: others may have them, until a pod comes or the agent has more. */
  #decline(agent: Agent): void {
    const ids = this.#agents.release(agent).map((value) => ({ value }));
    if (ids.length === 0) return;
    this.#refused = true;
    this.#send({ type: 'DECLINE', decline: { offer_ids: ids, filters: { refuse_seconds: LONG_REFUSAL } } });
    if (this.#options.suppressWhenIdle && this.#queue.size === 0 && this.#agents.held === 0 && !this.#suppressed) {
      this.#suppressed = true;
      this.#send({ type: 'SUPPRESS' });
    }
  }

  /** Asks for the offers that were declined. */
  #revive(): void {
    if (!this.#refused && !this.#suppressed) return;
    this.#refused = this.#suppressed = false;
    this.#send({ type: 'REVIVE' });
  }

  #loseAgent(agentId: string): void {
    const agent = this.#agents.forget(agentId);
    this.#executors.forget(agentId);
    if (!agent) return;
    this.#logger.warn({ agentId, node: agent.hostname }, 'agent lost');
    void this.#registrar.lose(agent.hostname, 'the Mesos agent is gone or cut off');
  }

  #loseExecutor(agentId: string): void {
    this.#executors.forget(agentId);
    const agent = this.#agents.get(agentId);
    if (agent) agent.executor = false;
  }

  #call(call: SchedulerCallBody): Promise<void> {
    return this.#client.call(call, { signal: this.#abort.signal });
  }

  #send(call: SchedulerCallBody): void {
    this.#call(call).catch((error: unknown) => {
      if (!this.#abort.signal.aborted)
        this.#logger.warn({ err: error, call: call.type }, 'call to the Mesos master failed');
    });
  }

  /** Pods that an earlier scheduler launched: their tasks go on (spec B17.1). Pods with other annotations are none of them. */
  #recover(): void {
    for (const pod of this.#pods.list()) this.#tracker.adopt(pod);
    this.#logger.info({ tasks: this.#registry.size }, 'tasks recovered from pods');
  }

  #see(pod: Pod): void {
    const { uid = '', annotations = {}, deletionTimestamp } = pod.metadata ?? {};
    const task = this.#registry.ofPod(uid);
    if (task && annotations[TASK_ID] === task.taskId && task.progress === 'launched') this.#tracker.bound(task, pod);
    if (task || annotations[BINDING_HOST] !== undefined || isOver(pod) || !this.#isOurs(pod))
      return this.#queue.remove(uid);
    if (deletionTimestamp !== undefined) {
      this.#queue.remove(uid);
      // A pod that names its node and never came there: nobody else ends it.
      if (pod.spec?.nodeName) void this.#tracker.deletePod(pod.metadata ?? {});
      return;
    }
    if (this.#queue.put(pod)) this.#schedule();
  }

  #isOurs({ spec, metadata }: Pod): boolean {
    const name = spec?.schedulerName ?? 'default-scheduler';
    if (metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) return false;
    if (spec && 'schedulingGates' in spec && Array.isArray(spec.schedulingGates) && spec.schedulingGates.length > 0)
      return false;
    return name === (this.#options.schedulerName ?? 'default-scheduler');
  }

  #forget(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    this.#queue.remove(uid);
    const task = this.#registry.ofPod(uid);
    if (task) this.#tracker.kill(task);
  }

  #nodeChanged(node: Node, old: Node): void {
    if (this.#queue.size === 0) return;
    if (JSON.stringify([node.spec, node.metadata?.labels]) === JSON.stringify([old.spec, old.metadata?.labels])) return;
    this.#fresh = true;
    this.#revive();
    this.#schedule();
  }

  /** Runs the placing once for everything that happens in this turn of the event loop. */
  #schedule(): void {
    if (this.#scheduled || this.#abort.signal.aborted) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#subscribed && this.#queue.size > 0) this.#placeAll();
    });
  }

  #placeAll(): void {
    const launches = new Map<string, Launch>();
    /** Pods of one controller are alike: when one finds no place, the next does not look. */
    const hopeless = new Map<string, string>();
    let unseen = 0;
    const fresh = this.#fresh;
    this.#fresh = false;
    for (const entry of this.#queue.list()) {
      if (!fresh && !entry.due) continue;
      const kin = kinOf(entry.pod);
      const known = kin === undefined ? undefined : hopeless.get(kin);
      if (known !== undefined) {
        this.#refuse(entry, known);
        continue;
      }
      const place = this.#placer.place(entry.pod);
      if ('agent' in place) {
        this.#assign(entry, place, launches);
        continue;
      }
      unseen += place.unseen;
      if (kin !== undefined) hopeless.set(kin, place.message);
      this.#refuse(entry, place.message, place.unseen > 0 || this.#agents.size === 0);
    }
    for (const launch of launches.values()) void this.#launch(launch);
    if (this.#queue.size > 0 && (unseen > 0 || this.#suppressed)) this.#revive();
  }

  /** `unsure`: offers are on their way that could do; the pod's first wait is not worth an event. */
  #refuse(entry: WaitingPod, message: string, unsure = false): void {
    if (!entry.due) return;
    if (!unsure || entry.attempts > 0)
      this.#events.record(entry.pod, { type: 'Warning', reason: 'FailedScheduling', message });
    this.#queue.delay(entry);
  }

  #assign({ pod, uid }: WaitingPod, { agent, fit }: Placement, launches: Map<string, Launch>): void {
    let launch = launches.get(agent.id);
    if (!launch) {
      const executor = this.#executors.describe(agent, fit.executorResources);
      launch = { agent, offerIds: [], executor, tasks: [], placed: [] };
      launches.set(agent.id, launch);
    }
    const offerId = agent.offers.keys().next().value ?? '';
    const taskId = newTaskId();
    const site = { taskId, agentId: agent.id, hostname: agent.hostname, offerId, executor: launch.executor };
    launch.tasks.push(makeTask(pod, site, fit, this.#options.containerDefaults));
    agent.stock = fit.stock;
    const { name = '', namespace = '' } = pod.metadata ?? {};
    const task: PodTask = {
      taskId,
      agentId: agent.id,
      hostname: agent.hostname,
      namespace,
      name,
      uid,
      resources: fit.resources,
      progress: 'launched',
      killed: false,
    };
    launch.placed.push({ pod, task });
    // From here on the agent counts as having its executor: the next pod of this round needs no room for it.
    this.#registry.add(task);
    this.#queue.remove(uid, false);
  }

  async #launch({ agent, offerIds, tasks, placed }: Launch): Promise<void> {
    offerIds.push(...this.#agents.release(agent));
    try {
      await this.#call({
        type: 'ACCEPT',
        accept: {
          offer_ids: offerIds.map((value) => ({ value })),
          operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
          // What is left of the offer is wanted back at once.
          filters: { refuse_seconds: 0 },
        },
      });
      this.#logger.debug({ agent: agent.hostname, tasks: tasks.length }, 'launched');
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#logger.warn({ err: error, agent: agent.hostname }, 'launch failed, its pods wait again');
      for (const { pod, task } of placed) {
        if (this.#registry.get(task.taskId) !== task) continue;
        this.#registry.remove(task);
        this.#requeue(this.#tracker.current(pod) ?? pod);
      }
    }
  }

  #requeue(pod: Pod): void {
    if (pod.metadata?.deletionTimestamp !== undefined) return;
    this.#queue.putBack(pod);
    this.#revive();
    this.#schedule();
  }
}

/** Pods with the same key ask for the same things: those of one controller that name no node, while its template is the same. */
function kinOf({ metadata, spec }: Pod): string | undefined {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
  if (!owner || !spec || spec.nodeName || spec.affinity) return undefined;
  const shares = spec.containers.map(({ resources, ports }) => [resources, ports]);
  return JSON.stringify([
    owner.uid,
    shares,
    spec.nodeSelector,
    spec.tolerations,
    metadata?.annotations,
    metadata?.labels,
  ]);
}
