import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { AgentView, FrameworkView, OfferView, RoleView, TaskView } from '../../mesos-view.js';
import { now } from '../data/clock.js';
import { useCollection, type KubeObject } from '../data/collection.js';
import { useMesos } from '../data/mesos.js';
import { TASK_ID } from '../model/annotations.js';
import { age, cores, dateOf, megabytes, plural, timeOf } from '../model/format.js';
import { holdersOf, holdingsOf } from '../model/holding.js';
import { hrefOf, podKind } from '../model/kinds.js';
import type { Tone } from '../model/pod.js';
import { readSearch, search } from '../view/filter.js';
import { Facts, Notice, PlainTable, State } from '../view/pieces.js';
import { Table, type TableColumn } from '../view/table.js';
import { AgentCard } from '../view/agent-card.js';

const toneOf = (state: string): Tone =>
  state === 'TASK_RUNNING'
    ? 'good'
    : state === 'TASK_FINISHED' || state === 'TASK_KILLED'
      ? 'done'
      : state === 'TASK_STAGING' || state === 'TASK_STARTING' || state === 'TASK_KILLING'
        ? 'busy'
        : 'bad';

const text = <T,>(title: string, width: number, read: (item: T) => string): TableColumn<T> => ({
  title,
  width,
  cell: (item) => <span title={read(item)}>{read(item)}</span>,
  sort: read,
});
const amount = <T,>(title: string, read: (item: T) => number, print: (value: number) => string): TableColumn<T> => ({
  title,
  width: 1,
  number: true,
  cell: (item) => print(read(item)),
  sort: read,
});

/** Names of agents and frameworks in place of their ids. */
function useNames(): { agent: (id: string) => string; framework: (id: string) => string } {
  const { agents, frameworks } = useMesos();
  return useMemo(() => {
    const hosts = new Map(agents.map(({ id, hostname }) => [id, hostname]));
    const names = new Map(frameworks.map(({ id, name }) => [id, name]));
    return { agent: (id) => hosts.get(id) ?? id, framework: (id) => names.get(id) ?? id };
  }, [agents, frameworks]);
}

function Page<T>(props: {
  title: string;
  one: string;
  items: readonly T[];
  columns: readonly TableColumn<T>[];
  keyOf: (item: T) => string;
  hrefOf?: (item: T) => string;
  /** What the search looks at. */
  as: (item: T) => KubeObject;
  empty: string;
}) {
  const { problem, complete } = useMesos();
  const test = readSearch(search.value);
  const items = search.value === '' ? props.items : props.items.filter((item) => test(props.as(item)));
  return (
    <>
      <header class="page">
        <h1>{props.title}</h1>
        <p class="quiet" role="status">
          {complete.value ? plural(items.length, props.one) : 'Loading…'}
        </p>
      </header>
      {problem.value && <Notice what="Mesos" problem={problem.value} />}
      <Table
        label={props.title}
        items={items}
        columns={props.columns}
        keyOf={props.keyOf}
        hrefOf={props.hrefOf ?? (() => undefined)}
        empty={!complete.value ? 'Loading…' : search.value === '' ? props.empty : 'Nothing matches the search.'}
      />
    </>
  );
}

const named = (name: string): KubeObject => ({ metadata: { name } });

export function TasksPage() {
  const { tasks } = useMesos();
  const names = useNames();
  const columns = useMemo(
    (): TableColumn<TaskView>[] => [
      text('Task', 3, ({ id }) => id),
      text('Name', 3, ({ name }) => name),
      {
        title: 'State',
        width: 1.5,
        cell: ({ state }) => <State tone={toneOf(state)}>{state}</State>,
        sort: ({ state }) => state,
      },
      text('Agent', 1.5, ({ agent }) => names.agent(agent)),
      text('Framework', 1.5, ({ framework }) => names.framework(framework)),
      amount('CPU', ({ resources }) => resources.cpus, cores),
      amount('Memory', ({ resources }) => resources.mem, megabytes),
    ],
    [names],
  );
  return (
    <Page
      title="Tasks"
      one="task"
      items={tasks}
      columns={columns}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => `/mesos/tasks/${id}`}
      as={({ id, name }) => named(`${id} ${name}`)}
      empty="No framework has launched a task."
    />
  );
}

