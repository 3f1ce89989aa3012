import type { Pod, PodCondition, PodStatus } from '@kmd/kube-client';
import { timestamp } from '../../node.js';
import { describeContainer, isReady, type PodContainer } from './container.js';
import type { PodSite } from './runtime.js';

/** Makes a pod's status of the state of its containers; remembers when each condition changed. */
export class StatusBook {
  readonly #pod: Pod;
  readonly #site: PodSite;
  readonly #runtime: string;
  readonly #inits: readonly PodContainer[];
  readonly #main: readonly PodContainer[];
  readonly #started = timestamp();
  readonly #transitions = new Map<string, { status: string; since: string }>();

  constructor(pod: Pod, site: PodSite, runtime: string, inits: readonly PodContainer[], main: readonly PodContainer[]) {
    this.#pod = pod;
    this.#site = site;
    this.#runtime = runtime;
    this.#inits = inits;
    this.#main = main;
  }

  /** `over`: nothing will run again. `failed`: an init container was the reason. */
  describe(over: boolean, failed: boolean): PodStatus {
    const { hostIP, podIP } = this.#site;
    const initialized = this.#inits.every(({ state, sidecar, started }) =>
      sidecar ? started : state.terminated?.exitCode === 0,
    );
    const unready = this.#main.filter((container) => !isReady(container)).map(({ spec }) => spec.name);
    const ready = unready.length === 0;
    const why = over
      ? { reason: failed ? 'PodFailed' : 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
    const waiting = this.#inits
      .filter(({ state, sidecar }) => !sidecar && state.terminated?.exitCode !== 0)
      .map(({ spec }) => spec.name);
    const incomplete = {
      reason: 'ContainersNotInitialized',
      message: `containers with incomplete status: [${waiting.join(' ')}]`,
    };
    const scheduled: readonly [string, boolean] = ['PodScheduled', true];
    const { qosClass } = this.#pod.status ?? {};
    return {
      phase: this.#phase(over, failed),
      conditions: [
        this.#condition(...scheduled),
        this.#condition('Initialized', initialized, incomplete),
        this.#condition('ContainersReady', ready, why),
        this.#condition('Ready', ready, why),
      ],
      hostIP,
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: this.#started,
      ...(qosClass === undefined ? {} : { qosClass }),
      ...(this.#inits.length > 0
        ? { initContainerStatuses: this.#inits.map((container) => describeContainer(container, this.#runtime)) }
        : {}),
      containerStatuses: this.#main.map((container) => describeContainer(container, this.#runtime)),
    };
  }

  #phase(over: boolean, failed: boolean): string {
    if (over)
      return failed || this.#main.some(({ state }) => state.terminated?.exitCode !== 0) ? 'Failed' : 'Succeeded';
    const begun = this.#main.some(({ state, restarts }) => state.running || state.terminated || restarts > 0);
    return begun ? 'Running' : 'Pending';
  }

  #condition(type: string, holds: boolean, otherwise?: { reason: string; message?: string }): PodCondition {
    const status = holds ? 'True' : 'False';
    const before = this.#transitions.get(type);
    const since = before?.status === status ? before.since : timestamp();
    this.#transitions.set(type, { status, since });
    return { type, status, lastTransitionTime: since, ...(holds ? {} : otherwise) };
  }
}
