import type { AgentView, ExecutorView, FrameworkView, OfferView } from '../../mesos-view.js';
import type { Source } from '../data/problem.js';
import { count, plural } from './format.js';
import { kubernetesOf, toneOfSource } from './health.js';
import { hrefOfFramework } from './href.js';
import { stateOf, type Pod, type Tone } from './pod.js';

/** A part of the picture of the cluster. */
export interface Part {
  name: string;
  tone: Tone;
  /** In numbers, what it has to do. */
  told: string;
  /** A place of this page. */
  href: string;
}

export interface Circle {
  apiServer: Part;
  scheduler: Part;
  master: Part;
  agents: Part;
  executors: Part;
  pods: Part;
}

export interface PodCounts {
  all: number;
  /** Without a node. */
  waiting: number;
  running: number;
  bad: number;
}

export interface CircleSources {
  pods: Source & PodCounts;
  nodes: Source & { all: number };
  mesos: Source & {
    agents: readonly AgentView[];
    frameworks: readonly FrameworkView[];
    executors: readonly ExecutorView[];
    offers: readonly OfferView[];
    /** Tasks that have not ended. */
    live: number;
  };
}

const unknown = ({ problem }: Source): string => (problem ? 'not known' : 'not known yet');
const verb = (value: number, one: string): string => (value === 1 ? `${one}s` : one);

/** The circle in which a pod without a node becomes a task, and the task a pod that runs. What is not known is not told as none. */
export function circleOf({ pods, nodes, mesos }: CircleSources): Circle {
  const { waiting, running, bad } = pods;
  const { agents, frameworks, executors, offers } = mesos;
  const scheduler = kubernetesOf(frameworks);
  const others = frameworks.length - (scheduler ? 1 : 0);
  const active = agents.filter((agent) => agent.active).length;
  const apiTone = toneOfSource(pods);
  const mesosTone = toneOfSource(mesos);
  /** Of what is not as it should be, as far as the master is heard of. */
  const amiss = mesosTone === 'good' ? 'bad' : mesosTone;
  const queue = waiting === 0 ? 'no pod waits' : `${plural(waiting, 'pod')} ${verb(waiting, 'wait')} for an offer`;
  return {
    apiServer: {
      name: 'API server',
      tone: apiTone,
      href: '/pods',
      told: [pods.complete && plural(pods.all, 'pod'), nodes.complete && plural(nodes.all, 'node')]
        .filter((text) => text !== false)
        .join(', '),
    },
    scheduler: {
      name: 'Scheduler',
      tone: scheduler?.connected && mesosTone !== 'bad' ? 'good' : amiss,
      href: scheduler ? hrefOfFramework(scheduler.id) : '/mesos/frameworks',
      told: scheduler
        ? [scheduler.connected ? 'subscribed' : 'not connected', ...(pods.complete ? [queue] : [])].join('; ')
        : mesos.complete
          ? 'no framework has subscribed'
          : unknown(mesos),
    },
    master: {
      name: 'Master',
      tone: mesosTone,
      href: '/mesos/offers',
      told: mesos.complete
        ? [`${plural(offers.length, 'offer')} out`, ...(others === 0 ? [] : [plural(others, 'other framework')])].join(
            '; ',
          )
        : unknown(mesos),
    },
    agents: {
      name: mesos.complete ? plural(agents.length, 'agent') : 'Agents',
      tone: active === agents.length && active > 0 && mesosTone !== 'bad' ? 'good' : amiss,
      href: '/mesos/agents',
      told: !mesos.complete
        ? unknown(mesos)
        : agents.length === 0
          ? 'none has registered'
          : active === agents.length
            ? 'all are active'
            : `${count(active)} active`,
    },
    executors: {
      name: mesos.complete ? plural(executors.length, 'executor') : 'Executors',
      tone: mesosTone,
      href: '/mesos/tasks',
      told: mesos.complete ? `${verb(executors.length, 'run')} ${plural(mesos.live, 'task')}` : unknown(mesos),
    },
    pods: {
      name: pods.complete ? `${plural(running, 'pod')} ${verb(running, 'run')}` : 'Pods',
      tone: apiTone !== 'good' ? apiTone : bad > 0 ? 'bad' : waiting > 0 ? 'busy' : 'good',
      href: '/pods',
      told: !pods.complete ? unknown(pods) : bad > 0 ? `${count(bad)} in trouble` : `${count(waiting)} waiting`,
    },
  };
}

export function countPods(pods: readonly Pod[]): PodCounts {
  const found = { all: pods.length, waiting: 0, running: 0, bad: 0 };
  for (const pod of pods) {
    const { tone } = stateOf(pod);
    if (tone === 'good') found.running += 1;
    else if (tone === 'bad') found.bad += 1;
    else if (!pod.spec?.nodeName && pod.status?.phase === 'Pending') found.waiting += 1;
  }
  return found;
}
