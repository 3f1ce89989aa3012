import { parseQuantity, printCpu } from '@kmd/kube-client';
import type { Json } from '../json/tree.js';

/** A quantity as a number of its base unit; what is none is 0. */
export function amountOf(value: Json | undefined): number {
  if (typeof value !== 'string' && typeof value !== 'number') return 0;
  try {
    return parseQuantity(value);
  } catch {
    return 0;
  }
}

const binaryUnits = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];
const decimalUnits = ['E', 'P', 'T', 'G', 'M', 'k'];

/** Prints an amount of a resource in the kind of unit that `sample` is written in, in the largest that leaves no fraction. */
export function printAmount(resource: string, amount: number, sample: Json | undefined): string {
  if (resource === 'cpu' || resource.endsWith('.cpu')) return printCpu(amount);
  const binary = typeof sample === 'string' && sample.endsWith('i');
  const base = binary ? 1024 : 1000;
  const units = binary ? binaryUnits : decimalUnits;
  const suffixed = typeof sample === 'string' && /[A-Za-z]$/.test(sample);
  for (const [index, unit] of units.entries()) {
    const size = base ** (units.length - index);
    if (suffixed && amount >= size && Number.isInteger(amount / size)) return `${amount / size}${unit}`;
  }
  return Number.isInteger(amount) ? String(amount) : `${Math.ceil(amount * 1000)}m`;
}
