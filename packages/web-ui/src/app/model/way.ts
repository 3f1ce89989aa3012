import type { Event } from '@kmd/kube-client';
import type { StatusView, TaskView } from '../../mesos-view.js';
import { AGENT_ID, EXECUTOR_ID, HOST, LAUNCHED_AT, OFFER_ID, OFFERED_AT, QUEUED_AT, TASK_ID } from './annotations.js';
import { exactly, firstOf, lastOf, roughly, type Moment } from './event.js';
import { cores, instant, megabytes } from './format.js';
import { hrefOfAgent, hrefOfNode, hrefOfTask } from './href.js';
import { stateOf, type Pod } from './pod.js';

export interface Note {
  text: string;
  /** A place of this page, and what leads to it. */
  link?: { href: string; text: string };
}

/** One step of a pod from its creation to its end. */
export interface Step {
  title: string;
  /** Who does it. */
  actor: 'API server' | 'Scheduler' | 'Mesos master' | 'Mesos agent' | 'Executor';
  /** What he does. */
  what: string;
  /** Undefined: it has not come to that, or nobody says when. */
  moment: Moment | undefined;
  state: 'done' | 'now' | 'ahead' | 'bad';
  notes: Note[];
}

/** What several steps are told from. */
interface Traces {
  pod: Pod;
  task: TaskView | undefined;
  /** Mesos no longer lists the task. */
  gone: boolean;
  annotations: Readonly<Record<string, string>>;
  waits: readonly Event[];
  launched: boolean;
  starting: StatusView | undefined;
  running: StatusView | undefined;
  bound: Moment | undefined;
  placed: boolean;
  over: boolean;
}

/**
 * The whole way of a pod: created, waiting (and for what), offer, task, executor, bound, running, ready, ended. Kubernetes tells it in the pod's
 * annotations and conditions and in events, Mesos in the statuses of the pod's task; `gone`: which it no longer lists.
 */
export function wayOf(pod: Pod, found: TaskView | 'gone' | undefined, events: readonly Event[]): Step[] {
  const { annotations = {} } = pod.metadata ?? {};
  const task = found === 'gone' ? undefined : found;
  const first = (state: string): StatusView | undefined => task?.statuses.find((status) => status.state === state);
  const scheduled = events.find(({ reason }) => reason === 'Scheduled');
  const traces: Traces = {
    pod,
    task,
    gone: found === 'gone',
    annotations,
    waits: events
      .filter(({ reason }) => reason === 'FailedScheduling')
      .toSorted((a, b) => (lastOf(a) ?? 0) - (lastOf(b) ?? 0)),
    launched: annotations[TASK_ID] !== undefined,
    starting: first('TASK_STARTING'),
    running: first('TASK_RUNNING'),
    bound: (scheduled && firstOf(scheduled)) ?? conditionOf(pod, 'PodScheduled'),
    placed: (pod.spec?.nodeName ?? '') !== '',
    over: pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed',
  };
  return [...placing(traces), ...running(traces), ...ending(traces)];
}

const conditionOf = (pod: Pod, type: string): Moment | undefined =>
  roughly(pod.status?.conditions?.find((one) => one.type === type && one.status === 'True')?.lastTransitionTime);

const progress = (happened: boolean, before: boolean): Step['state'] => (happened ? 'done' : before ? 'now' : 'ahead');

/** Until a task is launched. */
function placing({ pod, task, gone, annotations, waits, launched, placed }: Traces): Step[] {
  const { creationTimestamp, ownerReferences = [] } = pod.metadata ?? {};
  const owner = ownerReferences.find(({ controller }) => controller);
  const waited = waits[0];
  const queued = exactly(instant(annotations[QUEUED_AT])) ?? (waited && firstOf(waited));
  const offered = exactly(instant(annotations[OFFERED_AT]));
  const agent = annotations[AGENT_ID] ?? '';
  const steps: Step[] = [
    {
      title: 'Created',
      actor: 'API server',
      what: 'stores the pod; it has no node yet',
      moment: roughly(creationTimestamp),
      state: 'done',
      notes: owner ? [{ text: `for ${owner.kind} ${owner.name}` }] : [],
    },
  ];
  // A pod that names its node itself is not the scheduler's.
  if (!launched && placed) return steps;
  return [
    ...steps,
    {
      title: 'Waiting',
      actor: 'Scheduler',
      what: 'looks for an offer with all that it needs',
      moment: queued,
      state: launched ? 'done' : 'now',
      notes: waits.length === 0 ? [] : reasonsOf(waits, launched),
    },
    {
      title: 'Offer',
      actor: 'Mesos master',
      what:
        offered && queued && offered.time < queued.time
          ? 'had offered an agent’s free resources before'
          : 'offers an agent’s free resources',
      moment: offered,
      state: progress(launched, false),
      notes: launched
        ? [
            { text: `offer ${annotations[OFFER_ID] ?? ''}` },
            { text: 'of agent', link: { href: hrefOfAgent(agent), text: annotations[HOST] ?? agent } },
          ]
        : [],
    },
    {
      title: 'Task',
      actor: 'Scheduler',
      what: 'accepts the offer: the pod becomes a Mesos task',
      moment: exactly(instant(annotations[LAUNCHED_AT])),
      state: progress(launched, false),
      notes: launched ? taskNotes(annotations[TASK_ID] ?? '', task, gone) : [],
    },
  ];
}

