import type { Service } from './model/service.js';

/** What differs from one replica of a service to the next: one entry of `x-replicas`. */
export interface ReplicaRule {
  /** The replica it is for, counted from 1; every one without it. */
  readonly number?: number;
  /** Variables that the service does not set itself. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Text added to the end of what a variable holds. */
  readonly append: Readonly<Record<string, string>>;
}

/** `x-replicas` cannot be read: the message says which service and what is wrong. */
export class ReplicaRuleError extends Error {
  override readonly name = 'ReplicaRuleError';
  readonly code = 'replica-rule';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw new ReplicaRuleError(`${where} must be a mapping of variables`);
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => {
      if (typeof text === 'object') throw new ReplicaRuleError(`${where}.${key} must be a text or number`);
      return [key, String(text)];
    }),
  );
}

/** The rules that a service gives in its extension `x-replicas`; none without it. @throws ReplicaRuleError */
export function replicaRules(service: Service): readonly ReplicaRule[] {
  const rules = service['x-replicas'];
  if (rules === undefined) return [];
  const where = `services.${service.name}.x-replicas`;
  if (!Array.isArray(rules)) throw new ReplicaRuleError(`${where} must be a list`);
  return rules.map((rule: unknown, index): ReplicaRule => {
    const here = `${where}[${index}]`;
    if (!isRecord(rule)) throw new ReplicaRuleError(`${here} must be a mapping`);
    for (const key of Object.keys(rule)) {
      if (!['number', 'defaults', 'append'].includes(key)) {
        throw new ReplicaRuleError(`${here}: unknown key ${key}; number, defaults and append are known`);
      }
    }
    const number = rule['number'] === undefined ? undefined : Number(rule['number']);
    if (number !== undefined && !(Number.isInteger(number) && number > 0)) {
      throw new ReplicaRuleError(`${here}.number must be 1 or more`);
    }
    return {
      ...(number !== undefined && { number }),
      defaults: textsOf(rule['defaults'], `${here}.defaults`),
      append: textsOf(rule['append'], `${here}.append`),
    };
  });
}

/**
 * The environment of one replica of a service: its own variables, then the rules of `x-replicas` from first to last. `{number}` in a
 * rule's value is the replica's number. Variables without a value are left out.
 * @param number of the replica, counted from 1
 * @throws ReplicaRuleError
 */
export function replicaEnvironment(service: Service, number: number): Record<string, string> {
  const environment = new Map<string, string>();
  for (const [key, value] of Object.entries(service.environment ?? {})) if (value !== null) environment.set(key, value);
  const fill = (text: string): string => text.replaceAll('{number}', String(number));
  for (const rule of replicaRules(service)) {
    if (rule.number !== undefined && rule.number !== number) continue;
    for (const [key, value] of Object.entries(rule.defaults))
      if (!environment.has(key)) environment.set(key, fill(value));
    for (const [key, value] of Object.entries(rule.append))
      environment.set(key, (environment.get(key) ?? '') + fill(value));
  }
  return Object.fromEntries(environment);
}
