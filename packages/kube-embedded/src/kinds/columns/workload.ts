import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { scaleKind } from '../table.js';
import { type Column, ageColumn, count, nameColumn, text, wide } from './column.js';
import { ageOf, humanDuration } from './duration.js';

export function formatLabels(labels: JsonObject | undefined): string {
  const parts = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return parts.length === 0 ? '<none>' : parts.sort().join(',');
}

/** A selector object as kubectl writes it. */
export function formatSelector(selector: JsonObject | undefined): string {
  if (!selector) return '<none>';
  const parts = Object.entries(objectAt(selector, 'matchLabels') ?? {}).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  for (const expression of objectsAt(selector, 'matchExpressions')) {
    const key = textAt(expression, 'key') ?? '';
    const values = [...listAt(expression, 'values')].sort().join(',');
    const operator = textAt(expression, 'operator');
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${values})`);
  }
  return parts.length === 0 ? '<none>' : parts.sort().join(',');
}

const status = (object: JsonObject, field: string): number => numberAt(object, 'status', field) ?? 0;
const spec = (object: JsonObject, field: string): number => numberAt(object, 'spec', field) ?? 0;

/** Names and images of the containers of a template, in the wide form. */
const containers = (...path: string[]): readonly Column[] => [
  wide(
    text('Containers', (object) =>
      objectsAt(object, ...path, 'containers')
        .map((container) => textAt(container, 'name') ?? '')
        .join(','),
    ),
  ),
  wide(
    text('Images', (object) =>
      objectsAt(object, ...path, 'containers')
        .map((container) => textAt(container, 'image') ?? '')
        .join(','),
    ),
  ),
];

const template = containers('spec', 'template', 'spec');
const selector = wide(text('Selector', (object) => formatSelector(objectAt(object, 'spec', 'selector'))));

const replicas = (last: Column): readonly Column[] => [
  nameColumn,
  count('Desired', (object) => spec(object, 'replicas')),
  count('Current', (object) => status(object, 'replicas')),
  count('Ready', (object) => status(object, 'readyReplicas')),
  ageColumn,
  ...template,
  last,
];

const hasCondition = (object: JsonObject, type: string): boolean =>
  objectsAt(object, 'status', 'conditions').some((item) => item['type'] === type && item['status'] === 'True');

function jobStatus(job: JsonObject): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (textAt(job, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating';
  if (hasCondition(job, 'Suspended')) return 'Suspended';
  return hasCondition(job, 'FailureTarget') ? 'FailureTarget' : 'Running';
}

function jobCompletions(job: JsonObject): string {
  const succeeded = status(job, 'succeeded');
  const completions = numberAt(job, 'spec', 'completions');
  if (completions !== undefined) return `${succeeded}/${completions}`;
  const parallelism = spec(job, 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: JsonObject, now: Date): string {
  const start = Date.parse(textAt(job, 'status', 'startTime') ?? '');
  if (Number.isNaN(start)) return '';
  const end = Date.parse(textAt(job, 'status', 'completionTime') ?? '');
  return humanDuration((Number.isNaN(end) ? now.getTime() : end) - start);
}

/** What an autoscaler aims at, current value first: `cpu: <unknown>/80%`. */
function targets(object: JsonObject): string {
  const metrics = objectsAt(object, 'spec', 'metrics').map((metric) => {
    const name = textAt(metric, 'resource', 'name');
    if (name === undefined) return `<unknown>/<${(textAt(metric, 'type') ?? 'unknown').toLowerCase()}>`;
    const target = objectAt(metric, 'resource', 'target');
    const current = objectsAt(object, 'status', 'currentMetrics').find(
      (item) => textAt(item, 'resource', 'name') === name,
    );
    const percentage = numberAt(target, 'averageUtilization');
    if (percentage !== undefined) {
      const used = numberAt(current, 'resource', 'current', 'averageUtilization');
      return `${name}: ${used === undefined ? '<unknown>' : `${used}%`}/${percentage}%`;
    }
    return `${textAt(current, 'resource', 'current', 'averageValue') ?? '<unknown>'}/${textAt(target, 'averageValue') ?? '<auto>'}`;
  });
  return metrics.length === 0 ? '<none>' : metrics.join(', ');
}

function owner(object: JsonObject): string {
  const found = objectsAt(object, 'metadata', 'ownerReferences').find((item) => item['controller'] === true);
  if (!found) return '<none>';
  const group = (textAt(found, 'apiVersion') ?? '').split('/');
  const kind = (textAt(found, 'kind') ?? '').toLowerCase();
  return `${group.length > 1 ? `${kind}.${group[0] ?? ''}` : kind}/${textAt(found, 'name') ?? ''}`;
}

const orNotAvailable = (object: JsonObject, field: string): string => {
  const value = objectAt(object, 'spec')?.[field];
  return value === undefined ? 'N/A' : String(value);
};

export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  replicationcontrollers: replicas(
    wide(text('Selector', (object) => formatLabels(objectAt(object, 'spec', 'selector')))),
  ),
  'replicasets.apps': replicas(selector),
  [scaleKind.store]: [
    { ...nameColumn, format: '' },
    count('Desired', (object) => spec(object, 'replicas')),
    count('Available', (object) => status(object, 'replicas')),
    ageColumn,
  ],
  'deployments.apps': [
    nameColumn,
    text('Ready', (object) => `${status(object, 'readyReplicas')}/${spec(object, 'replicas')}`),
    text('Up-to-date', (object) => status(object, 'updatedReplicas')),
    text('Available', (object) => status(object, 'availableReplicas')),
    ageColumn,
    ...template,
    selector,
  ],
  'statefulsets.apps': [
    nameColumn,
    text('Ready', (object) => `${status(object, 'readyReplicas')}/${spec(object, 'replicas')}`),
    ageColumn,
    ...template,
  ],
  'daemonsets.apps': [
    nameColumn,
    count('Desired', (object) => status(object, 'desiredNumberScheduled')),
    count('Current', (object) => status(object, 'currentNumberScheduled')),
    count('Ready', (object) => status(object, 'numberReady')),
    count('Up-to-date', (object) => status(object, 'updatedNumberScheduled')),
    count('Available', (object) => status(object, 'numberAvailable')),
    text('Node Selector', (object) => formatLabels(objectAt(object, 'spec', 'template', 'spec', 'nodeSelector'))),
    ageColumn,
    ...template,
    selector,
  ],
  'controllerrevisions.apps': [
    nameColumn,
    text('Controller', owner),
    text('Revision', (object) => numberAt(object, 'revision') ?? 0),
    ageColumn,
  ],
  'jobs.batch': [
    nameColumn,
    text('Status', jobStatus),
    text('Completions', jobCompletions),
    text('Duration', jobDuration),
    ageColumn,
    ...template,
    selector,
  ],
  'cronjobs.batch': [
    nameColumn,
    text('Schedule', (object) => textAt(object, 'spec', 'schedule') ?? ''),
    text('Timezone', (object) => textAt(object, 'spec', 'timeZone') ?? '<none>'),
    {
      name: 'Suspend',
      type: 'boolean',
      cell: (object) => (objectAt(object, 'spec')?.['suspend'] === true ? 'True' : 'False'),
    },
    count('Active', (object) => listAt(object, 'status', 'active').length),
    text('Last Schedule', (object, now) => {
      const time = textAt(object, 'status', 'lastScheduleTime');
      return time === undefined ? '<none>' : ageOf(time, now);
    }),
    ageColumn,
    ...containers('spec', 'jobTemplate', 'spec', 'template', 'spec'),
    wide(text('Selector', (object) => formatSelector(objectAt(object, 'spec', 'jobTemplate', 'spec', 'selector')))),
  ],
  'horizontalpodautoscalers.autoscaling': [
    nameColumn,
    text(
      'Reference',
      (object) =>
        `${textAt(object, 'spec', 'scaleTargetRef', 'kind') ?? ''}/${textAt(object, 'spec', 'scaleTargetRef', 'name') ?? ''}`,
    ),
    text('Targets', targets),
    text('MinPods', (object) => String(numberAt(object, 'spec', 'minReplicas') ?? '<unset>')),
    text('MaxPods', (object) => spec(object, 'maxReplicas')),
    text('Replicas', (object) => status(object, 'currentReplicas')),
    ageColumn,
  ],
  'poddisruptionbudgets.policy': [
    nameColumn,
    text('Min Available', (object) => orNotAvailable(object, 'minAvailable')),
    text('Max Unavailable', (object) => orNotAvailable(object, 'maxUnavailable')),
    count('Allowed Disruptions', (object) => status(object, 'disruptionsAllowed')),
    ageColumn,
  ],
  podtemplates: [
    nameColumn,
    ...containers('template', 'spec').map(({ name, cell }) => text(name, cell)),
    text('Pod Labels', (object) => formatLabels(objectAt(object, 'template', 'metadata', 'labels'))),
  ],
};
