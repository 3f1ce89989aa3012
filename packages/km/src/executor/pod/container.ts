import { createHash } from 'node:crypto';
import type { Container, ContainerStatus } from '@kmd/kube-client';
import { timestamp } from '../../node.js';
import type { ContainerExit, ContainerRun } from './host.js';

export type ContainerState = NonNullable<ContainerStatus['state']>;

/** One container of a pod, through all its runs. */
export interface PodContainer {
  readonly spec: Container;
  readonly init: boolean;
  /** Keeps running beside the others although it is an init container. */
  readonly sidecar: boolean;
  state: ContainerState;
  last: ContainerState | undefined;
  /** It has been started at least once. */
  begun: boolean;
  run: ContainerRun | undefined;
  previous: ContainerRun | undefined;
  restarts: number;
  /** Milliseconds of the next wait. */
  backoff: number;
  startedAt: number;
  /** Its startup probe has passed, or it has none. */
  started: boolean;
  /** Its readiness probe passes, or it has none. */
  passing: boolean;
  timer?: NodeJS.Timeout | undefined;
  readonly probes: Set<() => void>;
}

export function makeContainer(spec: Container, init: boolean): PodContainer {
  return {
    spec,
    init,
    sidecar: init && 'restartPolicy' in spec && spec.restartPolicy === 'Always',
    state: { waiting: { reason: init ? 'PodInitializing' : 'ContainerCreating' } },
    last: undefined,
    begun: false,
    run: undefined,
    previous: undefined,
    restarts: 0,
    backoff: 0,
    startedAt: 0,
    started: false,
    passing: false,
    probes: new Set(),
  };
}

export const isReady = ({ state, started, passing }: PodContainer): boolean =>
  state.running !== undefined && started && passing;

export function describeExit({ state, run }: PodContainer, exit: ContainerExit, runtime: string): ContainerState {
  return {
    terminated: {
      exitCode: exit.code,
      reason: exit.reason ?? (exit.code === 0 ? 'Completed' : 'Error'),
      ...(exit.signal === undefined ? {} : { signal: exit.signal }),
      ...(exit.message === undefined ? {} : { message: exit.message }),
      startedAt: state.running?.startedAt ?? timestamp(),
      finishedAt: timestamp(),
      ...(run ? { containerID: `${runtime}://${run.id}` } : {}),
    },
  };
}

const images = new Map<string, string>();
/** Images that are remembered; a pod's status is written often, a digest reckoned once. */
const IMAGES = 1000;
function digest(image: string): string {
  let known = images.get(image);
  if (known === undefined) {
    known = createHash('sha256').update(image).digest('hex');
    if (images.size >= IMAGES) images.clear();
    images.set(image, known);
  }
  return known;
}

/** The container as a pod's status has it. */
export function describeContainer(container: PodContainer, runtime: string): ContainerStatus {
  const { spec, init, sidecar, state, last, run, restarts, started } = container;
  const image = spec.image ?? '';
  const done = init && !sidecar && state.terminated?.exitCode === 0;
  return {
    name: spec.name,
    state,
    lastState: last ?? {},
    ready: isReady(container) || done,
    started: state.running !== undefined && started,
    restartCount: restarts,
    image,
    imageID: run === undefined ? '' : `${runtime}://sha256:${digest(image)}`,
    ...(run === undefined ? {} : { containerID: `${runtime}://${run.id}` }),
  };
}
