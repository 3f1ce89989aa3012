import { validateId } from '../id-rules.js';
import { isObject } from '../message/shape.js';

/** Ids of containers name folders, with a little more behind them (src/slave/constants.hpp). */
const longestId = 242;

/** What is wrong with the container that a call speaks of; undefined where it speaks of none (src/slave/validation.cpp). */
export function validateContainerCall(field: string, body: unknown): string | undefined {
  const id = isObject(body) ? body['container_id'] : undefined;
  if (id === undefined) return undefined;
  const error = validateContainerId(id);
  if (error !== undefined) return `'${field}.container_id' is invalid: ${error}`;
  // Nested containers have a parent.
  const nested = field.includes('_nested_container');
  return nested && isObject(id) && id['parent'] === undefined
    ? `Expecting '${field}.container_id.parent' to be present`
    : undefined;
}

/** How deep containers may be in one another; Mesos has no limit but its stack. */
const deepest = 32;

export function validateContainerId(id: unknown, depth = 1): string | undefined {
  const value = isObject(id) && typeof id['value'] === 'string' ? id['value'] : '';
  const error = validateId(value);
  if (error !== undefined) return error;
  if (value.length > longestId) {
    return `'ContainerID.value' '${value}' exceeds the maximum length (${String(longestId)})`;
  }
  if (/[. ]/.test(value)) return `'ContainerID.value' '${value}' contains invalid characters`;
  const parent = isObject(id) ? id['parent'] : undefined;
  if (parent === undefined) return undefined;
  if (depth >= deepest)
    return `'ContainerID.parent' is invalid: more than ${String(deepest)} containers in one another`;
  const wrong = validateContainerId(parent, depth + 1);
  return wrong === undefined ? undefined : `'ContainerID.parent' is invalid: ${wrong}`;
}
