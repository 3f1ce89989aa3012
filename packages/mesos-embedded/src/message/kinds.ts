import { InvalidCallError, type Codec } from '@kmd/mesos-client';

import { ConversionError } from './shape.js';

/** How many names of enums that nobody knows one call may hold. */
const mostUnknownNames = 100;

/**
 * Holds a call against its message: every field must have a value of its kind, at any depth; names of enums that are not known are
 * taken away, as Mesos leaves such fields unset (3rdparty/stout protobuf.hpp). Changes the call.
 *
 * @throws {ConversionError}
 */
export function checkKinds(codec: Codec, message: string, call: Readonly<Record<string, unknown>>): void {
  for (let unknown = 0; unknown < mostUnknownNames; unknown += 1) {
    try {
      codec.encode(message, call);
      return;
    } catch (error) {
      if (!(error instanceof InvalidCallError)) throw new ConversionError(String(error), { cause: error });
      if (!isUnknownName(error) || !remove(call, error.path))
        throw new ConversionError(error.message, { cause: error });
    }
  }
  throw new ConversionError('Too many unknown names');
}

function isUnknownName({ message }: InvalidCallError): boolean {
  return /: it holds "[^]*"; (known are |did you mean ")/.test(message);
}

/** Takes away what stands at a path such as `accept.operations[0].type`. */
function remove(call: unknown, path: string): boolean {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop();
  let parent = call;
  for (const key of keys) parent = typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
  if (typeof parent !== 'object' || parent === null || last === undefined) return false;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
  return true;
}
