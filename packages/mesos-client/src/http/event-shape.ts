import { ProtocolError } from './errors.js';

/** What the body of an event must have, as far as this package and its types rely on it. */
export interface EventShape {
  readonly required: readonly string[];
  /** A repeated field that the types promise: it is absent when empty. */
  readonly list?: string;
}

/** By type; undefined for events without a body. */
export type EventShapes<Type extends string> = Readonly<Record<Type, EventShape | undefined>>;

/** Checks the body of an event. False for types of a later Mesos. Throws `ProtocolError` for what no Mesos sends. */
export function isEventOf<Event extends { type: string }>(
  shapes: EventShapes<Event['type']>,
  event: { type: string },
  url: URL,
): event is Event {
  if (!isKnown(shapes, event.type)) return false;
  const shape = shapes[event.type];
  if (!shape) return true;
  const name = event.type.toLowerCase();
  const body: unknown = Reflect.get(event, name);
  if (typeof body !== 'object' || body === null) throw new ProtocolError(url, `event ${event.type} without ${name}`);
  for (const key of shape.required) {
    if (!(key in body)) throw new ProtocolError(url, `event ${event.type} without ${name}.${key}`);
  }
  if (shape.list !== undefined && !(shape.list in body)) Reflect.set(body, shape.list, []);
  return true;
}

function isKnown<Type extends string>(shapes: EventShapes<Type>, type: string): type is Type {
  return Object.hasOwn(shapes, type);
}
