import type { Pod } from '@kmd/kube-client';
import { timestamp } from '../../node.js';
import { describeExit, makeContainer, type PodContainer } from './container.js';
import type { ContainerExit, ContainerHost, ContainerRun, Probe, ProbeKind } from './host.js';
import type { ContainerLog, PodRun, PodSite } from './runtime.js';
import { StatusBook } from './status.js';

/** Restart back-off of a container, milliseconds: the kubelet's. It starts anew after ten minutes of running. */
const BACKOFF = { first: 10_000, max: 300_000, reset: 600_000 };

/**
 * Takes a pod's containers through their lives as a kubelet does: init containers one after the other, sidecars beside them, then all
 * others; probes; restarts as the pod's policy has it. What a container really is, its host knows.
 */
export class PodMachine implements PodRun {
  readonly #pod: Pod;
  readonly #site: PodSite;
  readonly #host: ContainerHost;
  readonly #inits: readonly PodContainer[];
  readonly #main: readonly PodContainer[];
  readonly #status: StatusBook;
  readonly #timer: NodeJS.Timeout | undefined;
  /** An init container failed for good: nothing more is started. */
  #failed = false;
  #stopped = false;
  #ended: Promise<void> | undefined;
  #depth = 0;

  constructor(pod: Pod, site: PodSite, host: ContainerHost) {
    this.#pod = pod;
    this.#site = site;
    this.#host = host;
    this.#inits = (pod.spec?.initContainers ?? []).map((spec) => makeContainer(spec, true));
    this.#main = (pod.spec?.containers ?? []).map((spec) => makeContainer(spec, false));
    this.#status = new StatusBook(pod, site, host.name, this.#inits, this.#main);
    if (host.startDelay > 0) {
      this.#timer = setTimeout(() => this.#turn(() => this.#advance()), host.startDelay);
      this.#report();
    } else this.#turn(() => this.#advance());
  }

  log(name: string, previous = false): ContainerLog | undefined {
    const container = [...this.#inits, ...this.#main].find(({ spec }) => spec.name === name);
    return (previous ? container?.previous : container?.run)?.log;
  }

  stop(grace: number): Promise<void> {
    this.#stopped = true;
    return (this.#ended ??= this.#end(grace));
  }

  async #end(grace: number): Promise<void> {
    clearTimeout(this.#timer);
    const deadline = performance.now() + grace * 1_000;
    const end = async (container: PodContainer): Promise<void> => {
      clearTimeout(container.timer);
      for (const stop of container.probes) stop();
      const left = Math.max(0, (deadline - performance.now()) / 1_000);
      if (container.run && !container.run.log.ended) await container.run.stop(left);
    };
    await Promise.all(this.#main.map(end));
    // Sidecars serve the others to the last, so they go in the reverse order of their start.
    for (const container of [...this.#inits].reverse()) await end(container);
    await this.#host.close();
  }

  /** Does something to the pod; whatever it brings about is told in one report. */
  #turn(step: () => void): void {
    if (this.#stopped) return;
    this.#depth += 1;
    step();
    this.#depth -= 1;
    if (this.#depth === 0) this.#report();
  }

  #report(): void {
    if (!this.#stopped) this.#site.report(this.#status.describe(this.#isOver(), this.#failed));
  }

  /** Starts whatever is next. */
  #advance(): void {
    if (this.#failed) return;
    for (const container of this.#inits) {
      if (!container.begun) this.#begin(container);
      const through = container.sidecar
        ? container.started && container.state.running
        : container.state.terminated?.exitCode === 0;
      if (!through) return;
    }
    for (const container of this.#main) if (!container.begun) this.#begin(container);
  }

  #begin(container: PodContainer): void {
    container.begun = true;
    container.started = container.passing = false;
    const { spec, init, restarts } = container;
    if (container.run) container.previous = container.run;
    const made: { run?: ContainerRun } = {};
    // What is told before `start` has returned waits until there is a run to tell it of.
    const early: (() => void)[] = [];
    const hear = (step: () => void): void => {
      if (!made.run) early.push(step);
      // A late word of an earlier run changes nothing.
      else if (container.run === made.run) this.#turn(step);
    };
    container.run = made.run = this.#host.start(
      spec,
      {
        started: () => hear(() => this.#started(container)),
        failed: (reason, message) => hear(() => this.#retry(container, reason, message)),
        exited: (exit) => hear(() => this.#exited(container, exit)),
      },
      { init, restarts },
    );
    for (const step of early) hear(step);
  }

  #started(container: PodContainer): void {
    container.state = { running: { startedAt: timestamp() } };
    container.startedAt = Date.now();
    container.started = container.spec.startupProbe === undefined;
    container.passing = container.spec.readinessProbe === undefined;
    this.#watch(container);
    this.#advance();
  }

  /** Starts the probes that are due: the startup probe alone first, then the others. */
  #watch(container: PodContainer): void {
    const { startupProbe, readinessProbe, livenessProbe } = container.spec;
    if (!container.started && startupProbe) {
      this.#probe(container, 'startup', startupProbe, (passed) => {
        if (!passed) return this.#unhealthy(container, startupProbe);
        if (container.started) return;
        for (const stop of container.probes) stop();
        container.probes.clear();
        container.started = true;
        this.#watch(container);
        this.#advance();
      });
      return;
    }
    if (readinessProbe) this.#probe(container, 'readiness', readinessProbe, (passed) => (container.passing = passed));
    if (livenessProbe)
      this.#probe(container, 'liveness', livenessProbe, (passed) => {
        if (!passed) this.#unhealthy(container, livenessProbe);
      });
  }

  #probe(container: PodContainer, kind: ProbeKind, probe: Probe, verdict: (passed: boolean) => void): void {
    const { run } = container;
    const stop = run?.probe(kind, probe, (passed) => {
      if (container.run === run && container.state.running) this.#turn(() => verdict(passed));
    });
    if (stop) container.probes.add(stop);
  }

  /** A probe has failed for good: the container is ended, and what follows is up to the restart policy. */
  #unhealthy(container: PodContainer, probe: Probe): void {
    for (const stop of container.probes) stop();
    container.probes.clear();
    const grace = probe.terminationGracePeriodSeconds ?? this.#pod.spec?.terminationGracePeriodSeconds ?? 30;
    void container.run?.stop(grace);
  }

