const decimals = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binaries = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 9;

/**
 * A quantity as the real server writes it: without a fraction, with the largest suffix of its family that needs none, rounded up to a billionth. The
 * text itself where it is no quantity.
 */
export function canonicalQuantity(text: string): string {
  const parsed = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (!parsed || text.length > 60) return text;
  const [, sign = '', whole = '', fraction = '', exponential, exponent = '0', suffix = ''] = parsed;
  if (whole === '' && fraction === '') return text;
  const binary = binaries.indexOf(suffix);
  let digits = BigInt(`${whole}${fraction}` || '0');
  let power = nano - fraction.length;
  if (binary > 0) digits *= 1024n ** BigInt(binary);
  else power += exponential === undefined ? (decimals.indexOf(suffix) - 3) * 3 : Number(exponent);
  if (Math.abs(power) > 60) return text;
  // In billionths, rounded away from zero.
  let amount = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
  if (amount === 0n) return '0';
  const minus = sign === '-' ? '-' : '';
  const unit = 10n ** BigInt(nano);
  if (binary > 0 && amount >= 1024n * unit) {
    let count = divideUp(amount, unit);
    let place = 0;
    while (count % 1024n === 0n && place < binaries.length - 1) {
      count /= 1024n;
      place += 1;
    }
    return `${minus}${count}${binaries[place] ?? ''}`;
  }
  let place = 0;
  while (amount % 1000n === 0n && (exponential !== undefined || place < decimals.length - 1)) {
    amount /= 1000n;
    place += 1;
  }
  if (exponential === undefined) return `${minus}${amount}${decimals[place] ?? ''}`;
  return place === 3 ? `${minus}${amount}` : `${minus}${amount}e${place * 3 - nano}`;
}

const divideUp = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
