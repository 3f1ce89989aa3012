import { AGENT_MESSAGES } from './agent-messages.js';
import { ENUMS } from './enums.js';
import { FRAMEWORK_MESSAGES } from './framework-messages.js';
import { MASTER_MESSAGES } from './master-messages.js';
import { MESOS_MESSAGES } from './mesos-messages.js';
import { STATISTICS_MESSAGES } from './statistics-messages.js';

/** Types of fields that are neither messages nor enums. */
export type ScalarType = 'double' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'bool' | 'string' | 'bytes';

/** What a field holds. */
export type FieldKind =
  | { readonly is: 'scalar'; readonly type: ScalarType }
  | { readonly is: 'enum'; readonly type: EnumType }
  | { readonly is: 'message'; readonly type: MessageType };

/** One field of a message. */
export interface Field {
  readonly name: string;
  readonly number: number;
  readonly kind: FieldKind;
  readonly shape: 'one' | 'list' | 'map';
  readonly required: boolean;
}

/** A message: its fields by ascending number. */
export interface MessageType {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  readonly byName: ReadonlyMap<string, Field>;
  /** What JSON shows in place of unset fields (`jsonify` of stout writes declared defaults, but not deprecated ones). */
  readonly defaults: readonly (readonly [name: string, value: unknown])[];
}

/** An enum, by name and by number. */
export interface EnumType {
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

/** Every message of the v1 API that this package knows. */
export const MESSAGES: Readonly<Record<string, string>> = {
  ...MESOS_MESSAGES,
  ...FRAMEWORK_MESSAGES,
  ...MASTER_MESSAGES,
  ...AGENT_MESSAGES,
  ...STATISTICS_MESSAGES,
};

const SCALARS = new Set<string>(['double', 'int32', 'uint32', 'int64', 'uint64', 'bool', 'string', 'bytes']);
const messages = new Map<string, MessageType>();
const enums = new Map<string, EnumType>();

/** The message of this name, read from its line when first asked for. Throws `TypeError` for a name that is not in the tables. */
export function messageType(name: string): MessageType {
  const known = messages.get(name);
  if (known) return known;
  const line = MESSAGES[name];
  if (line === undefined) throw new TypeError(`no message ${name} in the tables of the v1 API`);
  const fields: Field[] = [];
  const byNumber = new Map<number, Field>();
  const byName = new Map<string, Field>();
  const defaults: [string, unknown][] = [];
  const type: MessageType = { name, fields, byNumber, byName, defaults };
  // Known before its fields are read: messages may hold themselves (ContainerID.parent).
  messages.set(name, type);
  for (const entry of line.split(' ')) {
    if (entry === '') continue;
    const [, key = '', number = '', of = '', mark, otherwise] =
      /^(\w+)=(\d+):(\w+)(!|\[\]|\{\})?(?:\((.+)\))?$/.exec(entry) ?? [];
    const field: Field = {
      name: key,
      number: Number(number),
      kind: kindOf(of),
      shape: mark === '[]' ? 'list' : mark === '{}' ? 'map' : 'one',
      required: mark === '!',
    };
    fields.push(field);
    byNumber.set(field.number, field);
    byName.set(field.name, field);
    if (otherwise !== undefined) defaults.push([key, JSON.parse(otherwise)]);
  }
  fields.sort((a, b) => a.number - b.number);
  return type;
}

function kindOf(name: string): FieldKind {
  if (isScalar(name)) return { is: 'scalar', type: name };
  return name in ENUMS ? { is: 'enum', type: enumType(name) } : { is: 'message', type: messageType(name) };
}

function isScalar(name: string): name is ScalarType {
  return SCALARS.has(name);
}

function enumType(name: string): EnumType {
  const known = enums.get(name);
  if (known) return known;
  const pairs = (ENUMS[name] ?? '').split(' ').map((entry) => {
    const [text = '', number = ''] = entry.split('=');
    return [text, Number(number)] as const;
  });
  const type: EnumType = {
    name,
    numbers: new Map(pairs),
    names: new Map(pairs.map(([text, number]) => [number, text])),
  };
  enums.set(name, type);
  return type;
}
