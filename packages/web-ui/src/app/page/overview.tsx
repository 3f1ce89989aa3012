import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { AgentView, FrameworkView } from '../../mesos-view.js';
import { now } from '../data/clock.js';
import { useCollection } from '../data/collection.js';
import { useMesos } from '../data/mesos.js';
import type { Problem } from '../data/problem.js';
import { age, count, plural } from '../model/format.js';
import { holdingsOf, partsOf, type Holding } from '../model/holding.js';
import { eventKind, lastOf, nodeKind, podKind } from '../model/kinds.js';
import { stateOf, type Tone } from '../model/pod.js';
import { Bar, measures } from '../view/bar.js';
import { Notice, State } from '../view/pieces.js';

/** Above so many agents each is a tile instead of a card. */
const CARDS = 48;

/** The cluster as a picture: who talks to whom, and who holds what on which agent. */
export function OverviewPage() {
  const mesos = useMesos();
  const pods = useCollection(podKind.collection);
  const nodes = useCollection(nodeKind.collection);
  const { agents, frameworks, tasks, executors, offers } = mesos;
  const holdings = useMemo(() => holdingsOf(tasks, executors), [tasks, executors]);
  const kubernetes = frameworks.find(({ name }) => name === 'Kubernetes') ?? frameworks[0];
  const waiting = pods.all.filter(({ spec, status }) => !spec?.nodeName && status?.phase === 'Pending').length;
  const running = pods.all.filter((pod) => stateOf(pod).tone === 'good').length;
  const active = agents.filter((agent) => agent.active).length;
  return (
    <>
      <header class="page">
        <h1>Overview</h1>
      </header>
      {pods.problem.value && <Notice what="Kubernetes" problem={pods.problem.value} />}
      {mesos.problem.value && <Notice what="Mesos" problem={mesos.problem.value} />}
      <section aria-label="Topology" class="topology">
        <div class="side">
          <h2>Kubernetes</h2>
          <Box title="API server" tone={toneOf(pods.problem.value, pods.complete.value)}>
            stores {plural(pods.all.length, 'pod')} on {plural(nodes.all.length, 'node')}
          </Box>
          <Flow down="pods without a node" up="bindings" />
          <Box
            title={kubernetes ? `Scheduler: framework “${kubernetes.name}”` : 'Scheduler'}
            tone={kubernetes ? (kubernetes.connected ? 'good' : 'bad') : mesos.complete.value ? 'bad' : 'busy'}
            href={kubernetes && `/mesos/frameworks`}
          >
            {kubernetes
              ? `${kubernetes.connected ? 'subscribed' : 'not connected'}; ${waiting === 0 ? 'no pod waits' : `${plural(waiting, 'pod')} wait${waiting === 1 ? 's' : ''} for an offer`}`
              : 'no framework is known to Mesos'}
          </Box>
        </div>
        <div class="between" aria-hidden="true">
          <span>offers ←</span>
          <span>→ tasks</span>
        </div>
        <div class="side">
          <h2>Mesos</h2>
          <Box title="Master" tone={toneOf(mesos.problem.value, mesos.complete.value)} href="/mesos/offers">
            {mesos.version === '' ? 'looking for it' : `Mesos ${mesos.version}; ${plural(offers.length, 'offer')} out`}
          </Box>
          <Flow down="tasks" up="resources, status" />
          <Box
            title={plural(agents.length, 'agent')}
            tone={!mesos.complete.value ? 'busy' : active === agents.length && active > 0 ? 'good' : 'bad'}
            href="/mesos/agents"
          >
            {plural(executors.length, 'executor')} run {plural(running, 'pod')}
          </Box>
        </div>
      </section>
      <section aria-labelledby="agents">
        <h2 id="agents">Agents</h2>
        <p class="legend">
          <span class="swatch tasks" /> tasks <span class="swatch executors" /> executors{' '}
          <span class="swatch offered" /> on offer <span class="swatch free" /> free
        </p>
        {agents.length === 0 && (
          <p class="empty">{mesos.complete.value ? 'No agent has registered with the master.' : 'Loading…'}</p>
        )}
        {agents.length > CARDS ? (
          <Tiles agents={agents} holdings={holdings} />
        ) : (
          <ul class="cards">
            {agents.map((agent) => (
              <li key={agent.id}>
                <AgentCard agent={agent} holding={holdings.get(agent.id)} frameworks={frameworks} />
              </li>
            ))}
          </ul>
        )}
      </section>
      <RecentEvents />
    </>
  );
}

