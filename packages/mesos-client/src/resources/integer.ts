import type { Uint64 } from '../types/ids.js';

// Unsigned 64-bit integers as messages give them: numbers up to 2^53 - 1, bigints beyond. `<` and `>` compare the two exactly as they are.

/** The greatest of 64 bits. */
export const GREATEST_UINT64 = 2n ** 64n - 1n;

/** A number where that is exact, else the bigint. */
export function narrow(integer: bigint): Uint64 {
  return integer <= Number.MAX_SAFE_INTEGER && integer >= Number.MIN_SAFE_INTEGER ? Number(integer) : integer;
}

/** The same integer, whether as number or as bigint. */
export function isSame(left: Uint64, right: Uint64): boolean {
  return left <= right && left >= right;
}

/** `integer + 1`, exact. */
export function successor(integer: Uint64): Uint64 {
  return typeof integer === 'number' && integer < Number.MAX_SAFE_INTEGER ? integer + 1 : narrow(BigInt(integer) + 1n);
}

/** `integer - 1`, exact. */
export function predecessor(integer: Uint64): Uint64 {
  return typeof integer === 'number' && integer <= Number.MAX_SAFE_INTEGER ? integer - 1 : narrow(BigInt(integer) - 1n);
}

/** As `[1-5]` shows it: every digit, never an exponent. */
export function printInteger(integer: Uint64): string {
  return Number.isSafeInteger(integer) ? String(integer) : BigInt(integer).toString();
}
