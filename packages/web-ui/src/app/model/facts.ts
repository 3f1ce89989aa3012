import type { Container, ContainerStatus, Node, Service } from '@kmd/kube-client';
import type { KubeObject } from '../data/collection.js';
import { PORT } from './annotations.js';
import { plural } from './format.js';
import type { Cell } from './kind.js';
import { nodeOf, servicePorts } from './kinds.js';
import { toneOfWaiting, type Pod } from './pod.js';

export type Fact = readonly [name: string, value: string | Cell];

/** What is worth knowing of an object of a kind, beyond what all objects have. */
export function factsOf(kind: string, object: KubeObject): Fact[] {
  switch (kind) {
    case 'pods':
      return podFacts(object as Pod);
    case 'nodes':
      return nodeFacts(object as Node & KubeObject);
    case 'services':
      return serviceFacts(object as Service & KubeObject);
    default:
      return workloadFacts(object as Workload);
  }
}

function podFacts(pod: Pod): Fact[] {
  const { metadata, spec, status } = pod;
  const ports = Object.entries(metadata?.annotations ?? {}).flatMap(([key, host]) => {
    // port_TCP_80: the container's port 80.
    const [protocol = '', port = ''] = key.startsWith(PORT) ? key.slice(PORT.length).split('_') : [];
    return port === '' ? [] : [`${port}/${protocol} is ${host} on the host`];
  });
  return [
    ['Node', nodeOf(pod)],
    ['Address', status?.podIP ?? ''],
    ['Ports', ports.join(', ')],
    ['Restart policy', spec?.restartPolicy ?? ''],
    ['Quality of service', status?.qosClass ?? ''],
  ];
}

function nodeFacts({ spec, status }: Node): Fact[] {
  const { capacity = {}, allocatable = {}, addresses = [], nodeInfo } = status ?? {};
  return [
    ['Address', addresses.map(({ type, address }) => `${address} (${type})`).join(', ')],
    ['Capacity', amounts(capacity)],
    ['Allocatable', amounts(allocatable)],
    ['Taints', (spec?.taints ?? []).map(({ key, value = '', effect }) => `${key}=${value}:${effect}`).join(', ')],
    ['Version', nodeInfo?.kubeletVersion ?? ''],
  ];
}

const amounts = (quantities: Readonly<Record<string, string>>): string =>
  Object.entries(quantities)
    .map(([name, quantity]) => `${name} ${quantity}`)
    .join(', ');

function serviceFacts(service: Service): Fact[] {
  const { spec } = service;
  return [
    ['Type', spec?.type ?? 'ClusterIP'],
    ['Address', spec?.clusterIP ?? ''],
    ['Ports', servicePorts(service)],
    ['Selector', pairs(spec?.selector)],
  ];
}

interface Workload extends KubeObject {
  spec?: {
    replicas?: number;
    selector?: { matchLabels?: Record<string, string> };
    strategy?: { type?: string };
    template?: { spec?: { containers?: Container[] } };
  };
  status?: { replicas?: number; readyReplicas?: number; updatedReplicas?: number };
}

function workloadFacts({ spec, status }: Workload): Fact[] {
  const images = (spec?.template?.spec?.containers ?? []).map(({ image = '' }) => image);
  return [
    [
      'Replicas',
      spec?.replicas === undefined ? '' : `${status?.readyReplicas ?? 0} of ${plural(spec.replicas, 'pod')} ready`,
    ],
    ['Images', [...new Set(images)].join(', ')],
    ['Selector', pairs(spec?.selector?.matchLabels)],
    ['Strategy', spec?.strategy?.type ?? ''],
  ];
}

const pairs = (map: Readonly<Record<string, string>> = {}): string =>
  Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

/** A container of a pod, as it is now. */
export interface ContainerRow {
  name: string;
  image: string;
  state: Cell;
  restarts: number;
  /** What it asks for, and what it may use at most. */
  requests: string;
  limits: string;
}

export function containersOf({ spec, status }: Pod): ContainerRow[] {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const inits = (spec?.initContainers ?? []).map((container) => ({ container, first: true }));
  const all = [...inits, ...(spec?.containers ?? []).map((container) => ({ container, first: false }))];
  return all.map(({ container: { name, image = '', resources }, first }) => {
    const found = statuses.find((one) => one.name === name);
    return {
      name: first ? `${name} (at first)` : name,
      image,
      state: stateOf(found, first),
      restarts: found?.restartCount ?? 0,
      requests: amounts(resources?.requests ?? {}),
      limits: amounts(resources?.limits ?? {}),
    };
  });
}

function stateOf(status: ContainerStatus | undefined, first: boolean): Cell {
  const { running, terminated, waiting } = status?.state ?? {};
  if (running)
    return { text: status?.ready || first ? 'Running' : 'Running, not ready', tone: status?.ready ? 'good' : 'busy' };
  if (terminated) {
    const code = terminated.exitCode;
    return { text: `${terminated.reason ?? 'Ended'}, exit code ${code}`, tone: code === 0 ? 'done' : 'bad' };
  }
  const reason = waiting?.reason ?? 'Pending';
  const before = status?.lastState?.terminated?.exitCode;
  return { text: before === undefined ? reason : `${reason}, after exit code ${before}`, tone: toneOfWaiting(reason) };
}
