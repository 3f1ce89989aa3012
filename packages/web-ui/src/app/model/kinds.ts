import type { Event, Node, Service } from '@kmd/kube-client';
import type { KubeObject } from '../data/collection.js';
import { lastOf } from './event.js';
import { age } from './format.js';
import { ageColumn, define, type Cell, type Column, type Kind } from './kind.js';
import { hrefOf, hrefOfNode } from './href.js';
import { stateOf, type Pod } from './pod.js';

interface Scaled extends KubeObject {
  spec?: { replicas?: number; completions?: number; schedule?: string; suspend?: boolean };
  status?: {
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    desiredNumberScheduled?: number;
    numberReady?: number;
    observedGeneration?: number;
    succeeded?: number;
    failed?: number;
    active?: number | unknown[];
    lastScheduleTime?: string;
  };
}

const readiness = (ready: number, wanted: number): Cell => ({
  text: `${ready}/${wanted}`,
  tone: ready >= wanted ? 'good' : 'busy',
});

const replicas: Column<Scaled> = {
  title: 'Ready',
  width: 1,
  number: true,
  cell: ({ spec, status }) => readiness(status?.readyReplicas ?? 0, spec?.replicas ?? 1),
  sort: ({ status }) => status?.readyReplicas ?? 0,
};

const workload = (
  id: string,
  title: string,
  one: string,
  rest: Partial<Kind<Scaled>> & Pick<Kind<Scaled>, 'columns'>,
): Kind<Scaled> =>
  define<Scaled>({ id, title, one, group: 'Workloads', api: 'apis/apps/v1', namespaced: true, ...rest });

/** Where a pod is, or is to be. */
export const nodeOf = ({ spec }: Pod): Cell | string =>
  spec?.nodeName ? { text: spec.nodeName, href: hrefOfNode(spec.nodeName) } : '(none yet)';

export const podKind = define<Pod>({
  id: 'pods',
  title: 'Pods',
  one: 'Pod',
  group: 'Kubernetes',
  api: 'api/v1',
  namespaced: true,
  columns: [
    {
      title: 'Status',
      width: 2.5,
      cell: (pod) => stateOf(pod),
      sort: (pod) => stateOf(pod).text,
    },
    {
      title: 'Ready',
      width: 1,
      number: true,
      cell: (pod) => {
        const { ready, containers } = stateOf(pod);
        return `${ready}/${containers}`;
      },
    },
    {
      title: 'Restarts',
      width: 1.2,
      number: true,
      cell: (pod) => String(stateOf(pod).restarts),
      sort: (pod) => stateOf(pod).restarts,
    },
    {
      title: 'Node',
      width: 2,
      cell: nodeOf,
    },
    ageColumn(),
  ],
});

