import {
  createEventRecorder,
  createInformer,
  isNotFound,
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
  type TaskStatus,
} from '@kmd/mesos-client';
import { AGENT_ID, BINDING_HOST, EXECUTOR_RESOURCES, TASK_ID } from '../annotation.js';
import { nameExecutor } from '../executor-id.js';
import { chooseRoles, type Roles } from '../pod/roles.js';
import { AgentBook, type Agent } from './agents.js';
import { NodeRegistrar } from './nodes.js';
import type { SchedulerOptions } from './options.js';
import { decideOutcome, isTerminal } from './outcome.js';
import { Placer, type Placement } from './placer.js';
import { PodQueue, type WaitingPod } from './queue.js';
import { Reconciler } from './reconciler.js';
import { TaskRegistry, type PodTask } from './registry.js';
import { makeTask, newTaskId } from './task.js';

const EXECUTOR_NAME = 'Kubelet-Executor';
const EXECUTOR_SOURCE = 'kubernetes';
/** A refusal that lasts until REVIVE or until the agent has more to offer. Seconds; Mesos caps it at a year. */
const LONG_REFUSAL = 3600;
/** A task that the API server knows nothing of is looked for again after this many milliseconds, then killed. */
const ADOPTION_PATIENCE = 2_000;

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
  readonly #executorId: string;
  readonly #executorDemand: { readonly cpus: number; readonly mem: number };
  readonly #abort = new AbortController();
  readonly #client: SchedulerClient;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #registry = new TaskRegistry();
  readonly #agents: AgentBook;
  readonly #queue: PodQueue;
  readonly #registrar: NodeRegistrar;
  readonly #placer: Placer;
  readonly #events: EventRecorder;
  readonly #reconciler: Reconciler;
  /** The executor's resources by agent: every task of an agent must name the same. */
  readonly #executorResources = new Map<string, Resource[]>();
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
    this.#executorDemand = { cpus, mem };
    this.#executorId = nameExecutor(EXECUTOR_NAME, EXECUTOR_SOURCE, command);
    this.#agents = new AgentBook(this.#executorId);
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
    this.#events = createEventRecorder(this.#kube, { component: 'default-scheduler', logger: this.#logger });
    this.#queue = new PodQueue({
      initialBackoff: options.initialPodBackoff,
      maxBackoff: options.maxPodBackoff,
      random: options.random,
      onDue: () => this.#schedule(),
    });
    this.#registrar = new NodeRegistrar({
      kube: this.#kube,
      informer: this.#nodes,
      executor: this.#executorDemand,
      logger: this.#logger,
    });
    this.#placer = new Placer({
      agents: this.#agents,
      roles: this.#roles,
      executor: this.#executorDemand,
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
      executorId: this.#executorId,
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
    this.#agents.drop();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#subscribed = false;
    await Promise.allSettled(this.#background);
    this.#client.close();
  }

  // ---- Mesos

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
          this.#update(event.update.status);
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
    const executor = agent.executor ? (this.#executorResources.get(agent.id) ?? []) : [];
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
    this.#executorResources.delete(agentId);
    if (!agent) return;
    this.#logger.warn({ agentId, node: agent.hostname }, 'agent lost');
    void this.#registrar.lose(agent.hostname, 'the Mesos agent is gone or cut off');
  }

  #loseExecutor(agentId: string): void {
    this.#executorResources.delete(agentId);
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

  // ---- Pods

  /** Pods that an earlier scheduler launched: their tasks go on (spec B17.1). Pods with other annotations are none of them. */
  #recover(): void {
    for (const pod of this.#pods.list()) this.#adopt(pod);
    this.#logger.info({ tasks: this.#registry.size }, 'tasks recovered from pods');
  }

  #adopt(pod: Pod): PodTask | undefined {
    const { name = '', namespace = '', uid = '', annotations = {} } = pod.metadata ?? {};
    const { [TASK_ID]: taskId, [AGENT_ID]: agentId, [BINDING_HOST]: hostname } = annotations;
    if (!taskId || !agentId || !hostname || isOver(pod)) return undefined;
    const progress = pod.status?.phase === 'Running' ? 'running' : 'bound';
    const task: PodTask = { taskId, agentId, hostname, namespace, name, uid, resources: [], progress, killed: false };
    this.#registry.add(task);
    return task;
  }

  #see(pod: Pod): void {
    const { uid = '', annotations = {}, deletionTimestamp } = pod.metadata ?? {};
    const task = this.#registry.ofPod(uid);
    if (task && annotations[TASK_ID] === task.taskId && task.progress === 'launched') this.#bound(task, pod);
    if (task || annotations[BINDING_HOST] !== undefined || isOver(pod) || !this.#isOurs(pod))
      return this.#queue.remove(uid);
    if (deletionTimestamp !== undefined) {
      this.#queue.remove(uid);
      // A pod that names its node and never came there: nobody else ends it.
      if (pod.spec?.nodeName) void this.#deletePod(pod.metadata ?? {});
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
    if (task) this.#kill(task);
  }

  #kill(task: PodTask): void {
    task.killed = true;
    this.#send({ type: 'KILL', kill: { task_id: { value: task.taskId }, agent_id: { value: task.agentId } } });
  }

  #nodeChanged(node: Node, old: Node): void {
    if (this.#queue.size === 0) return;
    if (JSON.stringify([node.spec, node.metadata?.labels]) === JSON.stringify([old.spec, old.metadata?.labels])) return;
    this.#fresh = true;
    this.#revive();
    this.#schedule();
  }

  // ---- Placing

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
      const fresh = fit.executorResources.length > 0;
      const resources = fresh ? fit.executorResources : this.#knownExecutorResources(agent);
      this.#executorResources.set(agent.id, resources);
      launch = { agent, offerIds: [], executor: this.#executorInfo(resources), tasks: [], placed: [] };
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
        this.#requeue(this.#current(pod) ?? pod);
      }
    }
  }

  #executorInfo(resources: Resource[]): ExecutorInfo {
    return {
      type: 'CUSTOM',
      executor_id: { value: this.#executorId },
      name: EXECUTOR_NAME,
      source: EXECUTOR_SOURCE,
      command: this.#options.executor.command,
      resources,
    };
  }

  /** The running executor's resources: remembered, or read from the node where the executor wrote them. */
  #knownExecutorResources(agent: Agent): Resource[] {
    const known = this.#executorResources.get(agent.id);
    if (known) return known;
    const text = this.#nodes.get(undefined, agent.hostname)?.metadata?.annotations?.[EXECUTOR_RESOURCES];
    if (text !== undefined)
      try {
        const parsed: unknown = JSON.parse(text);
        if (Array.isArray(parsed)) return parsed;
      } catch {
        this.#logger.warn({ node: agent.hostname }, `annotation ${EXECUTOR_RESOURCES} is no JSON: ignored`);
      }
    return this.#guessExecutorResources();
  }

  #guessExecutorResources(): Resource[] {
    const allocation_info = { role: this.#roles.subscribed };
    const { cpus, mem } = this.#executorDemand;
    return [
      { name: 'cpus', type: 'SCALAR', scalar: { value: cpus }, role: '*', allocation_info },
      { name: 'mem', type: 'SCALAR', scalar: { value: mem }, role: '*', allocation_info },
    ];
  }

  // ---- Tasks

  #update(status: TaskStatus): void {
    const taskId = status.task_id.value;
    this.#reconciler.answered(taskId);
    const task = this.#registry.get(taskId);
    this.#logger.debug(
      { taskId, state: status.state, source: status.source, reason: status.reason, text: status.message },
      'status update',
    );
    if (!task) return this.#meetUnknown(status);
    const pod = this.#current(task);
    switch (decideOutcome(status, task)) {
      case 'bound':
        this.#bound(task, pod);
        break;
      case 'running':
        this.#bound(task, pod);
        task.progress = 'running';
        break;
      case 'ended':
        this.#registry.remove(task);
        break;
      case 'relaunch':
        this.#registry.remove(task);
        void this.#relaunch(task, status);
        break;
      case 'replace':
        this.#registry.remove(task);
        this.#logger.warn(
          { pod: `${task.namespace}/${task.name}`, state: status.state },
          'task lost: its pod is deleted',
        );
        void this.#deletePod(task);
        break;
      default:
        break;
    }
  }

  #bound(task: PodTask, pod: Pod | undefined): void {
    if (task.progress !== 'launched') return;
    task.progress = 'bound';
    this.#queue.remove(task.uid);
    if (!pod) return;
    const message = `Successfully assigned ${task.namespace}/${task.name} to ${task.hostname}`;
    this.#events.record(pod, { type: 'Normal', reason: 'Scheduled', message });
  }

  /** The launch failed. What the pod is now, only the API server knows for sure. */
  async #relaunch(task: PodTask, { state, reason, message }: TaskStatus): Promise<void> {
    this.#logger.warn({ pod: `${task.namespace}/${task.name}`, state, reason, text: message }, 'launch failed');
    try {
      const pod = await this.#kube.get(pods, task.name, { namespace: task.namespace, signal: this.#abort.signal });
      if (pod.metadata?.uid !== task.uid) return;
      const taskId = pod.metadata.annotations?.[TASK_ID];
      // Bound after all, and its task is gone; or bound by a task of another launch, which goes on.
      if (taskId === task.taskId) return await this.#deletePod(task);
      if (taskId !== undefined || isOver(pod)) return;
      this.#events.record(pod, {
        type: 'Warning',
        reason: 'FailedScheduling',
        message: `Binding rejected: task ${task.taskId} on ${task.hostname}: ${message ?? reason ?? state}`,
      });
      this.#requeue(pod);
    } catch (error) {
      if (isNotFound(error) || this.#abort.signal.aborted) return;
      this.#logger.warn({ err: error }, 'a pod whose launch failed could not be read');
      const pod = this.#current(task);
      if (pod) this.#requeue(pod);
    }
  }

  #requeue(pod: Pod): void {
    if (pod.metadata?.deletionTimestamp !== undefined) return;
    this.#queue.putBack(pod);
    this.#revive();
    this.#schedule();
  }

  /** An update of a task that nobody here launched: one of an earlier scheduler, found by its pod, or a leftover. */
  #meetUnknown(status: TaskStatus): void {
    if (isTerminal(status.state) || status.state === 'TASK_STAGING') return;
    const adopt = (): boolean => {
      const pod = this.#pods.list().find(({ metadata }) => metadata?.annotations?.[TASK_ID] === status.task_id.value);
      const task = pod && this.#adopt(pod);
      if (task && status.state === 'TASK_RUNNING') task.progress = 'running';
      if (task) this.#queue.remove(task.uid);
      return task !== undefined;
    };
    if (adopt()) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#registry.get(status.task_id.value) || adopt()) return;
      this.#logger.warn({ taskId: status.task_id.value }, 'task without a pod: killed');
      this.#send({
        type: 'KILL',
        kill: { task_id: status.task_id, ...(status.agent_id ? { agent_id: status.agent_id } : {}) },
      });
    }, ADOPTION_PATIENCE);
    this.#timers.add(timer);
  }

  /** The pod as it is now, if it is still the same. */
  #current(of: PodTask | Pod): Pod | undefined {
    const { namespace, name = '', uid } = 'taskId' in of ? of : (of.metadata ?? {});
    const pod = this.#pods.get(namespace, name);
    return pod?.metadata?.uid === uid ? pod : undefined;
  }

  async #deletePod({ namespace, name = '', uid }: { namespace?: string; name?: string; uid?: string }): Promise<void> {
    try {
      await this.#kube.delete(pods, name, {
        namespace,
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    } catch (error) {
      if (!isNotFound(error))
        this.#logger.warn({ err: error, pod: `${namespace}/${name}` }, 'pod could not be deleted');
    }
  }
}

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Pods with the same key ask for the same things: those of one controller that name no node, while its template is the same. */
function kinOf({ metadata, spec }: Pod): string | undefined {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
  if (!owner || !spec || spec.nodeName || spec.affinity) return undefined;
  const shares = spec.containers.map(({ resources, ports }) => [resources, ports]);
  return JSON.stringify([owner.uid, shares, spec.nodeSelector]);
}
