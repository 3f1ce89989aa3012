import { forbidden } from '../errors.js';
import { type Json, type JsonObject, ensureObject, objectAt, objectsAt, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import { qualityOfService } from '../pods/quality.js';
import type { Backend } from '../requests/backend.js';
import { amountOf, printAmount } from './quantity.js';
import { podTotals } from './usage.js';

/** Gives containers the limits and requests that their namespace has for those that say nothing, and refuses what is out of its ranges. */
export function admitLimits(backend: Backend, kind: Kind, object: JsonObject): void {
  if (kind.store !== 'pods' && kind.store !== 'persistentvolumeclaims') return;
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  const ranges = backend.store.list('limitranges', namespace).objects;
  if (ranges.length === 0) return;
  const errors: string[] = [];
  for (const range of ranges) {
    const items = objectsAt(range, 'spec', 'limits');
    if (kind.store === 'pods') {
      setDefaults(
        object,
        items.filter((item) => item['type'] === 'Container'),
      );
      errors.push(...checkPod(object, items));
    } else {
      for (const item of items.filter((each) => each['type'] === 'PersistentVolumeClaim')) {
        errors.push(...check(item, objectAt(object, 'spec', 'resources', 'requests') ?? {}, {}));
      }
    }
  }
  if (kind.store === 'pods') ensureObject(object, 'status')['qosClass'] = qualityOfService(object);
  const name = textAt(object, 'metadata', 'name') ?? '';
  if (errors.length > 0) throw forbidden(kind, name, errors.length === 1 ? errors.join() : `[${errors.join(', ')}]`);
}

function setDefaults(pod: JsonObject, items: readonly JsonObject[]): void {
  const notes: string[] = [];
  const fill = (container: JsonObject, word: string): void => {
    const resources = ensureObject(container, 'resources');
    for (const [part, field, noun] of [
      ['requests', 'defaultRequest', 'request'],
      ['limits', 'default', 'limit'],
    ] as const) {
      const set: string[] = [];
      for (const item of items) {
        for (const [resource, value] of Object.entries(objectAt(item, field) ?? {})) {
          const own = ensureObject(resources, part);
          if (own[resource] !== undefined) continue;
          own[resource] = value;
          set.push(resource);
        }
      }
      if (set.length > 0) notes.push(`${set.sort().join(', ')} ${noun} for ${word} ${textAt(container, 'name') ?? ''}`);
    }
  };
  for (const container of objectsAt(pod, 'spec', 'containers')) fill(container, 'container');
  for (const container of objectsAt(pod, 'spec', 'initContainers')) fill(container, 'init container');
  if (notes.length === 0) return;
  const annotations = ensureObject(ensureObject(pod, 'metadata'), 'annotations');
  annotations['kubernetes.io/limit-ranger'] = `LimitRanger plugin set: ${notes.join('; ')}`;
}

function checkPod(pod: JsonObject, items: readonly JsonObject[]): string[] {
  const errors: string[] = [];
  for (const item of items) {
    if (item['type'] === 'Container') {
      for (const container of [...objectsAt(pod, 'spec', 'containers'), ...objectsAt(pod, 'spec', 'initContainers')]) {
        const resources = objectAt(container, 'resources');
        errors.push(...check(item, objectAt(resources, 'requests') ?? {}, objectAt(resources, 'limits') ?? {}));
      }
    } else if (item['type'] === 'Pod') {
      const total = (part: 'requests' | 'limits'): JsonObject => Object.fromEntries(podTotals(pod, part));
      errors.push(...check(item, total('requests'), total('limits')));
    }
  }
  return errors;
}

/** One range over what is asked for. Amounts are shown as the range writes its own. */
function check(item: JsonObject, requests: JsonObject, limits: JsonObject): string[] {
  const type = textAt(item, 'type') ?? '';
  const errors: string[] = [];
  const sorted = (field: string): [string, Json][] =>
    Object.entries(objectAt(item, field) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [resource, bound] of sorted('min')) {
    const say = (value: Json | undefined): string => printAmount(resource, amountOf(value), bound);
    const request = requests[resource];
    const limit = limits[resource];
    const start = `minimum ${resource} usage per ${type} is ${say(bound)}`;
    if (request === undefined) errors.push(`${start}.  No request is specified`);
    else if (amountOf(request) < amountOf(bound)) errors.push(`${start}, but request is ${say(request)}`);
    else if (limit !== undefined && amountOf(limit) < amountOf(bound))
      errors.push(`${start}, but limit is ${say(limit)}`);
  }
  for (const [resource, bound] of sorted('max')) {
    const say = (value: Json | undefined): string => printAmount(resource, amountOf(value), bound);
    // A claim has requests alone.
    const limit = type === 'PersistentVolumeClaim' ? requests[resource] : limits[resource];
    const noun = type === 'PersistentVolumeClaim' ? 'request' : 'limit';
    const request = requests[resource];
    const start = `maximum ${resource} usage per ${type} is ${say(bound)}`;
    if (limit === undefined) errors.push(`${start}.  No ${noun} is specified`);
    else if (amountOf(limit) > amountOf(bound)) errors.push(`${start}, but ${noun} is ${say(limit)}`);
    else if (request !== undefined && amountOf(request) > amountOf(bound)) {
      errors.push(`${start}, but request is ${say(request)}`);
    }
  }
  for (const [resource, bound] of sorted('maxLimitRequestRatio')) {
    const request = amountOf(requests[resource]);
    const limit = amountOf(limits[resource]);
    const start = `${resource} max limit to request ratio per ${type} is ${String(bound)}, but`;
    if (request === 0) errors.push(`${start} no request is specified or request is 0`);
    else if (limit === 0) errors.push(`${start} no limit is specified or limit is 0`);
    else if (limit / request > amountOf(bound))
      errors.push(`${start} provided ratio is ${(limit / request).toFixed(6)}`);
  }
  return errors;
}
