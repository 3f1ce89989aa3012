import { type Type, readType } from '../type.js';
import type { Opaque, Value } from '../value.js';

/** What values of a type are to the code of a function. */
interface Forms {
  dyn: Value;
  bool: boolean;
  int: bigint;
  uint: Opaque & { readonly type: 'uint' };
  double: number;
  string: string;
  bytes: Uint8Array;
  timestamp: Opaque & { readonly type: 'timestamp' };
  duration: Opaque & { readonly type: 'duration' };
  url: Opaque & { readonly type: 'url' };
  quantity: Opaque & { readonly type: 'quantity' };
  ip: Opaque & { readonly type: 'ip' };
  cidr: Opaque & { readonly type: 'cidr' };
  format: Opaque & { readonly type: 'format' };
  'type<T>': Opaque & { readonly type: 'type' };
  'optional<T>': Opaque & { readonly type: 'optional' };
  'list<T>': readonly Value[];
  'list<string>': readonly string[];
  'list<dyn>': readonly Value[];
  'map<K,V>': ReadonlyMap<Value, Value>;
  T: Value;
}
type Form = keyof Forms;
type Arguments<A extends readonly Form[]> = { readonly [I in keyof A]: Forms[A[I]] };

/** A function for arguments of certain types. A method's first argument is what it is called on. */
export interface Overload {
  readonly name: string;
  readonly method: boolean;
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly run: (...args: readonly Value[]) => Value;
}

const overload =
  (method: boolean) =>
  <const A extends readonly Form[]>(
    name: string,
    parameters: A,
    result: string,
    run: (...args: Arguments<A>) => Value,
  ): Overload => ({
    name,
    method,
    parameters: parameters.map((text) => readType(text)),
    result: readType(result),
    // Calls are only made with arguments that fit the parameters.
    run: run as unknown as Overload['run'],
  });

/** `size(x)`, and operators: `_+_` */
export const global = overload(false);
/** `x.size()` */
export const method = overload(true);
