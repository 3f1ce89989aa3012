const decimals = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binaries = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 9;

interface Quantity {
  /** In billionths, rounded away from zero, without its sign. */
  readonly amount: bigint;
  readonly negative: boolean;
  readonly family: 'decimal' | 'binary' | 'exponential';
}

function parse(text: string): Quantity | undefined {
  const parsed = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (!parsed || text.length > 60) return undefined;
  const [, sign, whole = '', fraction = '', exponential, exponent = '0', suffix = ''] = parsed;
  if (whole === '' && fraction === '') return undefined;
  const binary = binaries.indexOf(suffix);
  let digits = BigInt(`${whole}${fraction}` || '0');
  let power = nano - fraction.length;
  if (binary > 0) digits *= 1024n ** BigInt(binary);
  else power += exponential === undefined ? (decimals.indexOf(suffix) - 3) * 3 : Number(exponent);
  if (Math.abs(power) > 60) return undefined;
  return {
    amount: power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power)),
    negative: sign === '-',
    family: exponential !== undefined ? 'exponential' : binary > 0 ? 'binary' : 'decimal',
  };
}

/** The number that a quantity is, in billionths. Undefined when it is none. */
export function readQuantity(text: string): bigint | undefined {
  const parsed = parse(text);
  return parsed && (parsed.negative ? -parsed.amount : parsed.amount);
}

/**
 * A quantity as the real server writes it: without a fraction, with the largest suffix of its family that needs none, rounded up to a billionth. The
 * text itself where it is no quantity.
 */
export function canonicalQuantity(text: string): string {
  const parsed = parse(text);
  if (!parsed) return text;
  let { amount } = parsed;
  if (amount === 0n) return '0';
  const minus = parsed.negative ? '-' : '';
  const unit = 10n ** BigInt(nano);
  if (parsed.family === 'binary' && amount >= 1024n * unit) {
    let count = divideUp(amount, unit);
    let place = 0;
    while (count % 1024n === 0n && place < binaries.length - 1) {
      count /= 1024n;
      place += 1;
    }
    return `${minus}${count}${binaries[place] ?? ''}`;
  }
  const exponential = parsed.family === 'exponential';
  let place = 0;
  while (amount % 1000n === 0n && (exponential || place < decimals.length - 1)) {
    amount /= 1000n;
    place += 1;
  }
  if (!exponential) return `${minus}${amount}${decimals[place] ?? ''}`;
  return place === 3 ? `${minus}${amount}` : `${minus}${amount}e${place * 3 - nano}`;
}

const divideUp = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
