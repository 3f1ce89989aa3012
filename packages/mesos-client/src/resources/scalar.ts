/**
 * Mesos computes with thousandths as integers: `llround(value * 1000)` (src/v1/values.cpp), halves away from zero.
 * Numbers up to 9 * 10^12 are exact here.
 */
export function toThousandths(value: number): number {
  const rounded = Math.round(Math.abs(value) * 1000);
  return value < 0 ? -rounded : rounded;
}

/** The number again. */
export function fromThousandths(thousandths: number): number {
  // `|| 0` makes -0 plain.
  return thousandths / 1000 || 0;
}

/** The value as Mesos sees it: three decimals. */
export function roundScalar(value: number): number {
  return fromThousandths(toThousandths(value));
}

/** Sum with three decimals. */
export function addScalars(left: number, right: number): number {
  return fromThousandths(toThousandths(left) + toThousandths(right));
}

/** Difference with three decimals; may be negative. */
export function subtractScalars(left: number, right: number): number {
  return fromThousandths(toThousandths(left) - toThousandths(right));
}

/** -1, 0 or 1, after rounding to three decimals. */
export function compareScalars(left: number, right: number): -1 | 0 | 1 {
  const difference = toThousandths(left) - toThousandths(right);
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

/**
 * At most three decimals, and 15 digits in all, as C++ streams print a double with its `digits10`: `1.235`, `1000001`, `1e+15`.
 */
export function printScalar(value: number): string {
  const rounded = Number(roundScalar(value).toPrecision(15));
  return Math.abs(rounded) < 1e15 ? String(rounded) : rounded.toExponential();
}
