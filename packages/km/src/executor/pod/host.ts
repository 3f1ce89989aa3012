import type { Container } from '@kmd/kube-client';
import type { ContainerLog } from './runtime.js';

/** How a container ended. */
export interface ContainerExit {
  readonly code: number;
  /** Number of the signal that ended it. */
  readonly signal?: number;
  /** One word; default `Completed` or `Error`. */
  readonly reason?: string;
  readonly message?: string;
}

/** What a run of a container tells; each may be called at once, before `start` returns. */
export interface RunEvents {
  started(): void;
  /** It could not be started; it is tried again. `reason` is one word, as a kubelet's. */
  failed(reason: string, message: string): void;
  exited(exit: ContainerExit): void;
}

export type Probe = NonNullable<Container['livenessProbe']>;
export type ProbeKind = 'startup' | 'readiness' | 'liveness';

/** One run of one container. */
export interface ContainerRun {
  /** Without the runtime's name before it. */
  readonly id: string;
  readonly log: ContainerLog;
  /** Asks it again and again. `verdict` is called at each change, first from unknown. Returns how to stop. */
  probe(kind: ProbeKind, probe: Probe, verdict: (passed: boolean, message?: string) => void): () => void;
  /** Ends it, by force when the grace (seconds) is over; resolves when it has ended. `exited` is called as for any other end. */
  stop(grace: number): Promise<void>;
}

/** What starts the containers of one pod. */
export interface ContainerHost {
  /** As in container ids: `hollow`. */
  readonly name: string;
  /** Milliseconds to be spent in ContainerCreating before the first container starts. */
  readonly startDelay: number;
  start(spec: Container, events: RunEvents, run: { readonly init: boolean; readonly restarts: number }): ContainerRun;
  /** All containers have ended. */
  close(): Promise<void>;
}
