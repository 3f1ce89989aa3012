import { Link } from 'wouter-preact';
import type { Circle, Part } from '../model/circle.js';
import { State } from './pieces.js';

type Side = 'kubernetes' | 'framework' | 'mesos';
const sides: Readonly<Record<Side, string>> = { kubernetes: 'Kubernetes', framework: 'Framework', mesos: 'Mesos' };

/** The cluster as a picture: the circle in which a pod without a node becomes a task, and the task a pod that runs. */
export function Topology({ apiServer, scheduler, master, agents, executors, pods }: Circle) {
  return (
    <section aria-label="Topology" class="topology">
      <Box area="api" side="kubernetes" part={apiServer} />
      <Flow area="l1" there="pods without a node" />
      <Box area="scheduler" side="framework" part={scheduler} />
      <Flow area="l2" there="tasks" back="offers" />
      <Box area="master" side="mesos" part={master} />
      <Flow area="l3" there="tasks" back="free resources" />
      <Box area="agents" side="mesos" part={agents} />
      <Flow area="l4" there="tasks" />
      <Box area="executors" side="framework" part={executors} />
      <Flow area="l5" there="bindings, status" />
      <Box area="pods" side="kubernetes" part={pods} />
      <Flow area="l6" there="stored" back="watched" />
    </section>
  );
}

function Box({ area, side, part: { name, tone, told, href } }: { area: string; side: Side; part: Part }) {
  return (
    <div class={`box ${area} ${side} ${tone}`}>
      <span class="side">{sides[side]}</span>
      <p class="name">
        <State tone={tone}>
          <Link href={href}>{name}</Link>
        </State>
      </p>
      <p>{told}</p>
    </div>
  );
}

/** What goes from one box to the next, and what comes back. */
function Flow({ area, there, back }: { area: string; there: string; back?: string }) {
  return (
    <div class={`flow ${area}`} aria-hidden="true">
      <span class="there">{there}</span>
      {back !== undefined && <span class="back">{back}</span>}
    </div>
  );
}
