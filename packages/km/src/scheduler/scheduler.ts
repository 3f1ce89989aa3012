import {
  createEventRecorder,
  createInformer,
  namespaces,
  nodes,
  pods,
  silentLogger,
  type EventRecorder,
  type Informer,
  type KubeApi,
  type Logger,
  type Namespace,
  type Node,
  type Pod,
} from '@kmd/kube-client';
import {
  createMasterClient,
  createSchedulerClient,
  type SchedulerCallBody,
  type SchedulerClient,
} from '@kmd/mesos-client';
import { BINDING_HOST, MIRROR, TASK_ID } from '../annotation.js';
import { REGISTER_NODE } from '../message.js';
import { addDemands, nothing } from '../pod/demand.js';
import { kinOf } from '../pod/kin.js';
import { isOver } from '../pod/phase.js';
import { chooseRoles, type Roles } from '../pod/roles.js';
import { packStaticPods } from '../static-pod.js';
import { Executors } from './executors.js';
import { describeFramework } from './framework.js';
import { Launcher } from './launcher.js';
import { LostNodes } from './lost-nodes.js';
import { SchedulerMetrics } from './metrics.js';
import { asksOfOthers, Neighbours } from './neighbours.js';
import { NodeRegistrar } from './nodes.js';
import { OfferDesk } from './offer-desk.js';
import type { SchedulerOptions } from './options.js';
import { Placer } from './placer.js';
import { PodQueue, type WaitingPod } from './queue.js';
import { Reconciler } from './reconciler.js';
import type { TaskRegistry } from './registry.js';
import { Roller } from './roller.js';
import { TaskTracker } from './tracker.js';

/** Pods that are to be spread wait so long for offers that were given back; milliseconds. A master answers REVIVE within a few. */
const GATHER = 100;
/** How often nodes without executors are kept Ready, and launches looked after; milliseconds. */
const HEARTBEAT = 5_000;
/** After an error of the scheduling loop that nobody foresaw; milliseconds (spec B9). */
const RESUME = 100;

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