export const nodeKind = define<Node & KubeObject>({
  id: 'nodes',
  title: 'Nodes',
  one: 'Node',
  group: 'Kubernetes',
  api: 'api/v1',
  namespaced: false,
  columns: [
    {
      title: 'Status',
      width: 2,
      cell: ({ spec, status }) => {
        const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
        const text = ready === 'True' ? 'Ready' : ready === 'False' ? 'Not ready' : 'Unknown';
        return { text: spec?.unschedulable ? `${text}, cordoned` : text, tone: ready === 'True' ? 'good' : 'bad' };
      },
    },
    { title: 'CPU', width: 1, number: true, cell: ({ status }) => status?.capacity?.['cpu'] ?? '' },
    { title: 'Memory', width: 1, number: true, cell: ({ status }) => status?.capacity?.['memory'] ?? '' },
    { title: 'Version', width: 2, cell: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
    ageColumn(),
  ],
});

export const eventKind = define<Event & KubeObject>({
  id: 'events',
  title: 'Events',
  one: 'Event',
  group: 'Kubernetes',
  api: 'api/v1',
  namespaced: true,
  order: 'Last',
  naming: { title: 'Reason', width: 2, cell: ({ reason = '' }) => reason },
  columns: [
    { title: 'Type', width: 1.2, cell: ({ type = '' }) => ({ text: type, tone: type === 'Warning' ? 'bad' : 'idle' }) },
    {
      title: 'About',
      width: 3,
      cell: aboutOf,
    },
    { title: 'Message', width: 5, cell: ({ message = '' }) => message },
    {
      title: 'Count',
      width: 0.8,
      number: true,
      cell: ({ count }) => String(count ?? 1),
      sort: ({ count }) => count ?? 1,
    },
    {
      title: 'Last',
      width: 0.8,
      number: true,
      cell: (event, now) => age(now - (lastOf(event) ?? now)),
      sort: (event) => -(lastOf(event) ?? 0),
    },
  ],
});

/** What an event is about. */
export function aboutOf({ involvedObject: { kind = '', name = '', namespace = '' } }: Event): Cell {
  const known = kinds.find(({ one }) => one === kind);
  const text = `${kind} ${name}`;
  return known ? { text, href: hrefOf(known, { metadata: { namespace, name } }) } : { text };
}

/** `80:30080/TCP, 443/TCP`: as kubectl prints them. */
export const servicePorts = ({ spec }: Pick<Service, 'spec'>): string =>
  (spec?.ports ?? [])
    .map(({ port, protocol = 'TCP', nodePort }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
    .join(', ');

const serviceKind = define<Service & KubeObject>({
  id: 'services',
  title: 'Services',
  one: 'Service',
  group: 'Kubernetes',
  api: 'api/v1',
  namespaced: true,
  columns: [
    { title: 'Type', width: 1, cell: ({ spec }) => spec?.type ?? 'ClusterIP' },
    { title: 'Address', width: 1.5, cell: ({ spec }) => spec?.clusterIP ?? '' },
    {
      title: 'Ports',
      width: 2,
      cell: servicePorts,
    },
    ageColumn(),
  ],
});

export const namespaceKind = define<KubeObject & { status?: { phase?: string } }>({
  id: 'namespaces',
  title: 'Namespaces',
  one: 'Namespace',
  group: 'Kubernetes',
  api: 'api/v1',
  namespaced: false,
  columns: [
    {
      title: 'Status',
      width: 2,
      cell: ({ status }) => ({ text: status?.phase ?? '', tone: status?.phase === 'Active' ? 'good' : 'busy' }),
    },
    ageColumn(),
  ],
});

export const deploymentKind = workload('deployments', 'Deployments', 'Deployment', {
  scales: true,
  restarts: true,
  columns: [replicas, ageColumn()],
});

export const replicaSetKind = workload('replicasets', 'Replica sets', 'ReplicaSet', {
  scales: true,
  columns: [replicas, ageColumn()],
});

export const jobKind = workload('jobs', 'Jobs', 'Job', {
  api: 'apis/batch/v1',
  columns: [
    {
      title: 'Completed',
      width: 1,
      number: true,
      cell: ({ spec, status }) => readiness(status?.succeeded ?? 0, spec?.completions ?? 1),
    },
    { title: 'Failed', width: 1, number: true, cell: ({ status }) => String(status?.failed ?? 0) },
    ageColumn(),
  ],
});

/** Everything that the page lists, in the order of its menu. */
export const kinds = [
  podKind,
  deploymentKind,
  replicaSetKind,
  workload('statefulsets', 'Stateful sets', 'StatefulSet', {
    scales: true,
    restarts: true,
    columns: [replicas, ageColumn()],
  }),
  workload('daemonsets', 'Daemon sets', 'DaemonSet', {
    restarts: true,
    columns: [
      {
        title: 'Ready',
        width: 1,
        number: true,
        cell: ({ status }) => readiness(status?.numberReady ?? 0, status?.desiredNumberScheduled ?? 0),
      },
      ageColumn(),
    ],
  }),
  workload('replicationcontrollers', 'Replication controllers', 'ReplicationController', {
    api: 'api/v1',
    scales: true,
    columns: [replicas, ageColumn()],
  }),
  jobKind,
  workload('cronjobs', 'Cron jobs', 'CronJob', {
    api: 'apis/batch/v1',
    columns: [
      { title: 'Schedule', width: 1, cell: ({ spec }) => spec?.schedule ?? '' },
      { title: 'Suspended', width: 1, cell: ({ spec }) => (spec?.suspend ? 'yes' : 'no') },
      ageColumn(),
    ],
  }),
  serviceKind,
  nodeKind,
  namespaceKind,
  eventKind,
] as unknown as readonly Kind[];

export const kindOf = (id: string): Kind | undefined => kinds.find((kind) => kind.id === id);
