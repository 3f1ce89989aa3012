import { randomUUID } from 'node:crypto';
import type { Container, Pod } from '@kmd/kube-client';
import {
  HOLLOW_EXIT_AFTER,
  HOLLOW_EXIT_CODE,
  HOLLOW_LOG,
  HOLLOW_LOG_EVERY,
  HOLLOW_READY_AFTER,
  HOLLOW_START_AFTER,
  HOLLOW_UNHEALTHY_AFTER,
} from '../annotation.js';
import { parseDuration } from './duration.js';
import type { ContainerExit, ContainerHost, ContainerRun, ProbeKind, RunEvents } from './pod/host.js';
import { MemoryLog } from './pod/log.js';
import { PodMachine } from './pod/machine.js';
import type { PodRuntime } from './pod/runtime.js';

/**
 * Runs pods that run nothing: they go through a pod's states, and their containers do not exist. How long a container takes to
 * start, when it ends and with which code, what it logs and how it answers its probes is said by annotations of the pod
 * (`kmd.dev/hollow-…`, or `kmd.dev/hollow-….CONTAINER` for one container of several).
 */
export const hollowRuntime: PodRuntime = {
  name: 'hollow',
  start: (pod, site) => new PodMachine(pod, site, hollowHost(pod)),
};

function hollowHost(pod: Pod): ContainerHost {
  const annotations = pod.metadata?.annotations ?? {};
  return {
    name: 'hollow',
    startDelay: parseDuration(annotations[HOLLOW_START_AFTER] ?? '') ?? 0,
    start: (spec, events, { init }) => {
      // What is said of all containers is said of those that are the pod's purpose; an init container is named when it is meant.
      const read = (name: string): string | undefined =>
        annotations[`${name}.${spec.name}`] ?? (init ? undefined : annotations[name]);
      return new HollowRun(spec, events, read, init && !('restartPolicy' in spec));
    },
    close: () => Promise.resolve(),
  };
}

class HollowRun implements ContainerRun {
  readonly id = randomUUID().replaceAll('-', '').padEnd(64, '0');
  readonly log = new MemoryLog();
  readonly #name: string;
  readonly #events: RunEvents;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #read: (name: string) => string | undefined;
  readonly #started = performance.now();

  constructor(spec: Container, events: RunEvents, read: (name: string) => string | undefined, isInit: boolean) {
    this.#name = spec.name;
    this.#events = events;
    this.#read = read;
    const { name, image = 'unknown' } = spec;
    this.log.write(`container ${name} of image ${image} is hollow: the embedded runtime runs no containers`);
    events.started();
    const text = read(HOLLOW_LOG);
    if (text !== undefined) this.#write(text);
    const every = this.#duration(HOLLOW_LOG_EVERY);
    if (every !== undefined && every > 0)
      this.#timers.push(setInterval(() => this.#write(text ?? `container ${name} is hollow`), every));
    const exitAfter = this.#duration(HOLLOW_EXIT_AFTER) ?? (isInit ? 0 : undefined);
    const code = Number.parseInt(read(HOLLOW_EXIT_CODE) ?? '0', 10) || 0;
    if (exitAfter === undefined) return;
    // An init container that nothing is said of is no more than a line in the status: it costs no report of its own.
    if (exitAfter === 0 && isInit) this.#exit({ code });
    else this.#timers.push(setTimeout(() => this.#exit({ code }), exitAfter));
  }

  probe(kind: ProbeKind, _probe: unknown, verdict: (passed: boolean) => void): () => void {
    const timers: NodeJS.Timeout[] = [];
    const later = (passed: boolean, time: number): void => {
      timers.push(setTimeout(() => verdict(passed), Math.max(0, time - (performance.now() - this.#started))));
    };
    const readyAfter = kind === 'liveness' ? undefined : this.#duration(HOLLOW_READY_AFTER);
    // Nothing runs that could take its time: who is not told otherwise passes at once, whatever the probe's own delays.
    if (readyAfter === undefined) verdict(true);
    else {
      verdict(false);
      later(true, readyAfter);
    }
    const unhealthyAfter = kind === 'startup' ? undefined : this.#duration(HOLLOW_UNHEALTHY_AFTER);
    if (unhealthyAfter !== undefined) later(false, unhealthyAfter);
    return () => timers.forEach((timer) => clearTimeout(timer));
  }

  stop(): Promise<void> {
    // There is no process that could take its time.
    if (!this.log.ended) {
      this.log.write(`container ${this.#name} was asked to stop`);
      this.#exit({ code: 143, signal: 15 }, false);
    }
    return Promise.resolve();
  }

  #duration(name: string): number | undefined {
    return parseDuration(this.#read(name) ?? '');
  }

  #write(text: string): void {
    for (const line of text.split('\n')) this.log.write(line);
  }

  #exit(exit: ContainerExit, tell = true): void {
    for (const timer of this.#timers) clearTimeout(timer);
    if (tell) this.log.write(`container ${this.#name} ended with code ${exit.code}`);
    this.log.end();
    this.#events.exited(exit);
  }
}
