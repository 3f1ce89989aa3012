import type { Pod, PodStatus } from '@kmd/kube-client';

/** One line of a container's log. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly text: string;
}

/** The log of one run of a container. */
export interface ContainerLog {
  readonly lines: readonly LogLine[];
  /** No line will follow. */
  readonly ended: boolean;
  /** Calls back once for each later line, and for the end (without a line). Returns how to stop it. */
  follow(listener: (line?: LogLine) => void): () => void;
}

/** Where a pod runs. */
export interface PodSite {
  readonly hostIP: string;
  readonly podIP: string;
  /** Name of the node; absent where a test does not care. */
  readonly nodeName?: string | undefined;
  /** Called at each change of the pod's status, with all of it. */
  readonly report: (status: PodStatus) => void;
}

/** A pod that a runtime runs. */
export interface PodRun {
  /** Ends its containers, within the grace given in seconds. Resolves when they have ended; nothing is reported from then on. */
  stop(grace: number): Promise<void>;
  /** The log of a container's current or, if asked for, previous run; undefined when there is none. */
  log(container: string, previous?: boolean): ContainerLog | undefined;
}

/** Something that runs pods. */
export interface PodRuntime {
  /** As in `containerRuntimeVersion` and container ids: `hollow`. */
  readonly name: string;
  /** Starts a pod. What happens to it is told through `site.report`. */
  start(pod: Pod, site: PodSite): PodRun;
}
