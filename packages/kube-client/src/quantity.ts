const binary: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const decimal: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

/** A text that is no Kubernetes quantity (`code` is `InvalidQuantity`). */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
  readonly code = 'InvalidQuantity';

  constructor(text: string) {
    super(`"${text}" is not a quantity: write a number with an optional suffix, for instance 250m, 2, 64Mi or 1G`);
  }
}

/**
 * Reads a Kubernetes quantity (`250m`, `0.5`, `64Mi`, `1e3`, `1G`) as a number of its base unit: cores, or bytes.
 * Grammar: apimachinery's `resource.Quantity`. Throws {@link QuantityError}.
 */
export function parseQuantity(text: string | number): number {
  if (typeof text === 'number') return text;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/.exec(text.trim());
  const [, digits, exponent, suffix = ''] = match ?? [];
  if (digits === undefined) throw new QuantityError(text);
  const scale = binary[suffix] ?? decimal[suffix];
  if (scale === undefined) throw new QuantityError(text);
  return Number(digits + (exponent ?? '')) * scale;
}

/** Prints cores as Kubernetes does: `4`, `3750m`. */
export function printCpu(cores: number): string {
  const milli = Math.round(cores * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Prints mebibytes (what Mesos counts) as a quantity: `64Mi`. Parts of a mebibyte are cut off. */
export function printMebibytes(mebibytes: number): string {
  return `${Math.floor(mebibytes)}Mi`;
}
