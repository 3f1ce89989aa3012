import type { AgentView, FrameworkView } from '../../mesos-view.js';
import type { KubeObject } from '../data/collection.js';
import type { Source } from '../data/problem.js';
import { instant, plural } from './format.js';
import type { Tone } from './pod.js';

export interface Service {
  name: string;
  tone: Tone;
  /** What its health is concluded from. */
  told: string;
  href?: string;
}

export interface Known {
  now: number;
  kubernetes: Source;
  /** The API server's parts that are ready or not. */
  parts: ReadonlyMap<string, boolean>;
  workloads: readonly Workload[];
  mesos: Source & { version: string };
  frameworks: readonly FrameworkView[];
  agents: readonly AgentView[];
}

export interface Workload extends KubeObject {
  spec?: { replicas?: number };
  status?: { readyReplicas?: number; observedGeneration?: number };
}

/** A controller that has not seen a change after so many milliseconds has stopped. */
const SEEN = 10_000;
const SYSTEM = 'kube-system';

/** The services of the cluster, each with what the page itself has seen of it: none is asked for its own opinion of itself if that can be had otherwise. */
export function servicesOf(known: Known): Service[] {
  const { kubernetes, mesos, agents, frameworks } = known;
  const active = agents.filter((agent) => agent.active).length;
  const scheduler = kubernetesOf(frameworks);
  const services: Service[] = [
    { name: 'API server', ...sourceHealth(kubernetes, 'answers; its watches are open') },
    { name: 'Store', ...storeHealth(known) },
    { name: 'Controllers', ...controllerHealth(known) },
    {
      name: 'Scheduler',
      href: '/mesos/frameworks',
      tone: scheduler?.connected ? 'good' : mesos.complete ? 'bad' : 'busy',
      told: scheduler?.connected
        ? `subscribed as framework ${scheduler.name}`
        : mesos.complete
          ? 'is not subscribed at the master'
          : 'not known yet',
    },
    { name: 'Mesos master', href: '/mesos/offers', ...sourceHealth(mesos, `answers; Mesos ${mesos.version}`) },
    {
      name: 'Agents',
      href: '/mesos/agents',
      tone: !mesos.complete ? 'busy' : active > 0 && active === agents.length ? 'good' : 'bad',
      told: mesos.complete ? `${active} of ${agents.length} active` : 'not known yet',
    },
  ];
  return [...services, ...addonsOf(known)];
}

/** The framework that runs pods. */
export const kubernetesOf = (frameworks: readonly FrameworkView[]): FrameworkView | undefined =>
  frameworks.find(({ name }) => name === 'Kubernetes') ?? frameworks[0];

const sourceHealth = (source: Source, well: string): Pick<Service, 'tone' | 'told'> => {
  const told = source.problem?.message ?? (source.complete ? well : 'not known yet');
  return { tone: toneOfSource(source), told };
};

/** Who answers that somebody may not see something is well; what he has is not known then. */
export function toneOfSource({ problem, complete }: Source): Tone {
  if (problem) return problem.kind === 'unreachable' || problem.kind === 'failed' ? 'bad' : 'busy';
  return complete ? 'good' : 'busy';
}

function storeHealth({ parts, kubernetes }: Known): Pick<Service, 'tone' | 'told'> {
  const [name, ready] = [...parts].find(([part]) => part === 'etcd' || part === 'storage') ?? [];
  if (kubernetes.problem || name === undefined)
    return { tone: 'busy', told: 'not known: the API server does not tell' };
  return { tone: ready ? 'good' : 'bad', told: `the API server says that ${name} is ${ready ? 'ready' : 'not ready'}` };
}

function controllerHealth({ workloads, kubernetes, now }: Known): Pick<Service, 'tone' | 'told'> {
  if (kubernetes.problem || !kubernetes.complete) return { tone: 'busy', told: 'not known' };
  const late = workloads.filter(
    ({ metadata, status }) =>
      (metadata?.generation ?? 0) > (status?.observedGeneration ?? 0) && now - changedAt(metadata, now) > SEEN,
  );
  return late.length === 0
    ? { tone: 'good', told: `have seen the newest version of ${plural(workloads.length, 'deployment')}` }
    : { tone: 'bad', told: `have not seen the newest version of ${late[0]?.metadata?.name ?? ''}` };
}

/** When an object was written last. */
const changedAt = ({ creationTimestamp, managedFields = [] }: KubeObject['metadata'] & {} = {}, now: number): number =>
  Math.max(...[creationTimestamp, ...managedFields.map(({ time }) => time)].map((time) => instant(time) ?? 0)) || now;

const addonsOf = ({ workloads }: Known): Service[] =>
  workloads
    .filter(({ metadata }) => metadata?.namespace === SYSTEM)
    .map(({ metadata, spec, status }) => {
      const [ready, wanted] = [status?.readyReplicas ?? 0, spec?.replicas ?? 1];
      const name = metadata?.name ?? '';
      return {
        name,
        href: `/deployments/${SYSTEM}/${name}`,
        tone: ready >= wanted ? 'good' : 'bad',
        told: `add-on, ${ready} of ${plural(wanted, 'pod')} ready`,
      };
    });