export function AgentsPage() {
  const { agents } = useMesos();
  const columns = useMemo(
    (): TableColumn<AgentView>[] => [
      text('Agent', 3, ({ hostname }) => hostname),
      {
        title: 'State',
        width: 1.5,
        cell: ({ active }) => <State tone={active ? 'good' : 'bad'}>{active ? 'Active' : 'Not active'}</State>,
        sort: ({ active }) => (active ? 1 : 0),
      },
      amount('CPU held', ({ allocated }) => allocated.cpus, cores),
      amount('CPU in all', ({ total }) => total.cpus, cores),
      amount('Memory held', ({ allocated }) => allocated.mem, megabytes),
      amount('Memory in all', ({ total }) => total.mem, megabytes),
      text('Attributes', 2, ({ attributes }) =>
        Object.entries(attributes)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
      ),
    ],
    [],
  );
  return (
    <Page
      title="Agents"
      one="agent"
      items={agents}
      columns={columns}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => `/mesos/agents/${id}`}
      as={({ hostname, attributes }) => ({ metadata: { name: hostname, labels: attributes } })}
      empty="No agent has registered with the master."
    />
  );
}

export function OffersPage() {
  const { offers } = useMesos();
  const names = useNames();
  const columns = useMemo(
    (): TableColumn<OfferView>[] => [
      text('Offer', 3, ({ id }) => id),
      text('To', 1.5, ({ framework }) => names.framework(framework)),
      text('Agent', 1.5, ({ agent }) => names.agent(agent)),
      text('Role', 1, ({ role }) => role),
      amount('CPU', ({ resources }) => resources.cpus, cores),
      amount('Memory', ({ resources }) => resources.mem, megabytes),
      text('Ports', 2, ({ resources }) => resources.portRanges),
    ],
    [names],
  );
  return (
    <Page
      title="Offers"
      one="offer"
      items={offers}
      columns={columns}
      keyOf={({ id }) => id}
      as={({ id }) => named(id)}
      empty="Nothing is on offer: frameworks have taken or declined everything."
    />
  );
}

export function FrameworksPage() {
  const { frameworks } = useMesos();
  const columns = useMemo(
    (): TableColumn<FrameworkView>[] => [
      text('Framework', 2, ({ name }) => name),
      text('Id', 3, ({ id }) => id),
      {
        title: 'State',
        width: 1.5,
        cell: ({ connected, active }) => (
          <State tone={connected && active ? 'good' : 'bad'}>
            {connected ? (active ? 'Active' : 'Not active') : 'Not connected'}
          </State>
        ),
        sort: ({ connected }) => (connected ? 1 : 0),
      },
      text('Roles', 1.5, ({ roles }) => roles.join(', ')),
      amount('Offers', ({ offers }) => offers.length, String),
      amount('CPU held', ({ allocated }) => allocated.cpus, cores),
      amount('Memory held', ({ allocated }) => allocated.mem, megabytes),
    ],
    [],
  );
  return (
    <Page
      title="Frameworks"
      one="framework"
      items={frameworks}
      columns={columns}
      keyOf={({ id }) => id}
      as={({ id, name }) => named(`${id} ${name}`)}
      empty="No framework has subscribed."
    />
  );
}

export function RolesPage() {
  const { roles } = useMesos();
  const columns = useMemo(
    (): TableColumn<RoleView>[] => [
      text('Role', 3, ({ name }) => name),
      amount('Weight', ({ weight }) => weight, String),
      amount('Frameworks', ({ frameworks }) => frameworks.length, String),
      amount('CPU held', ({ allocated }) => allocated.cpus, cores),
      amount('Memory held', ({ allocated }) => allocated.mem, megabytes),
    ],
    [],
  );
  return (
    <Page
      title="Roles"
      one="role"
      items={roles}
      columns={columns}
      keyOf={({ name }) => name}
      as={({ name }) => named(name)}
      empty="No role is in use."
    />
  );
}

