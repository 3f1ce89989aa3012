import { canonicalQuantity } from '../../json/quantity.js';
import { type Json, objectAt, textAt } from '../../json/tree.js';

/** Whole bytes only: a quantity in its written form ends with a small unit where it has a fraction. */
const hasFraction = (quantity: string): boolean => /([mun]|e-\d+)$/.test(canonicalQuantity(quantity));

/** Amounts of bytes that are none, at `field` of a holder of requests and limits. */
export function warnOfFractions(
  holder: Json | undefined,
  field: string,
  parts: readonly string[],
  resources: readonly string[],
): readonly string[] {
  return resources.flatMap((resource) =>
    parts.flatMap((part) => {
      const quantity = textAt(objectAt(holder, part), resource) ?? '';
      return hasFraction(quantity)
        ? [`${field}.${part}[${resource}]: fractional byte value "${quantity}" is invalid, must be an integer`]
        : [];
    }),
  );
}
