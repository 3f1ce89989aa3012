import { type Json, type JsonObject, at, numberAt, objectAt, objectsAt, textAt } from '../json/tree.js';
import { type Kind, groupVersion } from './kind.js';

type Convert = (object: JsonObject) => JsonObject;

const present = (entries: Record<string, Json | undefined>): JsonObject => {
  const object: JsonObject = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) object[key] = value;
  return object;
};

/** Fields that events.k8s.io/v1 names anew, core name first. */
const eventNames: readonly (readonly [string, string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

function renamed(object: JsonObject, names: ReadonlyMap<string, string>, apiVersion: string): JsonObject {
  const copy: JsonObject = {};
  for (const [key, value] of Object.entries(object)) copy[names.get(key) ?? key] = value;
  return { ...copy, apiVersion };
}

const toNewEvents = new Map(eventNames);
const toCoreEvents = new Map(eventNames.map(([core, renamedTo]) => [renamedTo, core]));

function scalerToV1(object: JsonObject): JsonObject {
  const metrics = objectsAt(object, 'spec', 'metrics');
  const cpu = metrics.find((metric) => textAt(metric, 'resource', 'name') === 'cpu');
  const current = objectsAt(object, 'status', 'currentMetrics').find(
    (metric) => textAt(metric, 'resource', 'name') === 'cpu',
  );
  const spec = objectAt(object, 'spec');
  const status = objectAt(object, 'status');
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    ...(spec === undefined
      ? {}
      : {
          spec: present({
            scaleTargetRef: spec['scaleTargetRef'],
            minReplicas: spec['minReplicas'],
            maxReplicas: spec['maxReplicas'],
            targetCPUUtilizationPercentage: at(cpu, 'resource', 'target', 'averageUtilization'),
          }),
        }),
    ...(status === undefined
      ? {}
      : {
          status: present({
            observedGeneration: status['observedGeneration'],
            lastScaleTime: status['lastScaleTime'],
            currentReplicas: status['currentReplicas'] ?? 0,
            desiredReplicas: status['desiredReplicas'] ?? 0,
            currentCPUUtilizationPercentage: at(current, 'resource', 'current', 'averageUtilization'),
          }),
        }),
  };
}

function scalerToV2(object: JsonObject): JsonObject {
  const spec = objectAt(object, 'spec');
  if (!spec) return { ...object, apiVersion: 'autoscaling/v2' };
  const percentage = numberAt(spec, 'targetCPUUtilizationPercentage');
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    spec: present({
      scaleTargetRef: spec['scaleTargetRef'],
      minReplicas: spec['minReplicas'],
      maxReplicas: spec['maxReplicas'],
      metrics:
        percentage === undefined
          ? undefined
          : [
              {
                type: 'Resource',
                resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percentage } },
              },
            ],
    }),
  };
}

/** Kinds served in another form than the stored one: to it, and back. */
const views: Record<string, { serve: Convert; store: Convert }> = {
  'events.k8s.io/v1/events': {
    serve: (object) => renamed(object, toNewEvents, 'events.k8s.io/v1'),
    store: (object) => renamed(object, toCoreEvents, 'v1'),
  },
  'autoscaling/v1/horizontalpodautoscalers': { serve: scalerToV1, store: scalerToV2 },
};

/** A stored object in the form a kind serves it. */
export function serve(object: JsonObject, kind: Kind): JsonObject {
  const version = groupVersion(kind);
  // Versions of a custom kind differ in nothing but their name (conversion strategy None).
  if (kind.custom) return object['apiVersion'] === version ? object : { ...object, apiVersion: version };
  const view = views[`${version}/${kind.plural}`];
  return view ? view.serve(object) : object;
}

/** An object received for a kind, in the form it is stored. */
export function toStored(object: JsonObject, kind: Kind): JsonObject {
  const view = views[`${groupVersion(kind)}/${kind.plural}`];
  return view ? view.store(object) : object;
}
