import { collections } from './collections.js';
import { conversions } from './conversions.js';
import { kubernetes } from './kubernetes.js';
import { operators } from './operators.js';
import type { Overload } from './overload.js';
import { strings } from './strings.js';
import { times } from './time.js';

const all = [...operators, ...conversions, ...times, ...strings, ...collections, ...kubernetes];

/** Functions and operators by their names, each with the types that it is for. */
export const functions: ReadonlyMap<string, readonly Overload[]> = Map.groupBy(all, ({ name }) => name);