/** The framework: takes pods without a place, offers of agents, and makes tasks of them. See the package's README for the drawing. */
export class Scheduler {
  readonly metrics = new SchedulerMetrics();
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
  readonly #namespaces: Informer<Namespace>;
  readonly #registry: TaskRegistry;
  readonly #queue: PodQueue;
  readonly #registrar: NodeRegistrar;
  readonly #desk: OfferDesk;
  readonly #placer: Placer;
  readonly #launcher: Launcher;
  readonly #events: EventRecorder;
  readonly #reconciler: Reconciler;
  readonly #lostNodes: LostNodes;
  readonly #roller: Roller;
  readonly #background: Promise<unknown>[] = [];
  #heartbeat: NodeJS.Timeout | undefined;
  #scheduled = false;
  /** Pods wait for offers that were given back, so as to be spread over all agents. */
  #gathering: NodeJS.Timeout | undefined;
  /** Offers have come or nodes have changed: pods that wait for their next turn may look again. */
  #fresh = false;
  #subscribed = false;
  #failure: Error | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#kube = options.kube;
    this.#logger = options.logger ?? silentLogger;
    this.#roles = chooseRoles(options.roles ?? ['*'], options.defaultPodRoles ?? options.roles ?? ['*']);
    const { signal } = this.#abort;
    const logger = this.#logger;
    const { command, cpus = 0.25, mem = 128 } = options.executor;
    const staticPods = packStaticPods(options.staticPods ?? [], options.containerDefaults);
    const demand = addDemands({ cpus, mem }, staticPods?.demand ?? nothing);
    const send = (call: SchedulerCallBody): void => this.#send(call);
    this.#client = createSchedulerClient({
      master: options.mesosMaster,
      framework: describeFramework(options, this.#roles),
      ...(options.frameworkStore === undefined ? {} : { frameworkStore: options.frameworkStore }),
      credentials: options.credentials,
      tls: options.mesosTls,
      logger,
    });
    this.#pods = createInformer(this.#kube, pods, { logger });
    this.#nodes = createInformer(this.#kube, nodes, { logger });
    this.#namespaces = createInformer(this.#kube, namespaces, { logger });
    this.#events = createEventRecorder(this.#kube, { component: 'default-scheduler', logger });
    this.#tracker = new TaskTracker({
      kube: this.#kube,
      pods: this.#pods,
      events: this.#events,
      logger,
      signal,
      send,
      settled: (uid) => this.#queue.remove(uid),
      requeue: (pod) => this.#requeue(pod),
      metrics: this.metrics,
    });
    this.#registry = this.#tracker.registry;
    this.#queue = new PodQueue({
      initialBackoff: options.initialPodBackoff,
      maxBackoff: options.maxPodBackoff,
      random: options.random,
      onDue: () => this.#schedule(),
    });
    this.#executors = new Executors({
      command,
      demand,
      staticPods,
      role: this.#roles.subscribed,
      nodes: this.#nodes,
      logger,
    });
    this.#registrar = new NodeRegistrar({ kube: this.#kube, informer: this.#nodes, executor: demand, logger });
    this.#desk = new OfferDesk({
      executors: this.#executors,
      registrar: this.#registrar,
      registry: this.#registry,
      nodes: this.#nodes,
      send,
      metrics: this.metrics,
      logger,
      offerTtl: options.offerTtl ?? 5_000,
      isIdle: options.suppressWhenIdle ? () => this.#queue.size === 0 : undefined,
    });
    this.#placer = new Placer({
      agents: this.#desk.agents,
      roles: this.#roles,
      executor: demand,
      needs: { defaults: options.containerDefaults, ports: options.portStrategy },
      nodeOf: (agent) => this.#desk.nodeOf(agent),
      registry: this.#registry,
      placing: options.placing,
      neighbours: new Neighbours({
        pods: this.#pods,
        namespaces: this.#namespaces,
        nodes: () => this.#registrar.list(),
        nodeOf: (hostname) => this.#registrar.get(hostname),
        registry: this.#registry,
      }),
    });
    this.#launcher = new Launcher({
      desk: this.#desk,
      executors: this.#executors,
      registry: this.#registry,
      call: (call) => this.#call(call),
      defaults: options.containerDefaults,
      metrics: this.metrics,
      logger,
      signal,
      failed: (pod) => this.#requeue(this.#tracker.current(pod) ?? pod),
    });
    this.#reconciler = new Reconciler({
      registry: this.#registry,
      call: (call) => this.#call(call),
      implicitInterval: options.reconcileInterval,
      metrics: this.metrics,
    });
    this.#lostNodes = new LostNodes({
      kube: this.#kube,
      informer: this.#nodes,
      logger,
      signal,
      listAgents: () => this.#listAgents(),
      grace: options.lostNodeGrace ?? 60_000,
    });
    this.#roller = new Roller({
      kube: this.#kube,
      pods: this.#pods,
      agents: this.#desk.agents,
      registry: this.#registry,
      send,
      logger,
      isUnsettled: () => this.#queue.size > 0 || this.#registry.list().some(({ progress }) => progress !== 'running'),
    });
  }

  /** Resolves when the master has accepted the framework; rejects if it never will, or when `signal` aborts. */
  async start(): Promise<void> {
    const { signal } = this.#abort;
    const informers = [this.#pods, this.#nodes, this.#namespaces];
    this.#background.push(...informers.map((informer) => informer.run(signal)));
    await Promise.all(informers.map(({ synced }) => synced));
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
    // A changed label, taint or cordon may make room; a node that somebody deleted is made anew, for its agent is still there.
    this.#nodes.subscribe({
      updated: (node, old) => this.#nodeChanged(node, old),
      deleted: (node) => this.#nodeDeleted(node.metadata?.name ?? ''),
    });
    this.#heartbeat = setInterval(() => {
      void this.#registrar.refresh(this.#desk.agents.list());
      this.#askOfLaunched();
    }, HEARTBEAT);
    this.#heartbeat.unref();
  }

  health(): SchedulerHealth {
    const tasks = { launched: 0, bound: 0, running: 0 };
    for (const { progress } of this.#registry.list()) tasks[progress] += 1;
    return {
      subscribed: this.#subscribed,
      frameworkId: this.#client.frameworkId,
      executorId: this.#executors.id,
      agents: this.#desk.agents.size,
      offers: this.#desk.agents.held,
      waiting: this.#queue.size,
      tasks,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  /** Everything counted, and the state of this moment, as Prometheus reads it. */
  printMetrics(): string {
    const { agents, offers, waiting, tasks, subscribed } = this.health();
    return this.metrics.print({
      km_subscribed: Number(subscribed),
      km_agents: agents,
      km_offers_held: offers,
      km_pods_waiting: waiting,
      km_tasks_launched: tasks.launched,
      km_tasks_bound: tasks.bound,
      km_tasks_running: tasks.running,
    });
  }

  /** One line a task: id, pod, state number (0 pending, 1 running), agent (spec B25). */
  printTasks(): string {
    const lines = this.#registry
      .list()
      .map(({ taskId, namespace, name, progress, hostname }) =>
        [taskId, `${namespace}/${name}`, progress === 'running' ? 1 : 0, hostname].join('\t'),
      );
    return `${[`task_count=${lines.length}`, ...lines].join('\n')}\n`;
  }

  printQueue(): string {
    const lines = this.#queue
      .list()
      .map(({ pod, attempts, due }) =>
        [`${pod.metadata?.namespace}/${pod.metadata?.name}`, `attempts=${attempts}`, due ? 'due' : 'waits'].join('\t'),
      );
    return lines.map((line) => `${line}\n`).join('');
  }

  reconcile(kind: 'explicit' | 'implicit'): boolean {
    if (!this.#subscribed) return false;
    if (kind === 'explicit') this.#reconciler.requestExplicit();
    else this.#reconciler.requestImplicit();
    return true;
  }

  async close(teardown = false): Promise<void> {
    if (teardown && this.#subscribed)
      await this.#call({ type: 'TEARDOWN' }).catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'the framework could not be torn down'),
      );
    this.#abort.abort();
    this.#queue.close();
    this.#reconciler.stop();
    this.#lostNodes.stop();
    this.#tracker.close();
    this.#desk.agents.drop();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#gathering);
    this.#subscribed = false;
    await Promise.allSettled(this.#background);
    this.#client.close();
  }

  async #follow(ready: () => void): Promise<void> {
    for await (const event of this.#client.subscribe({ signal: this.#abort.signal })) {
      switch (event.type) {
        case 'SUBSCRIBED':
          this.#subscribed = true;
          this.#desk.reset();
          this.#logger.info({ frameworkId: event.subscribed.framework_id.value }, 'subscribed to the Mesos master');
          this.#reconciler.start();
          this.#lostNodes.watch();
          ready();
          break;
        case 'DISCONNECTED':
          this.#subscribed = false;
          this.#desk.agents.drop();
          this.#reconciler.stop();
          break;
        case 'OFFERS':
          for (const offer of event.offers.offers ?? []) this.#desk.take(offer);
          clearTimeout(this.#gathering);
          this.#gathering = undefined;
          this.#fresh = true;
          this.#schedule();
          this.#roll();
          break;
        case 'RESCIND':
          this.#desk.rescind(event.rescind.offer_id.value);
          break;
        case 'UPDATE':
          this.#reconciler.answered(event.update.status.task_id.value);
          this.#tracker.update(event.update.status);
          this.#roll();
          break;
        case 'FAILURE': {
          const { agent_id: agentId, executor_id: executorId } = event.failure;
          if (agentId && executorId) this.#desk.loseExecutor(agentId.value);
          else if (agentId && this.#desk.loseAgent(agentId.value) !== undefined) this.#lostNodes.watch();
          break;
        }
        default:
          break;
      }
    }
  }

  /** A launch of which nobody has said a word for long may have got lost: the master tells whether it knows the task. */
  #askOfLaunched(): void {
    if (!this.#subscribed) return;
    const before = Date.now() - HEARTBEAT;
    const tasks = this.#registry
      .list()
      .filter(({ progress, launchedAt }) => progress === 'launched' && launchedAt !== undefined && launchedAt < before)
      .map(({ taskId, agentId }) => ({ task_id: { value: taskId }, agent_id: { value: agentId } }));
    if (tasks.length > 0) this.#send({ type: 'RECONCILE', reconcile: { tasks } });
  }

  #roll(): void {
    if (this.#options.rollExecutors !== false) this.#roller.advance();
  }

  async #listAgents(): Promise<ReadonlySet<string>> {
    const { credentials, mesosMaster, mesosTls } = this.#options;
    const client = createMasterClient({ master: mesosMaster, credentials, tls: mesosTls });
    try {
      const { get_agents: found } = await client.call({ type: 'GET_AGENTS' }, { signal: this.#abort.signal });
      return new Set((found.agents ?? []).flatMap(({ agent_info: { id, hostname } }) => [id?.value ?? '', hostname]));
    } finally {
      client.close();
    }
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

  /** Pods that an earlier instance launched: their tasks go on (spec B17.1). Those of a framework with another scheduler name are none of them. */
  #recover(): void {
    for (const pod of this.#pods.list()) if (this.#isOurs(pod)) this.#tracker.adopt(pod);
    this.#logger.info({ tasks: this.#registry.size }, 'tasks recovered from pods');
  }

  #see(pod: Pod): void {
    const { uid = '', annotations = {}, deletionTimestamp } = pod.metadata ?? {};
    // An executor of an earlier scheduler's launch may have bound the pod only now.
    const task = this.#registry.ofPod(uid) ?? (this.#mayTakeOn(pod) ? this.#tracker.takeOn(pod) : undefined);
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

  #mayTakeOn(pod: Pod): boolean {
    return !this.#registry.knew(pod.metadata?.uid ?? '') && this.#isOurs(pod);
  }

  #isOurs({ spec, metadata }: Pod): boolean {
    const name = spec?.schedulerName ?? 'default-scheduler';
    if (metadata?.annotations?.[MIRROR] !== undefined) return false;
    if (spec && 'schedulingGates' in spec && Array.isArray(spec.schedulingGates) && spec.schedulingGates.length > 0)
      return false;
    return name === (this.#options.schedulerName ?? 'default-scheduler');
  }

  #forget(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    this.#queue.remove(uid);
    const task = this.#registry.ofPod(uid);
    if (task) this.#tracker.kill(task);
    this.#registry.forgetPod(uid);
  }

  #nodeChanged(node: Node, old: Node): void {
    if (this.#queue.size === 0) return;
    if (JSON.stringify([node.spec, node.metadata?.labels]) === JSON.stringify([old.spec, old.metadata?.labels])) return;
    this.#fresh = true;
    this.#desk.revive();
    this.#schedule();
  }

  #nodeDeleted(hostname: string): void {
    const agent = this.#desk.agents.byHostname(hostname);
    if (!agent) return;
    this.#registrar.ensure(agent, this.#desk.totalOf(agent));
    const runs = agent.executor || this.#registry.countOnAgent(agent.id) > 0;
    if (!runs || agent.foreignExecutor !== undefined || !this.#subscribed) return;
    // What only the executor knows, such as its port, it writes itself.
    this.#send({
      type: 'MESSAGE',
      message: {
        agent_id: { value: agent.id },
        executor_id: { value: this.#executors.id },
        data: Buffer.from(REGISTER_NODE).toString('base64'),
      },
    });
  }

  /** Runs the placing once for everything that happens in this turn of the event loop. */
  #schedule(): void {
    if (this.#scheduled || this.#abort.signal.aborted) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#subscribed || this.#queue.size === 0) return;
      try {
        if (!this.#gather()) this.#placeAll();
      } catch (error) {
        // One pod that nobody foresaw must not keep all others from their places.
        this.metrics.panics.add();
        this.#logger.error({ err: error }, 'the scheduling loop failed, and goes on');
        setTimeout(() => this.#schedule(), RESUME).unref();
      }
    });
  }

  /**
   * Pods that are spread look at all agents: offers that were given back are asked for first, and waited for, but not long. Without this,
   * whichever agent's offer had come last would take all.
   */
  #gather(): boolean {
    if (this.#gathering) return true;
    if (this.#options.placing === 'pack' || !this.#desk.hasMore || this.#desk.agents.held === 0) return false;
    this.#desk.revive();
    this.#gathering = setTimeout(() => {
      this.#gathering = undefined;
      this.#schedule();
    }, GATHER);
    return true;
  }

  #placeAll(): void {
    /** Pods of one controller are alike: when one finds no place, the next does not look. */
    const hopeless = new Map<string, string>();
    let unseen = 0;
    let placed = 0;
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
        this.#launcher.assign(entry, place);
        this.#queue.remove(entry.uid, false);
        placed += 1;
        continue;
      }
      unseen += place.unseen;
      if (kin !== undefined) hopeless.set(kin, place.message);
      this.#refuse(entry, place.message, place.unseen > 0 || this.#desk.agents.size === 0);
    }
    this.#launcher.flush();
    // The pods that found a place may be those that others wait for.
    if (placed > 0 && this.#queue.list().some(({ pod }) => asksOfOthers(pod))) {
      this.#fresh = true;
      this.#schedule();
    }
    if (this.#queue.size > 0 && (unseen > 0 || this.#desk.suppressed)) this.#desk.revive();
  }

  /** `unsure`: offers are on their way that could do; the pod's first wait is not worth an event. */
  #refuse(entry: WaitingPod, message: string, unsure = false): void {
    if (!entry.due) return;
    if (!unsure || entry.attempts > 0)
      this.#events.record(entry.pod, { type: 'Warning', reason: 'FailedScheduling', message });
    this.#queue.delay(entry);
  }

  #requeue(pod: Pod): void {
    if (pod.metadata?.deletionTimestamp !== undefined) return;
    this.#queue.putBack(pod);
    this.#desk.revive();
    this.#schedule();
  }
}
