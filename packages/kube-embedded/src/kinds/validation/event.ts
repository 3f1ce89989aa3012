import type { Cause } from '../../errors.js';
import { type Json, type JsonObject, equal, numberAt, objectAt, textAt } from '../../json/tree.js';
import { invalidShown, invalidValue, required } from './field.js';
import { dnsSubdomain, qualified } from './name.js';

const text = (event: JsonObject, field: string): string => textAt(event, field) ?? '';

/** Texts that an event with a time of its own must have, and how long they may be. */
const limits: readonly (readonly [field: string, shown: string, limit: number, needed: boolean])[] = [
  ['reportingInstance', 'reportingInstance', 128, true],
  ['action', 'action', 128, true],
  ['reason', 'reason', 128, true],
  ['message', 'message', 1024, false],
];

/** @param controller the name of the field of who reports, which the groups of events have each of their own */
function validateAny(event: JsonObject, controller: string): Cause[] {
  const causes: Cause[] = [];
  const namespace = textAt(event, 'metadata', 'namespace') ?? '';
  const about = textAt(event, 'involvedObject', 'namespace') ?? '';
  const timed = text(event, 'eventTime') !== '';
  const homeless = about === '' && (namespace === 'default' || (timed && namespace === 'kube-system'));
  if (!homeless && (about === '' || (!timed && about !== namespace))) {
    causes.push(invalidValue('involvedObject.namespace', about, 'does not match event.namespace'));
  }
  if (timed) {
    const reporter = text(event, 'reportingComponent');
    if (reporter === '') causes.push(required(controller));
    for (const problem of qualified(reporter)) causes.push(invalidValue(controller, reporter, problem));
    for (const [field, shown, limit, needed] of limits) {
      const value = text(event, field);
      if (needed && value === '') causes.push(required(shown));
      if (Buffer.byteLength(value) > limit) {
        causes.push(invalidValue(shown, '', `can have at most ${limit} characters`));
      }
    }
  }
  for (const problem of dnsSubdomain(namespace)) causes.push(invalidValue('namespace', namespace, problem));
  return causes;
}

/** Events of the core group, new and changed alike. */
export const validateEvent = (event: JsonObject): Cause[] => validateAny(event, 'reportingComponent');

function validateSeries(event: JsonObject): Cause[] {
  const series = objectAt(event, 'series');
  if (!series) return [];
  return [
    ...((numberAt(series, 'count') ?? 0) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(text(series, 'lastObservedTime') === '' ? [required('series.lastObservedTime')] : []),
  ];
}

const unset = (event: JsonObject, field: string): boolean => {
  const value = event[field] ?? null;
  return value === null || value === 0 || Object.values(Object(value)).every((part) => part === '');
};

/** Events of events.k8s.io, in the form of the core group. */
export function validateNewEvent(event: JsonObject): Cause[] {
  const type = text(event, 'type');
  return [
    ...validateAny(event, 'reportingController'),
    ...validateSeries(event),
    ...(text(event, 'eventTime') === '' ? [required('eventTime')] : []),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalidValue('type', '', `has invalid value: ${type}`)]),
    ...['firstTimestamp', 'lastTimestamp', 'count', 'source']
      .filter((field) => !unset(event, field))
      .map((field) => invalidValue(field, '', 'needs to be unset')),
  ];
}

/** `%#v` of an object reference and of a source. */
const goStructs: Readonly<Record<string, readonly [type: string, fields: readonly string[]]>> = {
  involvedObject: [
    'core.ObjectReference',
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'],
  ],
  source: ['core.EventSource', ['component', 'host']],
};

function show(field: string, value: Json | undefined): string {
  const [type, fields] = goStructs[field] ?? [];
  if (type === undefined || fields === undefined) return JSON.stringify(value ?? '');
  const goName = (name: string): string =>
    name === 'uid' ? 'UID' : name.replace(/^api/, 'API').replace(/^./, (letter) => letter.toUpperCase());
  const parts = fields.map((name) => `${goName(name)}:${JSON.stringify(textAt(value, name) ?? '')}`);
  return `${type}{${parts.join(', ')}}`;
}

/** What an event said stays said, but for its series. */
const settled: readonly (readonly [field: string, shown: string])[] = [
  ...[
    'involvedObject',
    'reason',
    'message',
    'source',
    'firstTimestamp',
    'lastTimestamp',
    'count',
    'reason',
    'type',
  ].map((field) => [field, field] as const),
  ...['eventTime', 'action', 'related'].map((field) => [field, field] as const),
  ['reportingComponent', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
];

export function validateNewEventUpdate(event: JsonObject, old: JsonObject): Cause[] {
  const nothing = (value: Json | undefined): Json => value ?? '';
  return [
    ...validateAny(event, 'reportingController'),
    ...(equal(event['series'], old['series']) ? [] : validateSeries(event)),
    ...settled
      .filter(([field]) => !equal(nothing(event[field]), nothing(old[field])))
      .map(([field, shown]) => invalidShown(shown, show(field, event[field]), 'field is immutable')),
  ];
}