export function TaskPage({ id }: { id: string }) {
  const mesos = useMesos();
  const names = useNames();
  const pods = useCollection(podKind.collection);
  const task = mesos.task(id);
  const pod = pods.all.find(({ metadata }) => metadata?.annotations?.[TASK_ID] === id);
  return (
    <>
      <Trail of="tasks" title="Tasks" name={id} />
      {mesos.problem.value && <Notice what="Mesos" problem={mesos.problem.value} />}
      {task === undefined ? (
        <p class="empty" role="status">
          {mesos.complete.value ? 'The master knows no such task.' : 'Loading…'}
        </p>
      ) : (
        <>
          <header class="page">
            <h1>{task.name}</h1>
            <State tone={toneOf(task.state)}>{task.state}</State>
          </header>
          <Facts
            facts={[
              [
                'Pod',
                pod ? (
                  <Link
                    href={hrefOf(podKind, pod)}
                  >{`${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''}`}</Link>
                ) : (
                  '(none)'
                ),
              ],
              ['Task id', task.id],
              ['Framework', names.framework(task.framework)],
              ['Agent', <Link href={`/mesos/agents/${task.agent}`}>{names.agent(task.agent)}</Link>],
              ['Executor', task.executor],
              ['Role', task.role],
              [
                'Resources',
                [
                  cores(task.resources.cpus),
                  megabytes(task.resources.mem),
                  ...(task.resources.ports > 0 ? [`ports ${task.resources.portRanges}`] : []),
                ].join(', '),
              ],
            ]}
          />
          <section aria-labelledby="statuses">
            <h2 id="statuses">What its executor, agent and master said</h2>
            <PlainTable
              titles={['Time', 'State', 'From', 'Reason', 'Message']}
              rows={task.statuses.map(({ state, time, source, reason, message }, index) => ({
                key: String(index),
                cells: [
                  time === undefined ? '' : timeOf(time),
                  <State tone={toneOf(state)}>{state}</State>,
                  source,
                  reason,
                  message,
                ],
              }))}
            />
          </section>
        </>
      )}
    </>
  );
}

export function AgentPage({ id }: { id: string }) {
  const mesos = useMesos();
  const { agents, tasks, executors, frameworks, offers } = mesos;
  const agent = agents.find((one) => one.id === id);
  const holding = useMemo(() => holdingsOf(tasks, executors).get(id), [tasks, executors, id]);
  const holders = agent ? holdersOf(agent, holding ?? { tasks: [], executors: [] }, frameworks, offers) : [];
  return (
    <>
      <Trail of="agents" title="Agents" name={agent?.hostname ?? id} />
      {mesos.problem.value && <Notice what="Mesos" problem={mesos.problem.value} />}
      {agent === undefined ? (
        <p class="empty" role="status">
          {mesos.complete.value ? 'The master knows no such agent: it has gone.' : 'Loading…'}
        </p>
      ) : (
        <>
          <header class="page">
            <h1>{agent.hostname}</h1>
          </header>
          <AgentCard agent={agent} holders={holders} />
          <Facts
            facts={[
              ['Node', <Link href={`/nodes/${agent.hostname}`}>{agent.hostname}</Link>],
              ['Id', agent.id],
              ['Address', agent.address],
              [
                'Registered',
                agent.since === undefined ? '' : `${dateOf(agent.since)} (${age(now.value - agent.since)} ago)`,
              ],
              ['Disk', megabytes(agent.total.disk)],
              ['Ports', agent.total.portRanges],
              ['On offer', plural(offers.filter((offer) => offer.agent === id).length, 'offer')],
            ]}
          />
          <section aria-labelledby="tasks">
            <h2 id="tasks">Tasks</h2>
            {(holding?.tasks ?? []).length === 0 && <p class="quiet">None.</p>}
            <ul class="feed">
              {holding?.tasks.map((task) => (
                <li key={task.id}>
                  <State tone={toneOf(task.state)}>
                    <Link href={`/mesos/tasks/${task.id}`}>{task.name}</Link>
                  </State>{' '}
                  <span class="quiet">
                    {cores(task.resources.cpus)}, {megabytes(task.resources.mem)}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </>
  );
}

function Trail({ of, title, name }: { of: string; title: string; name: string }) {
  return (
    <nav aria-label="Where you are" class="trail">
      <Link href={`/mesos/${of}`}>{title}</Link> / <span aria-current="page">{name}</span>
    </nav>
  );
}
