import { Link } from 'wouter-preact';
import type { FrameworkView } from '../../mesos-view.js';
import { now } from '../data/clock.js';
import { useMesos } from '../data/mesos.js';
import { useNames } from '../data/names.js';
import { age, cores, count, dateOf, megabytes, plural, processors } from '../model/format.js';
import { hrefOfAgent, hrefOfFramework } from '../model/task.js';
import { amountColumn, MesosDetail, MesosList, textColumn } from '../view/mesos-list.js';
import { Facts, PlainTable, State } from '../view/pieces.js';
import type { TableColumn } from '../view/table.js';

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
  const { frameworks } = useMesos();
  return (
    <MesosList
      title="Frameworks"
      one="framework"
      items={frameworks}
      columns={columns}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => hrefOfFramework(id)}
      as={({ id, name }) => ({ metadata: { name: `${id} ${name}` } })}
      empty="No framework has subscribed."
    />
  );
}

export function FrameworkPage({ id }: { id: string }) {
  const { frameworks, tasks, executors } = useMesos();
  const names = useNames();
  const framework = frameworks.find((one) => one.id === id);
  const mine = tasks.filter((task) => task.framework === id);
  const live = mine.filter(({ over }) => !over).length;
  return (
    <MesosDetail
      list={{ href: '/mesos/frameworks', title: 'Frameworks' }}
      name={framework?.name ?? id}
      known={framework !== undefined}
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
              [
                'Registered',
                framework.since === undefined
                  ? ''
                  : `${dateOf(framework.since)} (${age(now.value - framework.since)} ago)`,
              ],
              ['Tasks', `${plural(live, 'task')} live, ${count(mine.length - live)} ended`],
              ['Executors', count(executors.filter((executor) => executor.framework === id).length)],
              ['Holds', `${cores(framework.allocated.cpus)}, ${megabytes(framework.allocated.mem)}`],
            ]}
          />
          <section aria-labelledby="offers">
            <h2 id="offers">On offer to it</h2>
            {framework.offers.length === 0 && <p class="quiet">Nothing at the moment.</p>}
            {framework.offers.length > 0 && (
              <PlainTable
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
            )}
          </section>
        </>
      )}
    </MesosDetail>
  );
}
