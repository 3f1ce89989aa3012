import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { AgentView } from '../../mesos-view.js';
import { now } from '../data/clock.js';
import { useCollection } from '../data/collection.js';
import { useMesos } from '../data/mesos.js';
import { sourceOf } from '../data/problem.js';
import { useReadiness } from '../data/readiness.js';
import { circleOf, countPods } from '../model/circle.js';
import { lastOf } from '../model/event.js';
import { count, plural } from '../model/format.js';
import { servicesOf } from '../model/health.js';
import { holdersOf, holdingsOf, type Holding } from '../model/holding.js';
import { aboutOf, deploymentKind, eventKind, nodeKind, podKind } from '../model/kinds.js';
import { hrefOfAgent } from '../model/href.js';
import { AgentCard, Legend } from '../view/agent-card.js';
import { CellView, Notice, Section, State } from '../view/pieces.js';
import { Age } from '../view/time.js';
import { Topology } from '../view/topology.js';

/** Above so many agents each is a tile instead of a card. */
const CARDS = 48;
const nothing: Holding = { tasks: [], executors: [] };

/** The cluster as a picture: who talks to whom, and who holds what on which agent. */
export function OverviewPage() {
  const mesos = useMesos();
  const { problem } = useCollection(podKind.collection);
  const { agents, frameworks, tasks, executors, offers } = mesos;
  const holdings = useMemo(() => holdingsOf(tasks, executors), [tasks, executors]);
  return (
    <>
      <header class="page">
        <h1>Overview</h1>
      </header>
      {problem.value && <Notice what="Kubernetes" problem={problem.value} />}
      {mesos.problem.value && <Notice what="Mesos" problem={mesos.problem.value} />}
      <Services />
      <Circle />
      <Section title="Agents" aside={agents.length <= CARDS ? <Legend /> : <TileLegend />}>
        {agents.length === 0 && (
          <p class="empty">{mesos.complete.value ? 'No agent has registered with the master.' : 'Loading…'}</p>
        )}
        {agents.length > CARDS ? (
          <Tiles agents={agents} holdings={holdings} />
        ) : (
          <ul class="cards">
            {agents.map((agent) => (
              <li key={agent.id}>
                <AgentCard
                  agent={agent}
                  holders={holdersOf(agent, holdings.get(agent.id) ?? nothing, frameworks, offers)}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <RecentEvents />
    </>
  );
}

/** The services of the cluster, each with its health in a sign, and in words for who wants to know why. */
function Services() {
  const mesos = useMesos();
  const pods = useCollection(podKind.collection);
  const deployments = useCollection(deploymentKind.collection);
  const services = servicesOf({
    now: now.value,
    kubernetes: {
      problem: pods.problem.value ?? deployments.problem.value,
      complete: pods.complete.value && deployments.complete.value,
    },
    parts: useReadiness(),
    workloads: deployments.all,
    mesos: { ...sourceOf(mesos), version: mesos.version },
    frameworks: mesos.frameworks,
    agents: mesos.agents,
  });
  return (
    <section aria-label="Services">
      <ul class="services">
        {services.map(({ name, tone, told, href }) => (
          <li key={name} class={tone} title={told}>
            <State tone={tone}>
              {href === undefined ? name : <Link href={href}>{name}</Link>}
              <span class={tone === 'bad' ? 'quiet' : 'hidden'}> {told}</span>
            </State>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Circle() {
  const mesos = useMesos();
  const pods = useCollection(podKind.collection);
  const nodes = useCollection(nodeKind.collection);
  const { all } = pods;
  const counts = useMemo(() => countPods(all), [all]);
  const { agents, frameworks, executors, offers, live } = mesos;
  return (
    <Topology
      {...circleOf({
        pods: { ...sourceOf(pods), ...counts },
        nodes: { ...sourceOf(nodes), all: nodes.all.length },
        mesos: { ...sourceOf(mesos), agents, frameworks, executors, offers, live },
      })}
    />
  );
}

function TileLegend() {
  return (
    <p class="legend quiet">
      A tile an agent: the darker, the more of its CPU is held; <span class="swatch tile bad" /> not active
    </p>
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
              href={hrefOfAgent(id)}
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
    <Section title="Latest events" aside={<Link href="/events">All events</Link>}>
      {latest.length === 0 && <p class="quiet">None yet.</p>}
      <ul class="feed">
        {latest.map((event) => (
          <li key={event.metadata.uid ?? event.metadata.name}>
            <span class="quiet when">
              <Age time={lastOf(event)} />
            </span>
            <strong class={event.type === 'Warning' ? 'bad' : ''}>{event.reason}</strong>
            <span>
              <CellView cell={aboutOf(event)} />: {event.message}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
