import { Link } from 'wouter-preact';
import type { FrameworkView } from '../../mesos-view.js';
import { useMesos } from '../data/mesos.js';
import { useNames } from '../data/names.js';
import { cores, count, megabytes, plural, processors } from '../model/format.js';
import { hrefOfAgent, hrefOfFramework } from '../model/href.js';
import { amountColumn, textColumn } from '../view/column.js';
import { Detail } from '../view/detail.js';
import { Listing } from '../view/listing.js';
import { Facts, PlainTable, Section, State } from '../view/pieces.js';
import type { TableColumn } from '../view/table.js';
import { When } from '../view/time.js';

function FrameworkState({ framework: { connected, active } }: { framework: FrameworkView }) {
  return (
    <State tone={connected && active ? 'good' : 'bad'}>
      {connected ? (active ? 'Active' : 'Not active') : 'Not connected'}
    </State>
  );
}

const columns: TableColumn<FrameworkView>[] = [
  textColumn('Framework', 2, ({ name }) => name),
  {
    title: 'State',
    width: 1.5,
    cell: (framework) => <FrameworkState framework={framework} />,
    sort: ({ connected }) => (connected ? 1 : 0),
  },
  textColumn('Roles', 1.5, ({ roles }) => roles.join(', ')),
  amountColumn('Offers', ({ offers }) => offers.length, count),
  amountColumn('CPU held', ({ allocated }) => allocated.cpus, processors),
  amountColumn('Memory held', ({ allocated }) => allocated.mem, megabytes),
  textColumn('Id', 3, ({ id }) => id),
];

export function FrameworksPage() {
  const mesos = useMesos();
  return (
    <Listing
      title="Frameworks"
      one="framework"
      source={mesos}
      of="Mesos"
      items={mesos.frameworks}
      columns={columns}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => hrefOfFramework(id)}
      as={({ id, name }) => ({ metadata: { name: `${id} ${name}` } })}
      empty="No framework has subscribed."
    />
  );
}

export function FrameworkPage({ id }: { id: string }) {
  const mesos = useMesos();
  const { frameworks, tasks, executors } = mesos;
  const names = useNames();
  const framework = frameworks.find((one) => one.id === id);
  const mine = tasks.filter((task) => task.framework === id);
  const live = mine.filter(({ over }) => !over).length;
  return (
    <Detail
      list={{ href: '/mesos/frameworks', title: 'Frameworks' }}
      name={framework?.name ?? id}
      source={mesos}
      of="Mesos"
      unknown="The master knows no such framework: it has gone."
    >
      {framework && (
        <>
          <header class="page">
            <h1>{framework.name}</h1>
            <FrameworkState framework={framework} />
          </header>
          <Facts
            facts={[
              ['Id', framework.id],
              ['Roles', framework.roles.join(', ')],
              ['User', framework.user],
              ['Principal', framework.principal],
              ['Registered', framework.since && <When time={framework.since} />],
              ['Tasks', `${plural(live, 'task')} live, ${count(mine.length - live)} ended`],
              ['Executors', count(executors.filter((executor) => executor.framework === id).length)],
              ['Holds', `${cores(framework.allocated.cpus)}, ${megabytes(framework.allocated.mem)}`],
            ]}
          />
          <Section title="On offer to it">
            <PlainTable
              empty="Nothing at the moment."
              titles={['Agent', 'CPU', 'Memory', 'Ports']}
              rows={framework.offers.map(({ id: offer, agent, resources }) => ({
                key: offer,
                cells: [
                  <Link href={hrefOfAgent(agent)}>{names.agent(agent)}</Link>,
                  processors(resources.cpus),
                  megabytes(resources.mem),
                  resources.portRanges,
                ],
              }))}
            />
          </Section>
        </>
      )}
    </Detail>
  );
}
