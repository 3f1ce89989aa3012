import {
  createEventRecorder,
  createInformer,
  namespaces,
  nodes,
  pods,
  silentLogger,
  type Informer,
  type KubeApi,
  type Logger,
  type Namespace,
  type Node,
  type Pod,
} from '@kmd/kube-client';
import { createSchedulerClient, type SchedulerCallBody, type SchedulerClient } from '@kmd/mesos-client';
import { addDemands, nothing } from '../pod/demand.js';
import { chooseRoles, type Roles } from '../pod/roles.js';
import { packStaticPods } from '../static-pod.js';
import { Executors } from './executors.js';
import { describeFramework } from './framework.js';
import { countTasks, gaugesOf, printQueue, printTasks, type SchedulerHealth } from './health.js';
import { Launcher } from './launcher.js';
import { LostNodes } from './lost-nodes.js';
import { MasterLink } from './master-link.js';
import { SchedulerMetrics } from './metrics.js';
import { Neighbours } from './neighbours.js';
import { NodeRegistrar } from './nodes.js';
import { OfferDesk } from './offer-desk.js';
import type { SchedulerOptions } from './options.js';
import { Placer } from './placer.js';
import { PodIntake } from './pod-intake.js';
import { PodQueue } from './queue.js';
import { Reconciler } from './reconciler.js';
import type { TaskRegistry } from './registry.js';
import { Roller } from './roller.js';
import { SchedulingLoop } from './scheduling-loop.js';
import { TaskTracker } from './tracker.js';