const toneOf = (problem: Problem | undefined, complete: boolean): Tone =>
  problem ? 'bad' : complete ? 'good' : 'busy';

function Box(props: { title: string; tone: Tone; href?: string | undefined; children: ComponentChildren }) {
  const { title, tone, href, children } = props;
  return (
    <div class={`box ${tone}`}>
      <h3>
        <State tone={tone}>{href === undefined ? title : <Link href={href}>{title}</Link>}</State>
      </h3>
      <p>{children}</p>
    </div>
  );
}

function Flow({ down, up }: { down: string; up: string }) {
  return (
    <p class="flow" aria-hidden="true">
      <span>↓ {down}</span>
      <span>↑ {up}</span>
    </p>
  );
}

const nothing: Holding = { tasks: [], executors: [] };

export function AgentCard(props: {
  agent: AgentView;
  holding: Holding | undefined;
  frameworks: readonly FrameworkView[];
}) {
  const { agent, holding = nothing, frameworks } = props;
  return (
    <article class="card">
      <h3>
        <State tone={agent.active ? 'good' : 'bad'}>
          <Link href={`/mesos/agents/${agent.id}`}>{agent.hostname}</Link>
        </State>
      </h3>
      {measures.map((measure) => (
        <Bar
          key={measure}
          measure={measure}
          total={agent.total[measure]}
          parts={partsOf(agent, holding, frameworks, measure)}
        />
      ))}
      <p class="quiet">
        {plural(holding.tasks.length, 'task')}
        {holding.executors.length === 0 ? '' : `, ${plural(holding.executors.length, 'executor')}`}
      </p>
    </article>
  );
}

function Tiles({ agents, holdings }: { agents: readonly AgentView[]; holdings: ReadonlyMap<string, Holding> }) {
  return (
    <ul class="tiles">
      {agents.map(({ id, hostname, active, total, allocated }) => {
        const share = total.cpus > 0 ? allocated.cpus / total.cpus : 0;
        const told = `${hostname}: ${count(100 * share)} % of its CPU held, ${plural(holdings.get(id)?.tasks.length ?? 0, 'task')}${active ? '' : ', not active'}`;
        return (
          <li key={id}>
            <Link
              href={`/mesos/agents/${id}`}
              class={`tile fill${Math.min(5, Math.ceil(share * 5))} ${active ? '' : 'bad'}`}
              aria-label={told}
              title={told}
            />
          </li>
        );
      })}
    </ul>
  );
}

function RecentEvents() {
  const { all } = useCollection(eventKind.collection);
  const latest = useMemo(() => [...all].sort((a, b) => (lastOf(b) ?? 0) - (lastOf(a) ?? 0)).slice(0, 8), [all]);
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">
        Latest <Link href="/events">events</Link>
      </h2>
      {latest.length === 0 && <p class="quiet">None yet.</p>}
      <ul class="feed">
        {latest.map((event) => (
          <li key={event.metadata.uid ?? event.metadata.name}>
            <span class="quiet">{age(now.value - (lastOf(event) ?? now.value))}</span>{' '}
            <strong class={event.type === 'Warning' ? 'bad' : ''}>{event.reason}</strong> {event.involvedObject.name}:{' '}
            {event.message}
          </li>
        ))}
      </ul>
    </section>
  );
}
