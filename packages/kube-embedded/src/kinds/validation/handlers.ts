import type { Cause } from '../../errors.js';
import { type JsonObject, listAt, numberAt, objectAt } from '../../json/tree.js';
import { forbiddenField, invalidValue, required } from './field.js';
import { portName } from './name.js';
import { notNegative } from './number.js';

const portRange = 'must be between 1 and 65535, inclusive';

export const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;

/** A port by its number or its name. */
function portProblems(value: unknown): readonly string[] {
  if (typeof value === 'string') return portName(value);
  return isPort(value ?? 0) ? [] : [portRange];
}

const portOf = (handler: JsonObject, path: string): Cause[] =>
  portProblems(handler['port']).map((why) => invalidValue(`${path}.port`, handler['port'] ?? 0, why));

/** What a probe or a hook does, each with its rules. */
const handlers: Readonly<Record<string, (handler: JsonObject, path: string) => Cause[]>> = {
  exec: (handler, path) => (listAt(handler, 'command').length === 0 ? [required(`${path}.command`)] : []),
  httpGet: portOf,
  tcpSocket: portOf,
  grpc: portOf,
  sleep: () => [],
};

/** The one thing of `kinds` that something does. */
function validateHandler(holder: JsonObject, path: string, kinds: readonly string[]): Cause[] {
  const [first, ...others] = kinds.filter((kind) => holder[kind] !== undefined);
  if (first === undefined) return [required(path, 'must specify a handler type')];
  return [
    ...(handlers[first]?.(objectAt(holder, first) ?? {}, `${path}.${first}`) ?? []),
    ...others.map((kind) => forbiddenField(`${path}.${kind}`, 'may not specify more than 1 handler type')),
  ];
}

const counts = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

export function validateProbes(container: JsonObject, path: string): Cause[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
    const probe = objectAt(container, name);
    if (!probe) return [];
    const here = `${path}.${name}`;
    const successes = numberAt(probe, 'successThreshold') ?? 1;
    return [
      ...validateHandler(probe, here, ['exec', 'httpGet', 'tcpSocket', 'grpc']),
      ...notNegative(probe, here, ...counts),
      ...(name !== 'readinessProbe' && successes !== 1
        ? [invalidValue(`${here}.successThreshold`, successes, 'must be 1')]
        : []),
    ];
  });
}

export function validateHooks(container: JsonObject, path: string): Cause[] {
  return ['postStart', 'preStop'].flatMap((name) => {
    const hook = objectAt(container, 'lifecycle', name);
    return hook ? validateHandler(hook, `${path}.lifecycle.${name}`, ['exec', 'httpGet', 'tcpSocket', 'sleep']) : [];
  });
}

/** An initial container that ends has nothing to be probed for. */
export function validateInitial(container: JsonObject, path: string): Cause[] {
  if (container['restartPolicy'] === 'Always') return [];
  return ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']
    .filter((name) => container[name] !== undefined)
    .map((name) =>
      forbiddenField(`${path}.${name}`, 'may not be set for init containers without restartPolicy=Always'),
    );
}
