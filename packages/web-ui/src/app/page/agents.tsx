import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { AgentView } from '../../mesos-view.js';
import { useMesos } from '../data/mesos.js';
import { megabytes, processors } from '../model/format.js';
import { holdersOf, holdingsOf, type Holder } from '../model/holding.js';
import { hrefOfAgent, hrefOfNode } from '../model/href.js';
import { AgentBars, Legend } from '../view/agent-card.js';
import { amountColumn, textColumn } from '../view/column.js';
import { Detail } from '../view/detail.js';
import { Listing } from '../view/listing.js';
import { Facts, PlainTable, Section, State } from '../view/pieces.js';
import type { TableColumn } from '../view/table.js';
import { When } from '../view/time.js';

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
  const mesos = useMesos();
  return (
    <Listing
      title="Agents"
      one="agent"
      source={mesos}
      of="Mesos"
      items={mesos.agents}
      columns={columns}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => hrefOfAgent(id)}
      as={({ hostname, attributes }) => ({ metadata: { name: hostname, labels: attributes } })}
      empty="No agent has registered with the master."
    />
  );
}

export function AgentPage({ id }: { id: string }) {
  const mesos = useMesos();
  const { tasks, executors, frameworks, offers } = mesos;
  const agent = mesos.agent(id);
  const holding = useMemo(() => holdingsOf(tasks, executors).get(id), [tasks, executors, id]);
  const holders = agent ? holdersOf(agent, holding ?? { tasks: [], executors: [] }, frameworks, offers) : [];
  return (
    <Detail
      list={{ href: '/mesos/agents', title: 'Agents' }}
      name={agent?.hostname ?? id}
      source={mesos}
      of="Mesos"
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
          <Section title="Who holds what" aside={<Legend />}>
            <Holders holders={holders} />
          </Section>
          <Section title="Facts">
            <Facts
              facts={[
                ['Node', <Link href={hrefOfNode(agent.hostname)}>{agent.hostname}</Link>],
                ['Id', agent.id],
                ['Address', agent.address],
                ['Registered', agent.since && <When time={agent.since} />],
                ['Attributes', attributesOf(agent.attributes)],
                ['Disk', megabytes(agent.total.disk)],
                ['Ports', agent.total.portRanges],
              ]}
            />
          </Section>
        </>
      )}
    </Detail>
  );
}

function Holders({ holders }: { holders: readonly Holder[] }) {
  return (
    <PlainTable
      empty="Nobody holds anything, and nothing is on offer."
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
