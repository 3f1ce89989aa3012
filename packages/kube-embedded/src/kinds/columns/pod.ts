import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { type Column, ageColumn, nameColumn, text, wide } from './column.js';
import { ageOf } from './duration.js';

const condition = (pod: JsonObject, type: string): JsonObject | undefined =>
  objectsAt(pod, 'status', 'conditions').find((item) => item['type'] === type);

/** Init containers that restart always go on beside the containers. */
const sidecars = (pod: JsonObject): ReadonlySet<string> =>
  new Set(
    objectsAt(pod, 'spec', 'initContainers')
      .filter((container) => container['restartPolicy'] === 'Always')
      .map((container) => textAt(container, 'name') ?? ''),
  );

interface Summary {
  readonly ready: string;
  readonly reason: string;
  readonly restarts: string;
}

function terminated(state: JsonObject): string {
  const reason = textAt(state, 'reason') ?? '';
  if (reason !== '') return reason;
  const signal = numberAt(state, 'signal') ?? 0;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(state, 'exitCode') ?? 0}`;
}

/** What `kubectl get pods` says of a pod: its phase, or the most telling of what its containers wait for or ended with. */
function summarize(pod: JsonObject, now: Date): Summary {
  const beside = sidecars(pod);
  let restarts = 0;
  let sidecarRestarts = 0;
  let total = objectsAt(pod, 'spec', 'containers').length;
  let ready = 0;
  let lastRestart = 0;
  const statusReason = textAt(pod, 'status', 'reason') ?? '';
  let reason = statusReason !== '' ? statusReason : (textAt(pod, 'status', 'phase') ?? 'Unknown');
  if (condition(pod, 'PodScheduled')?.['reason'] === 'SchedulingGated') reason = 'SchedulingGated';

  const inits = objectsAt(pod, 'spec', 'initContainers');
  total += inits.filter((container) => container['restartPolicy'] === 'Always').length;
  const restartedAt = (status: JsonObject): void => {
    const finished = Date.parse(textAt(status, 'lastState', 'terminated', 'finishedAt') ?? '');
    if (!Number.isNaN(finished)) lastRestart = Math.max(lastRestart, finished);
  };
  let initializing = false;
  for (const [index, status] of objectsAt(pod, 'status', 'initContainerStatuses').entries()) {
    const isSidecar = beside.has(textAt(status, 'name') ?? '');
    restarts += numberAt(status, 'restartCount') ?? 0;
    if (isSidecar) sidecarRestarts += numberAt(status, 'restartCount') ?? 0;
    restartedAt(status);
    if (initializing) continue;
    const ended = objectAt(status, 'state', 'terminated');
    if (ended && numberAt(ended, 'exitCode') === 0) continue;
    if (isSidecar && status['started'] === true) {
      if (status['ready'] === true) ready++;
      continue;
    }
    const waiting = textAt(status, 'state', 'waiting', 'reason') ?? '';
    if (ended) reason = `Init:${terminated(ended)}`;
    else if (waiting !== '' && waiting !== 'PodInitializing') reason = `Init:${waiting}`;
    else reason = `Init:${index}/${inits.length}`;
    initializing = true;
  }
  const initialized = condition(pod, 'Initialized')?.['status'] === 'True';
  if (!initializing || initialized) {
    restarts = sidecarRestarts;
    let running = false;
    for (const status of [...objectsAt(pod, 'status', 'containerStatuses')].reverse()) {
      restarts += numberAt(status, 'restartCount') ?? 0;
      restartedAt(status);
      const waiting = textAt(status, 'state', 'waiting', 'reason') ?? '';
      const ended = objectAt(status, 'state', 'terminated');
      if (waiting !== '') reason = waiting;
      else if (ended) reason = terminated(ended);
      else if (status['ready'] === true && objectAt(status, 'state', 'running')) {
        running = true;
        ready++;
      }
    }
    // A pod of which one container ended well while another runs is still running.
    if (reason === 'Completed' && running) {
      reason = condition(pod, 'Ready')?.['status'] === 'True' ? 'Running' : 'NotReady';
    }
  }
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== undefined) {
    if (statusReason === 'NodeLost') reason = 'Unknown';
    else if (!['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '')) reason = 'Terminating';
  }
  const since = lastRestart === 0 || restarts === 0 ? '' : ` (${ageOf(new Date(lastRestart).toISOString(), now)} ago)`;
  return { ready: `${ready}/${total}`, reason, restarts: `${restarts}${since}` };
}

const orNone = (value: string | undefined): string => (value === undefined || value === '' ? '<none>' : value);

function readinessGates(pod: JsonObject): string {
  const gates = objectsAt(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return '<none>';
  const met = gates.filter((gate) => condition(pod, textAt(gate, 'conditionType') ?? '')?.['status'] === 'True');
  return `${met.length}/${gates.length}`;
}

export const podColumns: readonly Column[] = [
  nameColumn,
  text('Ready', (pod, now) => summarize(pod, now).ready),
  text('Status', (pod, now) => summarize(pod, now).reason),
  text('Restarts', (pod, now) => summarize(pod, now).restarts),
  ageColumn,
  wide(
    text('IP', (pod) => {
      const first = listAt(pod, 'status', 'podIPs')[0];
      return orNone(textAt(first, 'ip') ?? textAt(pod, 'status', 'podIP'));
    }),
  ),
  wide(text('Node', (pod) => orNone(textAt(pod, 'spec', 'nodeName')))),
  wide(text('Nominated Node', (pod) => orNone(textAt(pod, 'status', 'nominatedNodeName')))),
  wide(text('Readiness Gates', readinessGates)),
];