/** How often nodes without executors are kept Ready, and launches looked after; milliseconds. */
const HEARTBEAT = 5_000;

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
  readonly #master: MasterLink;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #namespaces: Informer<Namespace>;
  readonly #registry: TaskRegistry;
  readonly #queue: PodQueue;
  readonly #intake: PodIntake;
  readonly #registrar: NodeRegistrar;
  readonly #desk: OfferDesk;
  readonly #loop: SchedulingLoop;
  readonly #reconciler: Reconciler;
  readonly #lostNodes: LostNodes;
  readonly #roller: Roller;
  readonly #background: Promise<unknown>[] = [];
  #heartbeat: NodeJS.Timeout | undefined;
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
    this.#client = createSchedulerClient({
      master: options.mesosMaster,
      framework: describeFramework(options, this.#roles),
      ...(options.frameworkStore === undefined ? {} : { frameworkStore: options.frameworkStore }),
      credentials: options.credentials,
      tls: options.mesosTls,
      logger,
    });
    this.#master = new MasterLink(this.#client, { logger, signal });
    const call = (body: SchedulerCallBody): Promise<void> => this.#master.call(body);
    const send = (body: SchedulerCallBody): Promise<void> => this.#master.insist(body);
    this.#pods = createInformer(this.#kube, pods, { logger });
    this.#nodes = createInformer(this.#kube, nodes, { logger });
    this.#namespaces = createInformer(this.#kube, namespaces, { logger });
    const events = createEventRecorder(this.#kube, { component: 'default-scheduler', logger });
    this.#tracker = new TaskTracker({
      kube: this.#kube,
      pods: this.#pods,
      events,
      logger,
      signal,
      send,
      settled: (uid) => this.#queue.remove(uid),
      requeue: (pod) => this.#loop.requeue(pod),
      metrics: this.metrics,
    });
    this.#registry = this.#tracker.registry;
    this.#queue = new PodQueue({
      initialBackoff: options.initialPodBackoff,
      maxBackoff: options.maxPodBackoff,
      random: options.random,
      onDue: () => this.#loop.wake(),
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
    const placer = new Placer({
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
    const launcher = new Launcher({
      desk: this.#desk,
      executors: this.#executors,
      registry: this.#registry,
      call,
      defaults: options.containerDefaults,
      metrics: this.metrics,
      logger,
      signal,
      failed: (pod) => this.#loop.requeue(this.#tracker.current(pod) ?? pod),
    });
    this.#loop = new SchedulingLoop({
      queue: this.#queue,
      desk: this.#desk,
      placer,
      launcher,
      events,
      placing: options.placing,
      isSubscribed: () => this.#master.isSubscribed,
      metrics: this.metrics,
      logger,
      signal,
    });
    this.#intake = new PodIntake({
      pods: this.#pods,
      tracker: this.#tracker,
      queue: this.#queue,
      schedulerName: options.schedulerName ?? 'default-scheduler',
      changed: () => this.#loop.wake(),
      logger,
    });
    this.#reconciler = new Reconciler({
      registry: this.#registry,
      call,
      implicitInterval: options.reconcileInterval,
      metrics: this.metrics,
    });
    this.#lostNodes = new LostNodes({
      kube: this.#kube,
      informer: this.#nodes,
      logger,
      signal,
      master: { master: options.mesosMaster, credentials: options.credentials, tls: options.mesosTls },
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
    this.#intake.recover();
    await new Promise<void>((resolve, reject) => {
      this.#background.push(
        this.#follow(resolve).catch((error: unknown) => {
          if (signal.aborted) return reject(error);
          this.#failure = error instanceof Error ? error : new Error(String(error));
          this.#master.end();
          this.#logger.error({ err: error }, 'the framework has ended');
          this.#options.onFailure?.(this.#failure);
          reject(this.#failure);
        }),
      );
    });
    this.#intake.open();
    // A changed label, taint or cordon may make room; a node that somebody deleted is made anew, for its agent is still there.
    this.#nodes.subscribe({
      updated: (node, old) => this.#nodeChanged(node, old),
      deleted: (node) => this.#nodeDeleted(node.metadata?.name ?? ''),
    });
    this.#heartbeat = setInterval(() => {
      void this.#registrar.refresh(this.#desk.agents.list());
      if (this.#master.isSubscribed) this.#reconciler.askOfLaunched(HEARTBEAT);
    }, HEARTBEAT);
    this.#heartbeat.unref();
  }

  health(): SchedulerHealth {
    return {
      subscribed: this.#master.isSubscribed,
      frameworkId: this.#client.frameworkId,
      executorId: this.#executors.id,
      agents: this.#desk.agents.size,
      offers: this.#desk.agents.held,
      waiting: this.#queue.size,
      tasks: countTasks(this.#registry),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  /** Everything counted, and the state of this moment, as Prometheus reads it. */
  printMetrics(): string {
    return this.metrics.print(gaugesOf(this.health()));
  }

  printTasks(): string {
    return printTasks(this.#registry);
  }

  printQueue(): string {
    return printQueue(this.#queue);
  }

  reconcile(kind: 'explicit' | 'implicit'): boolean {
    if (!this.#master.isSubscribed) return false;
    if (kind === 'explicit') this.#reconciler.requestExplicit();
    else this.#reconciler.requestImplicit();
    return true;
  }

  async close(teardown = false): Promise<void> {
    if (teardown && this.#master.isSubscribed)
      await this.#master
        .call({ type: 'TEARDOWN' })
        .catch((error: unknown) => this.#logger.warn({ err: error }, 'the framework could not be torn down'));
    this.#abort.abort();
    this.#master.end();
    this.#queue.close();
    this.#reconciler.stop();
    this.#lostNodes.stop();
    this.#tracker.close();
    this.#desk.agents.drop();
    clearInterval(this.#heartbeat);
    this.#loop.close();
    await Promise.allSettled(this.#background);
    this.#client.close();
  }

  async #follow(ready: () => void): Promise<void> {
    for await (const event of this.#client.subscribe({ signal: this.#abort.signal })) {
      switch (event.type) {
        case 'SUBSCRIBED':
          this.#master.begin();
          this.#desk.reset();
          this.#logger.info({ frameworkId: event.subscribed.framework_id.value }, 'subscribed to the Mesos master');
          this.#reconciler.start();
          this.#lostNodes.watch();
          ready();
          break;
        case 'DISCONNECTED':
          this.#master.end();
          this.#desk.agents.drop();
          this.#reconciler.stop();
          break;
        case 'OFFERS':
          for (const offer of event.offers.offers ?? []) this.#desk.take(offer);
          this.#loop.offersCame();
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

  #roll(): void {
    if (this.#options.rollExecutors !== false) this.#roller.advance();
  }

  #nodeChanged(node: Node, old: Node): void {
    if (this.#queue.size === 0) return;
    if (JSON.stringify([node.spec, node.metadata?.labels]) === JSON.stringify([old.spec, old.metadata?.labels])) return;
    this.#loop.obstacleGone();
  }

  #nodeDeleted(hostname: string): void {
    const agent = this.#desk.agents.byHostname(hostname);
    if (!agent) return;
    this.#desk.nodeOf(agent);
    const runs = agent.executor || this.#registry.countOnAgent(agent.id) > 0;
    if (!runs || agent.foreignExecutor !== undefined || !this.#master.isSubscribed) return;
    this.#desk.askForNode(agent);
  }
}
