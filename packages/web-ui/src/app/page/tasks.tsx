import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { keyOfTask, type TaskView } from '../../mesos-view.js';
import { useCollection } from '../data/collection.js';
import { useMesos } from '../data/mesos.js';
import { useNames } from '../data/names.js';
import { TASK_ID } from '../model/annotations.js';
import { cores, megabytes, preciseTimeOf, processors } from '../model/format.js';
import { hrefOf, hrefOfAgent, hrefOfFramework, hrefOfTask } from '../model/href.js';
import { podKind } from '../model/kinds.js';
import { podOf, toneOfTask } from '../model/task.js';
import { agentColumn, amountColumn, frameworkColumn, linkColumn, textColumn } from '../view/column.js';
import { Detail } from '../view/detail.js';
import { Listing } from '../view/listing.js';
import { Facts, PlainTable, Section, State } from '../view/pieces.js';
import type { TableColumn } from '../view/table.js';

/** `default/web-1`; of tasks of other frameworks their name. */
const nameOfPod = (task: TaskView): string => {
  const pod = podOf(task);
  return pod ? `${pod.namespace}/${pod.name}` : task.name;
};

const hrefOfPod = (task: TaskView): string | undefined => {
  const pod = podOf(task);
  return pod && !task.over ? hrefOf(podKind, { metadata: pod }) : undefined;
};

export function TasksPage() {
  const mesos = useMesos();
  const names = useNames();
  const columns = useMemo(
    (): TableColumn<TaskView>[] => [
      textColumn('Task', 2.6, ({ id }) => id),
      {
        title: 'State',
        width: 2.2,
        cell: ({ state }) => <State tone={toneOfTask(state)}>{state}</State>,
        sort: ({ state }) => state,
      },
      linkColumn('Runs', 4, nameOfPod, hrefOfPod),
      agentColumn(names),
      frameworkColumn('Framework', names),
      amountColumn('CPU', ({ resources }) => resources.cpus, processors),
      amountColumn('Memory', ({ resources }) => resources.mem, megabytes),
    ],
    [names],
  );
  return (
    <Listing
      title="Tasks"
      one="task"
      source={mesos}
      of="Mesos"
      items={mesos.tasks}
      columns={columns}
      order="Runs"
      keyOf={keyOfTask}
      hrefOf={hrefOfTask}
      as={({ id, name, state }) => {
        const space = podOf({ name })?.namespace;
        return { metadata: { name: `${id} ${name} ${state}`, ...(space === undefined ? {} : { namespace: space }) } };
      }}
      empty="No framework has launched a task."
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
    <Detail
      list={{ href: '/mesos/tasks', title: 'Tasks' }}
      name={id}
      source={mesos}
      of="Mesos"
      unknown="The master knows no such task: it ended long ago, or never was."
    >
      {task && (
        <>
          <header class="page">
            <h1>{task.name}</h1>
            <State tone={toneOfTask(task.state)}>{task.state}</State>
          </header>
          <Facts
            facts={[
              [
                'Pod',
                pod ? (
                  <Link href={hrefOf(podKind, pod)}>
                    {`${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''}`}
                  </Link>
                ) : (
                  '(none)'
                ),
              ],
              ['Task id', task.id],
              ['Framework', <Link href={hrefOfFramework(task.framework)}>{names.framework(task.framework)}</Link>],
              ['Agent', <Link href={hrefOfAgent(task.agent)}>{names.agent(task.agent)}</Link>],
              ['Executor', task.executor],
              ['Role', task.role],
              ['CPU', cores(task.resources.cpus)],
              ['Memory', megabytes(task.resources.mem)],
              ['Ports', task.resources.portRanges],
            ]}
          />
          <Section title="What its executor, agent and master said">
            <PlainTable
              empty="Nothing yet."
              titles={['Time', 'State', 'From', 'Reason', 'Message']}
              rows={task.statuses.map(({ state, time, source, reason, message }, index) => ({
                key: String(index),
                cells: [
                  time === undefined ? '' : preciseTimeOf(time),
                  <State tone={toneOfTask(state)}>{state}</State>,
                  source,
                  reason,
                  message,
                ],
              }))}
            />
          </Section>
        </>
      )}
    </Detail>
  );
}
