import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { AgentView } from '../../mesos-view.js';
import { now } from '../data/clock.js';
import { useMesos } from '../data/mesos.js';
import { age, dateOf, megabytes, processors } from '../model/format.js';
import { holdersOf, holdingsOf, type Holder } from '../model/holding.js';
import { hrefOfAgent } from '../model/task.js';
import { AgentBars, Legend } from '../view/agent-card.js';
import { amountColumn, MesosDetail, MesosList, textColumn } from '../view/mesos-list.js';
import { Facts, PlainTable, State } from '../view/pieces.js';
import type { TableColumn } from '../view/table.js';

const columns: TableColumn<AgentView>[] = [
  textColumn('Agent', 3, ({ hostname }) => hostname),
  {
    title: 'State',
    width: 1.5,
    cell: ({ active }) => <State tone={active ? 'good' : 'bad'}>{active ? 'Active' : 'Not active'}</State>,
    sort: ({ active }) => (active ? 1 : 0),
  },
  amountColumn('CPU held', ({ allocated }) => allocated.cpus, processors),
  amountColumn('of', ({ total }) => total.cpus, processors),
  amountColumn('Memory held', ({ allocated }) => allocated.mem, megabytes),
  amountColumn('in all', ({ total }) => total.mem, megabytes),
  textColumn('Attributes', 2, ({ attributes }) => attributesOf(attributes)),
];

const attributesOf = (attributes: AgentView['attributes']): string =>
  Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

export function AgentsPage() {
  const { agents } = useMesos();
  return (
    <MesosList
      title="Agents"
      one="agent"
      items={agents}
      columns={columns}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => hrefOfAgent(id)}
      as={({ hostname, attributes }) => ({ metadata: { name: hostname, labels: attributes } })}
      empty="No agent has registered with the master."
    />
  );
}

export function AgentPage({ id }: { id: string }) {
  const { agents, tasks, executors, frameworks, offers } = useMesos();
  const agent = agents.find((one) => one.id === id);
  const holding = useMemo(() => holdingsOf(tasks, executors).get(id), [tasks, executors, id]);
  const holders = agent ? holdersOf(agent, holding ?? { tasks: [], executors: [] }, frameworks, offers) : [];
  return (
    <MesosDetail
      list={{ href: '/mesos/agents', title: 'Agents' }}
      name={agent?.hostname ?? id}
      known={agent !== undefined}
      unknown="The master knows no such agent: it has gone."
    >
      {agent && (
        <>
          <header class="page">
            <h1>{agent.hostname}</h1>
            <State tone={agent.active ? 'good' : 'bad'}>{agent.active ? 'Active' : 'Not active'}</State>
          </header>
          <div class="card">
            <AgentBars agent={agent} holders={holders} />
          </div>
          <section aria-labelledby="holders">
            <header class="page">
              <h2 id="holders">Who holds what</h2>
              <Legend />
            </header>
            {holders.length === 0 && <p class="quiet">Nobody holds anything, and nothing is on offer.</p>}
            {holders.length > 0 && <Holders holders={holders} />}
          </section>
          <section aria-labelledby="facts">
            <h2 id="facts">Facts</h2>
            <Facts
              facts={[
                ['Node', <Link href={`/nodes/${encodeURIComponent(agent.hostname)}`}>{agent.hostname}</Link>],
                ['Id', agent.id],
                ['Address', agent.address],
                [
                  'Registered',
                  agent.since === undefined ? '' : `${dateOf(agent.since)} (${age(now.value - agent.since)} ago)`,
                ],
                ['Attributes', attributesOf(agent.attributes)],
                ['Disk', megabytes(agent.total.disk)],
                ['Ports', agent.total.portRanges],
              ]}
            />
          </section>
        </>
      )}
    </MesosDetail>
  );
}

function Holders({ holders }: { holders: readonly Holder[] }) {
  return (
    <PlainTable
      titles={['Holder', 'CPU', 'Memory', 'Ports']}
      rows={holders.map(({ key, name, kind, resources: { cpus, mem, ports, portRanges }, href }) => ({
        key,
        cells: [
          <>
            <span class={`swatch ${kind}`} /> {href === undefined ? name : <Link href={href}>{name}</Link>}
          </>,
          processors(cpus),
          megabytes(mem),
          portRanges === '' ? String(ports || '') : portRanges,
        ],
      }))}
    />
  );
}