function taskNotes(id: string, task: TaskView | undefined, gone: boolean): Note[] {
  if (!task) return [{ text: gone ? `${id}, which Mesos no longer lists` : id }];
  const { cpus, mem, ports, portRanges } = task.resources;
  const taken = [
    cores(cpus),
    megabytes(mem),
    ...(ports === 0 ? [] : [`${ports === 1 ? 'port' : 'ports'} ${portRanges}`]),
  ];
  return [
    { text: `takes ${taken.join(', ')} of it` },
    { text: `${task.state},`, link: { href: hrefOfTask({ id }), text: id } },
  ];
}

/** What was missing, newest first, an agent a line: `0/2 agents fit: one: cpus 4 wanted, 2 free; two: …`. */
function reasonsOf(waits: readonly Event[], launched: boolean): Note[] {
  const times = waits.reduce((sum, { count }) => sum + (count ?? 1), 0);
  const { message = '' } = waits.at(-1) ?? {};
  const [summary = '', rest] = message.split(/: (.*)/s);
  const asked = times === 1 ? 'once' : `${times} times`;
  return [
    { text: `${launched ? 'looked in vain' : 'has looked in vain'} ${asked}, last: ${summary}` },
    ...(rest ?? '').split('; ').flatMap((text) => (text === '' ? [] : { text })),
  ];
}

/** From the launch until it serves. */
function running({ pod, annotations, launched, starting, running: ran, bound, placed, over }: Traces): Step[] {
  const { phase } = pod.status ?? {};
  const node = pod.spec?.nodeName ?? '';
  const state = stateOf(pod);
  const ready = conditionOf(pod, 'Ready');
  const runs = ran !== undefined || phase === 'Running' || over;
  // The first that is heard of the executor: its binding, or its word that it starts the task. Either may be left out.
  const heard = [bound, exactly(starting?.time)].filter((moment) => moment?.exact === true);
  const received = heard.sort((a, b) => (a?.time ?? 0) - (b?.time ?? 0))[0];
  const steps: Step[] = [
    {
      title: 'Bound',
      actor: 'Executor',
      what: 'tells the API server on which node the pod is',
      moment: bound,
      state: progress(placed, launched && received !== undefined),
      notes: placed ? [{ text: 'node', link: { href: hrefOfNode(node), text: node } }] : [],
    },
    {
      title: 'Running',
      actor: 'Executor',
      what: 'has started the containers',
      moment: exactly(ran?.time) ?? conditionOf(pod, 'ContainersReady') ?? roughly(pod.status?.startTime),
      state: progress(runs, placed),
      notes: runs || !placed ? [] : [{ text: state.text }],
    },
    {
      title: 'Ready',
      actor: 'Executor',
      what: 'finds all probes pass: services send it requests',
      moment: ready,
      state: state.tone === 'bad' && runs ? 'bad' : progress(ready !== undefined || over, phase === 'Running'),
      notes: state.tone === 'good' || over || !runs ? [] : [{ text: state.text }],
    },
  ];
  if (!launched && placed) return steps;
  return [
    {
      title: 'Executor',
      actor: 'Mesos agent',
      what: 'hands it to the Kubernetes executor, which it starts for a first task',
      moment: received,
      state: progress(received !== undefined || runs || placed, launched),
      notes: launched ? [{ text: `executor ${annotations[EXECUTOR_ID] ?? ''}` }] : [],
    },
    ...steps,
  ];
}

function ending({ pod, task, over }: Traces): Step[] {
  const { deletionTimestamp } = pod.metadata ?? {};
  const end = task?.statuses.findLast((status) => status.over);
  if (!over && !end && deletionTimestamp === undefined) return [];
  const calm = end === undefined || end.state === 'TASK_FINISHED' || end.state === 'TASK_KILLED';
  return [
    {
      title: over ? stateOf(pod).text : deletionTimestamp !== undefined ? 'Deleted' : 'Task ended',
      actor: deletionTimestamp === undefined || over ? 'Executor' : 'API server',
      what: over ? 'has seen the containers end: the resources are free again' : 'lets it go, its containers first',
      moment: exactly(end?.time) ?? roughly(deletionTimestamp),
      state: pod.status?.phase === 'Failed' || !calm ? 'bad' : over || end !== undefined ? 'done' : 'now',
      notes: end ? [{ text: [end.state, end.reason, end.message].filter(Boolean).join(': ') }] : [],
    },
  ];
}
