import type { JsonObject } from './tree.js';

/** Objects are frozen and live long; each is written as text once, however many lists, watches and journals carry it. */
const written = new WeakMap<JsonObject, string>();

export function textOf(object: JsonObject): string {
  let text = written.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    if (Object.isFrozen(object)) written.set(object, text);
  }
  return text;
}
