import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { keyOfTask, type TaskView } from '../../mesos-view.js';
import { useCollection } from '../data/collection.js';
import { useMesos } from '../data/mesos.js';
import { useNames } from '../data/names.js';
import { TASK_ID } from '../model/annotations.js';
import { cores, megabytes, preciseTimeOf, processors } from '../model/format.js';
import { hrefOf } from '../model/kind.js';
import { podKind } from '../model/kinds.js';
import { hrefOfAgent, hrefOfFramework, hrefOfTask, podOf, toneOfTask } from '../model/task.js';
import { amountColumn, linkColumn, MesosDetail, MesosList, textColumn } from '../view/mesos-list.js';
import { Facts, PlainTable, State } from '../view/pieces.js';
import type { TableColumn } from '../view/table.js';

const hrefOfPod = (task: TaskView): string | undefined => {
  const pod = podOf(task);
  return pod && !task.over ? hrefOf(podKind, { metadata: pod }) : undefined;
};

export function TasksPage() {
  const { tasks } = useMesos();
  const names = useNames();
  const columns = useMemo(
    (): TableColumn<TaskView>[] => [
      textColumn('Task', 3.5, ({ name }) => name),
      {
        title: 'State',
        width: 2.2,
        cell: ({ state }) => <State tone={toneOfTask(state)}>{state}</State>,
        sort: ({ state }) => state,
      },
      linkColumn('Pod', 3, (task) => podOf(task)?.name ?? '', hrefOfPod),
      linkColumn(
        'Agent',
        1.7,
        ({ agent }) => names.agent(agent),
        ({ agent }) => hrefOfAgent(agent),
      ),
      linkColumn(
        'Framework',
        1.6,
        ({ framework }) => names.framework(framework),
        ({ framework }) => hrefOfFramework(framework),
      ),
      amountColumn('CPU', ({ resources }) => resources.cpus, processors),
      amountColumn('Memory', ({ resources }) => resources.mem, megabytes),
    ],
    [names],
  );
  return (
    <MesosList
      title="Tasks"
      one="task"
      items={tasks}
      columns={columns}
      keyOf={keyOfTask}
      hrefOf={hrefOfTask}
      as={({ id, name, state }) => ({ metadata: { name: `${id} ${name} ${state}` } })}
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
    <MesosDetail
      list={{ href: '/mesos/tasks', title: 'Tasks' }}
      name={id}
      known={task !== undefined}
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
          <section aria-labelledby="statuses">
            <h2 id="statuses">What its executor, agent and master said</h2>
            {task.statuses.length === 0 && <p class="quiet">Nothing yet.</p>}
            {task.statuses.length > 0 && (
              <PlainTable
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
            )}
          </section>
        </>
      )}
    </MesosDetail>
  );
}
