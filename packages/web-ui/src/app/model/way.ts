import type { Event } from '@kmd/kube-client';
import type { StatusView, TaskView } from '../../mesos-view.js';
import { AGENT_ID, EXECUTOR_ID, OFFER_ID, TASK_ID } from './annotations.js';
import { instant } from './format.js';
import { stateOf, type Pod } from './pod.js';

/** One step of a pod from its creation to its end. */
export interface Step {
  title: string;
  /** Who did it. */
  by: string;
  /** Undefined: it has not come to that, or nobody says when. */
  time: number | undefined;
  /** To the second only, as Kubernetes tells times. */
  coarse: boolean;
  state: 'done' | 'now' | 'ahead' | 'bad';
  /** Sentences. */
  notes: string[];
}

const started = (status: StatusView): boolean => status.state === 'TASK_STARTING';

/**
 * The whole way of a pod: created, waiting (and for what), offer, task, executor, bound, running, ended. Kubernetes tells it in the pod's
 * annotations and conditions and in events, Mesos in the statuses of the pod's task.
 */
export function wayOf(pod: Pod, task: TaskView | undefined, events: readonly Event[]): Step[] {
  const { creationTimestamp, annotations = {}, deletionTimestamp } = pod.metadata ?? {};
  const condition = (type: string): number | undefined =>
    instant(pod.status?.conditions?.find((one) => one.type === type && one.status === 'True')?.lastTransitionTime);
  const status = (test: (one: StatusView) => boolean): StatusView | undefined => task?.statuses.find(test);
  const waits = events.filter(({ reason }) => reason === 'FailedScheduling');
  const launched = annotations[TASK_ID] !== undefined;
  const starting = status(started);
  const running = status(({ state }) => state === 'TASK_RUNNING');
  const end = task?.statuses.findLast(({ over }) => over);
  const placed = pod.spec?.nodeName !== undefined && pod.spec.nodeName !== '';
  const state = stateOf(pod);
  const over = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

  const steps: Step[] = [
    {
      title: 'Created',
      by: 'the API server stored the pod',
      time: instant(creationTimestamp),
      coarse: true,
      state: 'done',
      notes: ownerNote(pod),
    },
  ];
  if (waits.length > 0 || !launched)
    steps.push({
      title: 'Waiting',
      by: 'the scheduler looks for an offer that fits',
      time: instant(waits[0]?.firstTimestamp ?? waits[0]?.eventTime),
      coarse: true,
      state: launched || placed ? 'done' : 'now',
      notes:
        waits.length > 0 ? [...new Set(waits.map(({ message = '' }) => message))] : ['no offer has been refused yet'],
    });
  const ahead = (happened: boolean, before: boolean): Step['state'] => (happened ? 'done' : before ? 'now' : 'ahead');
  const known = (title: string, key: string): string[] =>
    annotations[key] === undefined ? [] : [`${title} ${annotations[key]}`];
  steps.push(
    {
      title: 'Offer',
      by: 'the Mesos master offered what it needs',
      time: undefined,
      coarse: false,
      state: ahead(launched, false),
      notes: [...known('offer', OFFER_ID), ...known('of agent', AGENT_ID)],
    },
    {
      title: 'Task',
      by: 'the scheduler accepted the offer and launched a task',
      time: task?.statuses[0]?.state === 'TASK_STAGING' ? task.statuses[0].time : undefined,
      coarse: false,
      state: ahead(launched, false),
      notes: [
        ...known('task', TASK_ID),
        ...(task ? [`${task.state} in Mesos`] : launched ? ['Mesos no longer lists it'] : []),
      ],
    },
    {
      title: 'Executor',
      by: 'the agent gave the task to its Kubernetes executor',
      time: starting?.time,
      coarse: false,
      state: ahead(starting !== undefined || running !== undefined || placed, launched),
      notes: known('executor', EXECUTOR_ID),
    },
    {
      title: 'Bound',
      by: 'the executor bound the pod to its node',
      time: condition('PodScheduled'),
      coarse: true,
      state: ahead(placed, launched),
      notes: placed ? [`node ${pod.spec?.nodeName ?? ''}`] : [],
    },
    {
      title: 'Running',
      by: 'its containers have started',
      time: running?.time ?? condition('ContainersReady') ?? instant(pod.status?.startTime),
      coarse: running?.time === undefined,
      state: ahead(running !== undefined || pod.status?.phase === 'Running' || over, placed),
      notes: [],
    },
    {
      title: 'Ready',
      by: 'its probes pass: services send it requests',
      time: condition('Ready'),
      coarse: true,
      state:
        state.tone === 'bad' ? 'bad' : ahead(condition('Ready') !== undefined || over, pod.status?.phase === 'Running'),
      notes: state.tone === 'good' || over ? [] : [state.text],
    },
  );
  if (over || end || deletionTimestamp !== undefined)
    steps.push({
      title: over ? state.text : deletionTimestamp !== undefined ? 'Being deleted' : 'Task ended',
      by: over ? 'its containers have ended' : 'it is on its way out',
      time: end?.time ?? instant(deletionTimestamp),
      coarse: end?.time === undefined,
      state:
        pod.status?.phase === 'Failed' ||
        (end !== undefined && end.state !== 'TASK_FINISHED' && end.state !== 'TASK_KILLED')
          ? 'bad'
          : 'done',
      notes: end ? [[end.state, end.reason, end.message].filter(Boolean).join(': ')] : [],
    });
  return steps;
}

function ownerNote(pod: Pod): string[] {
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller);
  return owner === undefined ? [] : [`for ${owner.kind} ${owner.name}`];
}
