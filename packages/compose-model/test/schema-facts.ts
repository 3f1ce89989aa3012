import type { Shape } from '../src/schema/shape.js';

/** What a schema says of the value at one path, in one line of text. */
export type Facts = Readonly<Record<string, string>>;

interface Found {
  readonly types: Set<string>;
  readonly rules: Set<string>;
}

function record(facts: Map<string, Found>, path: string): Found {
  let found = facts.get(path);
  if (found === undefined) {
    found = { types: new Set(), rules: new Set() };
    facts.set(path, found);
  }
  return found;
}

function print(facts: ReadonlyMap<string, Found>): Facts {
  return Object.fromEntries(
    [...facts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { types, rules }]) => [
        path,
        [[...types].sort().join('|') || 'any', ...[...rules].sort()].join(' '),
      ]),
  );
}

type Json = Readonly<Record<string, unknown>>;

function asMap(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The facts of a JSON schema: types, choices, patterns, bounds, required and allowed keys. Descriptions and formats do not count. */
export function factsOfSchema(schema: Json): Facts {
  const facts = new Map<string, Found>();
  const definitions = { ...asMap(schema['definitions']), ...asMap(schema['$defs']) };
  const walk = (given: Json, path: string): void => {
    const reference = given['$ref'];
    if (typeof reference === 'string') {
      walk(asMap(definitions[reference.replace(/^#\/(?:definitions|\$defs)\//, '')]), path);
      return;
    }
    const found = record(facts, path);
    for (const alternatives of ['oneOf', 'anyOf', 'allOf']) {
      for (const one of (given[alternatives] as readonly Json[] | undefined) ?? []) walk(one, path);
    }
    const types = [given['type'] ?? []].flat() as string[];
    for (const type of types) found.types.add(type === 'array' ? 'list' : type === 'object' ? 'map' : type);
    if (given['enum'] !== undefined) found.rules.add(`of(${(given['enum'] as unknown[]).join(',')})`);
    if (typeof given['pattern'] === 'string') found.rules.add(`like(${given['pattern']})`);
    if (given['minimum'] !== undefined) found.rules.add(`>=${String(given['minimum'])}`);
    if (given['maximum'] !== undefined) found.rules.add(`<=${String(given['maximum'])}`);
    if (types.includes('array')) {
      if (given['uniqueItems'] === true) found.rules.add('distinct');
      walk(asMap(given['items']), `${path}[]`);
    }
    if (types.includes('object')) {
      for (const name of (given['required'] as readonly string[] | undefined) ?? []) found.rules.add(`needs(${name})`);
      for (const [key, inner] of Object.entries(asMap(given['properties']))) walk(asMap(inner), `${path}.${key}`);
      for (const [pattern, inner] of Object.entries(asMap(given['patternProperties']))) {
        if (pattern === '^x-') {
          if (given['additionalProperties'] === false) found.rules.add('x-');
        } else {
          found.rules.add(`names(${pattern === '.+' || pattern === '^.+$' ? 'any' : pattern})`);
          walk(asMap(inner), `${path}.*`);
        }
      }
      if (given['additionalProperties'] !== false) found.rules.add('open');
    }
  };
  walk(schema, '');
  return print(facts);
}

/** The facts of this package's own schema. */
export function factsOfShape(shape: Shape): Facts {
  const facts = new Map<string, Found>();
  const walk = (given: Shape, path: string): void => {
    const found = record(facts, path);
    switch (given.kind) {
      case 'any':
        return;
      case 'choice':
        for (const one of given.shapes) walk(one, path);
        return;
      case 'scalar':
        for (const type of given.types) found.types.add(type);
        if (given.values !== undefined) found.rules.add(`of(${given.values.join(',')})`);
        if (given.pattern !== undefined) found.rules.add(`like(${given.pattern})`);
        if (given.least !== undefined) found.rules.add(`>=${given.least}`);
        if (given.most !== undefined) found.rules.add(`<=${given.most}`);
        return;
      case 'list':
        found.types.add('list');
        if (given.distinct) found.rules.add('distinct');
        walk(given.item, `${path}[]`);
        return;
      case 'map':
        found.types.add('map');
        for (const name of given.required) found.rules.add(`needs(${name})`);
        for (const [key, inner] of Object.entries(given.fields)) walk(inner, `${path}.${key}`);
        // Where every key is open there is nothing more to say.
        if (given.extensible && !given.open) found.rules.add('x-');
        if (given.names !== undefined && !(given.open && given.names.shape.kind === 'any')) {
          const { source } = given.names.pattern;
          found.rules.add(`names(${source === '^[^]+$' ? 'any' : source})`);
          walk(given.names.shape, `${path}.*`);
        }
        if (given.open) found.rules.add('open');
    }
  };
  walk(shape, '');
  return print(facts);
}