  #exited(container: PodContainer, exit: ContainerExit): void {
    for (const stop of container.probes) stop();
    container.probes.clear();
    container.state = describeExit(container, exit, this.#host.name);
    if (this.#willRestart(container)) this.#restart(container);
    else if (container.init && !container.sidecar && exit.code !== 0) this.#failed = true;
    else this.#advance();
    if (!this.#isOver()) return;
    // The others have done their work: sidecars have nobody to serve any more.
    for (const sidecar of this.#inits) {
      clearTimeout(sidecar.timer);
      if (sidecar.state.running) void sidecar.run?.stop(this.#pod.spec?.terminationGracePeriodSeconds ?? 30);
    }
  }

  #restart(container: PodContainer): void {
    if (container.startedAt > 0 && Date.now() - container.startedAt >= BACKOFF.reset) container.backoff = 0;
    container.last = container.state;
    // As the kubelet: the first time at once, then with a back-off.
    const delay = container.backoff;
    container.backoff = delay === 0 ? BACKOFF.first : Math.min(delay * 2, BACKOFF.max);
    if (delay > 0) {
      const message = `back-off ${delay / 1000}s restarting failed container=${container.spec.name}`;
      container.state = { waiting: { reason: 'CrashLoopBackOff', message } };
    }
    container.timer = setTimeout(() => {
      container.restarts += 1;
      this.#turn(() => this.#begin(container));
    }, delay);
  }

  /** It could not even be started: that is no exit, so nothing is counted, whatever the restart policy. */
  #retry(container: PodContainer, reason: string, message: string): void {
    container.state = { waiting: { reason, message } };
    container.backoff = container.backoff === 0 ? BACKOFF.first : Math.min(container.backoff * 2, BACKOFF.max);
    container.timer = setTimeout(() => this.#turn(() => this.#begin(container)), container.backoff);
  }

  #willRestart({ init, sidecar, state }: PodContainer): boolean {
    const code = state.terminated?.exitCode;
    if (sidecar) return !this.#isOver();
    const policy = this.#pod.spec?.restartPolicy ?? 'Always';
    // An init container that has succeeded has done its work, also where others run for ever.
    if (init) return code !== 0 && policy !== 'Never';
    return policy === 'Always' || (policy === 'OnFailure' && code !== 0);
  }

  #isOver(): boolean {
    if (this.#failed) return true;
    return (
      this.#main.length > 0 &&
      this.#main.every((container) => container.state.terminated && !this.#willRestart(container))
    );
  }
}
