import { parseExactJson, printJson } from '../codec/json.js';
import { MesosSyntaxError } from '../errors.js';
import type { Resource } from '../types/resource.js';
import { ResourceCollection } from './collection.js';
import { isDynamicallyReserved } from './reservations.js';
import { parseResourceJson } from './resource-json.js';
import { isEmptyResource, isPersistentVolume, isRevocable, upgradeResource } from './resource.js';
import { validateResource } from './validate.js';
import { parseValueText } from './value.js';

/** How `parseResources` reads. */
export interface ParseResourcesOptions {
  /** Role of resources that name none. Default `*`, unreserved. */
  defaultRole?: string | undefined;
}

interface Located {
  resource: Resource;
  position: number;
}

const ADVICE = 'write name(role):value separated by ";", for instance cpus:2;mem:512;ports:[31000-32000]';

/**
 * Reads an agent's `--resources`: `name(role):value` separated by `;`, or a JSON array of resources as text or as such. Merged, without
 * empty amounts; reservations in `reservations`. Like an agent it refuses invalid resources, persistent volumes, revocable and
 * dynamically reserved ones, and one name with two types. Throws `MesosSyntaxError` with the position.
 *
 * ```ts
 * parseResources('cpus:2;mem(web):512;ports:[31000-32000]');
 * ```
 */
export function parseResources(input: string | readonly unknown[], options: ParseResourcesOptions = {}): Resource[] {
  const { defaultRole = '*' } = options;
  const text = typeof input === 'string' ? input : printJson(input);
  const located = typeof input === 'string' ? parseText(input, defaultRole) : parseArray(input, text, defaultRole);
  const types = new Map<string, string>();
  for (const { resource, position } of located) {
    const fail = (reason: string): never => {
      throw new MesosSyntaxError('resources', text, position, reason, ADVICE);
    };
    const problem = validateResource(resource);
    if (problem !== undefined) fail(problem);
    // Nothing of it is left, as in Mesos, to be of another type or kind.
    if (isEmptyResource(resource)) continue;
    if (isPersistentVolume(resource)) fail('persistent volumes cannot be given here');
    if (isRevocable(resource)) fail('revocable resources cannot be given here');
    if (isDynamicallyReserved(resource)) fail('dynamic reservations cannot be given here');
    const type = types.get(resource.name) ?? resource.type;
    if (type !== resource.type) fail(`"${resource.name}" is both ${type} and ${resource.type}`);
    types.set(resource.name, type);
  }
  return new ResourceCollection(located.map(({ resource }) => resource)).toArray();
}

function parseText(text: string, defaultRole: string): Located[] {
  if (/^\s*\[/.test(text)) {
    try {
      const parsed = parseExactJson(text);
      if (Array.isArray(parsed)) return parseArray(parsed, text, defaultRole);
    } catch (cause) {
      if (cause instanceof MesosSyntaxError) throw cause;
      // Mesos reads it as `name:value` then; no such text begins with a bracket, so the JSON error says more.
      const position = Number(/position (\d+)/.exec(String(cause))?.[1] ?? 0);
      throw new MesosSyntaxError('resources', text, position, 'not a JSON array', ADVICE, cause);
    }
  }
  const located: Located[] = [];
  let position = 0;
  for (const token of text.split(';')) {
    if (token !== '') located.push({ resource: parseToken(token, text, position, defaultRole), position });
    position += token.length + 1;
  }
  return located;
}

function parseArray(values: readonly unknown[], text: string, defaultRole: string): Located[] {
  return values.map((value, index) => {
    const parsed = parseResourceJson(value);
    if (typeof parsed === 'string') {
      throw new MesosSyntaxError('resources', text, 0, `element ${index} of the JSON array: ${parsed}`, ADVICE);
    }
    const named = parsed.role !== undefined || (parsed.reservations?.length ?? 0) > 0;
    const problem = validateResource(named ? parsed : { ...parsed, role: defaultRole });
    if (problem !== undefined) throw new MesosSyntaxError('resources', text, 0, `element ${index}: ${problem}`, ADVICE);
    return { resource: upgradeResource(named ? parsed : { ...parsed, role: defaultRole }), position: 0 };
  });
}

function parseToken(token: string, text: string, position: number, defaultRole: string): Resource {
  const fail = (offset: number, reason: string): never => {
    throw new MesosSyntaxError('resources', text, position + offset, reason, ADVICE);
  };
  const [head = '', value = '', ...rest] = token.split(':').filter((part) => part !== '');
  if (value === '' || rest.length > 0) return fail(0, `"${token}" is missing a ":" or has one too many`);
  const open = head.indexOf('(');
  const close = head.indexOf(')');
  if (open >= 0 && close < open) return fail(open, 'mismatched parentheses');
  const name = (open < 0 ? head : head.slice(0, open)).trim();
  const role = open < 0 ? defaultRole : head.slice(open + 1, close).trim();
  const parsed = parseValueText(value);
  const start = token.indexOf(':') + 1;
  if (!('type' in parsed)) return fail(start + parsed.offset, `"${name}": ${parsed.problem}`);
  const { type } = parsed;
  if (type === 'TEXT') return fail(start, `"${value}" of "${name}" is neither a number, nor ranges, nor a set`);
  if (role === '*') return { name, ...parsed };
  return { name, ...parsed, reservations: [{ type: 'STATIC', role }] };
}
