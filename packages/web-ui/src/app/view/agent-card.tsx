import { Link } from 'wouter-preact';
import type { AgentView } from '../../mesos-view.js';
import { plural } from '../model/format.js';
import { measures, type Holder } from '../model/holding.js';
import { hrefOfAgent } from '../model/href.js';
import { Bar } from './bar.js';
import { State } from './pieces.js';

/** One agent: a bar of each resource, and what runs there. */
export function AgentCard({ agent, holders }: { agent: AgentView; holders: readonly Holder[] }) {
  const number = (kind: Holder['kind']): number => holders.filter((holder) => holder.kind === kind).length;
  return (
    <article class="card">
      <h3>
        <State tone={agent.active ? 'good' : 'bad'}>
          <Link href={hrefOfAgent(agent.id)}>{agent.hostname}</Link>
        </State>
        <span class="quiet">
          {plural(number('task'), 'task')}
          {agent.active ? '' : ', not active'}
        </span>
      </h3>
      <AgentBars agent={agent} holders={holders} />
    </article>
  );
}

/** A bar of each resource of an agent. */
export function AgentBars({ agent, holders }: { agent: AgentView; holders: readonly Holder[] }) {
  return (
    <>
      {measures.map((measure) => (
        <Bar key={measure} measure={measure} total={agent.total[measure]} holders={holders} />
      ))}
    </>
  );
}

/** What the colours of bars mean. */
export function Legend() {
  return (
    <p class="legend quiet">
      <span class="swatch task" /> tasks <span class="swatch executor" /> executors <span class="swatch offer" /> on
      offer <span class="swatch free" /> free
    </p>
  );
}
