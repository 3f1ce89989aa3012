/** The type of an expression, before it runs. `T`-like types are parameters of functions. */
export type Type =
  | { readonly kind: Simple }
  | { readonly kind: 'list' | 'optional' | 'type'; readonly of: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly of: Type }
  | { readonly kind: 'object'; readonly name: string; readonly fields: ReadonlyMap<string, Type> }
  | { readonly kind: 'parameter'; readonly name: string };

/** Types of what JavaScript has no kind for, which may be missing: `null`. */
const opaque = ['timestamp', 'duration', 'url', 'quantity', 'ip', 'cidr', 'format'] as const;
const simple = ['dyn', 'null_type', 'bool', 'int', 'uint', 'double', 'string', 'bytes', ...opaque] as const;
const nullable: readonly string[] = ['null_type', 'object', 'optional', ...opaque];

export type Simple = (typeof simple)[number];

const isSimple = (text: string): text is Simple => simple.some((kind) => kind === text);

export const dyn: Type = { kind: 'dyn' };
export const bool: Type = { kind: 'bool' };
export const listOf = (of: Type): Type => ({ kind: 'list', of });
export const mapOf = (key: Type, of: Type): Type => ({ kind: 'map', key, of });
export const optionalOf = (of: Type): Type => ({ kind: 'optional', of });

/** Reads `int`, `list<T>`, `map<string,list<string>>`; a capital letter is a parameter. */
export function readType(text: string): Type {
  if (isSimple(text)) return { kind: text };
  const found = /^(list|optional|type|map)<(.*)>$/.exec(text);
  const [, kind, inner = ''] = found ?? [];
  if (kind === 'map') {
    const [key = '', ...rest] = inner.split(',');
    return mapOf(readType(key), readType(rest.join(',')));
  }
  if (kind === 'list' || kind === 'optional' || kind === 'type') return { kind, of: readType(inner) };
  return { kind: 'parameter', name: text };
}

const wellKnown: Readonly<Record<string, string>> = {
  null_type: 'null',
  timestamp: 'timestamp',
  duration: 'duration',
  url: 'kubernetes.URL',
  quantity: 'kubernetes.Quantity',
  ip: 'net.IP',
  cidr: 'net.CIDR',
  format: 'kubernetes.NamedFormat',
};

/** As cel-go prints it: `list(int)`. */
export function printType(type: Type): string {
  switch (type.kind) {
    case 'list':
    case 'type':
      return `${type.kind}(${printType(type.of)})`;
    case 'optional':
      return `optional_type(${printType(type.of)})`;
    case 'map':
      return `map(${printType(type.key)}, ${printType(type.of)})`;
    case 'object':
    case 'parameter':
      return type.name;
    default:
      return wellKnown[type.kind] ?? type.kind;
  }
}

/** What parameters stand for in one call. */
export type Bindings = Map<string, Type>;

/** Whether a value of the type `given` fits where `wanted` is asked for; binds the parameters of `wanted` that are not bound yet. */
export function fits(wanted: Type, given: Type, bindings: Bindings): boolean {
  if (wanted.kind === 'dyn' || given.kind === 'dyn') return true;
  if (wanted.kind === 'parameter') {
    const bound = bindings.get(wanted.name);
    if (bound === undefined || bound.kind === 'dyn') {
      bindings.set(wanted.name, given);
      return true;
    }
    if (fits(bound, given, bindings)) return true;
    // The second says more than the first: `null == x`, `[] == x`.
    return fits(given, bound, bindings);
  }
  if (given.kind === 'null_type') return nullable.includes(wanted.kind);
  if (wanted.kind === 'map')
    return given.kind === 'map' && fits(wanted.key, given.key, bindings) && fits(wanted.of, given.of, bindings);
  if (wanted.kind === 'object') return given.kind === 'object' && given.name === wanted.name;
  if (wanted.kind === 'list' || wanted.kind === 'optional' || wanted.kind === 'type') {
    return given.kind === wanted.kind && fits(wanted.of, given.of, bindings);
  }
  return given.kind === wanted.kind;
}

/** A type with the parameters replaced by what they stand for. */
export function bind(type: Type, bindings: Bindings): Type {
  if (type.kind === 'parameter') return bindings.get(type.name) ?? dyn;
  if (type.kind === 'map') return mapOf(bind(type.key, bindings), bind(type.of, bindings));
  if (type.kind === 'list' || type.kind === 'optional' || type.kind === 'type') {
    return { kind: type.kind, of: bind(type.of, bindings) };
  }
  return type;
}
