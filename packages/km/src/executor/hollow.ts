import { createHash, randomUUID } from 'node:crypto';
import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '@kmd/kube-client';
import { HOLLOW_EXIT_AFTER, HOLLOW_EXIT_CODE, HOLLOW_START_AFTER } from '../annotation.js';
import { timestamp } from '../node.js';
import { parseDuration } from './duration.js';
import { MemoryLog } from './log.js';
import type { ContainerLog, PodRun, PodRuntime, PodSite } from './runtime.js';

/** Restart back-off of a container, milliseconds: the kubelet's. It starts anew after ten minutes of running. */
const BACKOFF = { first: 10_000, max: 300_000, reset: 600_000 };

type State = NonNullable<ContainerStatus['state']>;

interface HollowContainer {
  readonly spec: Container;
  readonly init: boolean;
  /** Keeps running beside the others although it is an init container. */
  readonly sidecar: boolean;
  state: State;
  last: State | undefined;
  id: string;
  restarts: number;
  backoff: number;
  log: MemoryLog | undefined;
  previous: MemoryLog | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/**
 * Runs pods that run nothing: they go through a pod's states, and their containers do not exist. How long a container takes to
 * start, when it ends and with which code is said by annotations of the pod (`kmd.dev/hollow-…`).
 */
export const hollowRuntime: PodRuntime = {
  name: 'hollow',
  start: (pod, site) => new HollowPod(pod, site),
};

class HollowPod implements PodRun {
  readonly #pod: Pod;
  readonly #site: PodSite;
  readonly #containers: readonly HollowContainer[];
  readonly #started = timestamp();
  readonly #exitAfter: number | undefined;
  readonly #exitCode: number;
  readonly #transitions = new Map<string, { status: string; since: string }>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(pod: Pod, site: PodSite) {
    this.#pod = pod;
    this.#site = site;
    const annotations = pod.metadata?.annotations ?? {};
    const duration = (name: string): number | undefined => {
      const text = annotations[name];
      return text === undefined ? undefined : parseDuration(text);
    };
    this.#exitAfter = duration(HOLLOW_EXIT_AFTER);
    this.#exitCode = Number.parseInt(annotations[HOLLOW_EXIT_CODE] ?? '0', 10) || 0;
    this.#containers = [
      ...(pod.spec?.initContainers ?? []).map((spec) => hollow(spec, true)),
      ...(pod.spec?.containers ?? []).map((spec) => hollow(spec, false)),
    ];
    const startAfter = duration(HOLLOW_START_AFTER) ?? 0;
    if (startAfter > 0) {
      this.#report();
      this.#timer = setTimeout(() => this.#run(), startAfter);
    } else this.#run();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const container of this.#containers) {
      clearTimeout(container.timer);
      if (!container.state.running) continue;
      container.log?.write(`container ${container.spec.name} was asked to stop`);
      container.log?.end();
    }
    // There is no process that could take its time.
    return Promise.resolve();
  }

  log(name: string, previous = false): ContainerLog | undefined {
    const container = this.#containers.find(({ spec }) => spec.name === name);
    return previous ? container?.previous : container?.log;
  }

  #run(): void {
    for (const container of this.#containers) {
      this.#begin(container);
      if (container.init && !container.sidecar) this.#end(container, 0);
    }
    this.#report();
  }

  #begin(container: HollowContainer): void {
    const { spec } = container;
    container.id = randomUUID().replaceAll('-', '').padEnd(64, '0');
    container.log = new MemoryLog();
    container.log.write(
      `container ${spec.name} of image ${spec.image ?? 'unknown'} is hollow: the embedded runtime runs no containers`,
    );
    container.state = { running: { startedAt: timestamp() } };
    if (container.init || this.#exitAfter === undefined) return;
    container.timer = setTimeout(() => this.#exit(container), this.#exitAfter);
  }

  #end(container: HollowContainer, exitCode: number): void {
    container.log?.write(`container ${container.spec.name} ended with code ${exitCode}`);
    container.log?.end();
    container.state = {
      terminated: {
        exitCode,
        reason: exitCode === 0 ? 'Completed' : 'Error',
        startedAt: container.state.running?.startedAt ?? timestamp(),
        finishedAt: timestamp(),
        containerID: `hollow://${container.id}`,
      },
    };
  }

  #exit(container: HollowContainer): void {
    if (this.#stopped) return;
    this.#end(container, this.#exitCode);
    const policy = this.#pod.spec?.restartPolicy ?? 'Always';
    if (policy === 'Always' || (policy === 'OnFailure' && this.#exitCode !== 0)) this.#restart(container);
    this.#report();
  }

  #restart(container: HollowContainer): void {
    if ((this.#exitAfter ?? 0) >= BACKOFF.reset) container.backoff = 0;
    const again = (): void => {
      if (this.#stopped) return;
      container.previous = container.log;
      container.restarts += 1;
      this.#begin(container);
      this.#report();
    };
    container.last = container.state;
    // As the kubelet: the first time at once, then with a back-off.
    const delay = container.backoff;
    container.backoff = delay === 0 ? BACKOFF.first : Math.min(delay * 2, BACKOFF.max);
    if (delay > 0) {
      const message = `back-off ${delay / 1000}s restarting failed container=${container.spec.name}`;
      container.state = { waiting: { reason: 'CrashLoopBackOff', message } };
    }
    container.timer = setTimeout(again, delay);
  }

  #report(): void {
    if (!this.#stopped) this.#site.report(this.#status());
  }

  #status(): PodStatus {
    const { hostIP, podIP } = this.#site;
    const main = this.#containers.filter(({ init }) => !init);
    const inits = this.#containers.filter(({ init }) => init);
    const initialized = inits.every(({ state, sidecar }) => (sidecar ? state.running : state.terminated));
    const over =
      main.length > 0 && main.every((container) => container.state.terminated && !this.#willRestart(container));
    const failed = main.some(({ state }) => (state.terminated?.exitCode ?? 0) !== 0);
    const begun = main.some(({ state, restarts }) => state.running || state.terminated || restarts > 0);
    const phase = over ? (failed ? 'Failed' : 'Succeeded') : begun ? 'Running' : 'Pending';
    const ready = main.every(({ state }) => state.running);
    const lacking = main.filter(({ state }) => !state.running).map(({ spec }) => spec.name);
    const unready = over
      ? { reason: 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${lacking.join(' ')}]` };
    return {
      phase,
      conditions: [
        this.#condition('PodScheduled', true),
        this.#condition('Initialized', Boolean(initialized)),
        this.#condition('ContainersReady', ready, unready),
        this.#condition('Ready', ready, unready),
      ],
      hostIP,
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: this.#started,
      ...(inits.length > 0 ? { initContainerStatuses: inits.map(describe) } : {}),
      containerStatuses: main.map(describe),
    };
  }

  #willRestart({ state }: HollowContainer): boolean {
    const policy = this.#pod.spec?.restartPolicy ?? 'Always';
    return policy === 'Always' || (policy === 'OnFailure' && state.terminated?.exitCode !== 0);
  }

  #condition(type: string, holds: boolean, otherwise?: { reason: string; message?: string }): PodCondition {
    const status = holds ? 'True' : 'False';
    const before = this.#transitions.get(type);
    const since = before?.status === status ? before.since : timestamp();
    this.#transitions.set(type, { status, since });
    return { type, status, lastTransitionTime: since, ...(holds ? {} : otherwise) };
  }
}

function hollow(spec: Container, init: boolean): HollowContainer {
  const sidecar = init && 'restartPolicy' in spec && spec.restartPolicy === 'Always';
  return {
    spec,
    init,
    sidecar,
    state: { waiting: { reason: init ? 'PodInitializing' : 'ContainerCreating' } },
    last: undefined,
    id: '',
    restarts: 0,
    backoff: 0,
    log: undefined,
    previous: undefined,
  };
}

function describe({ spec, init, sidecar, state, last, id, restarts }: HollowContainer): ContainerStatus {
  const image = spec.image ?? '';
  const done = init && !sidecar && state.terminated?.exitCode === 0;
  return {
    name: spec.name,
    state,
    lastState: last ?? {},
    ready: Boolean(state.running) || done,
    started: Boolean(state.running),
    restartCount: restarts,
    image,
    imageID: id === '' ? '' : `hollow://sha256:${createHash('sha256').update(image).digest('hex')}`,
    ...(id === '' ? {} : { containerID: `hollow://${id}` }),
  };
}
