/** Bytes: a number, or, where that would lose digits, from 2^53 on, a bigint. */
export type Size = number | bigint;

const powers = 'kmgtp';
const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** The same whole number as a number where that is exact. */
export function toSize(bytes: bigint): Size {
  const rounded = Number(bytes);
  return Number.isSafeInteger(rounded) ? rounded : bytes;
}

/**
 * Reads a size such as `1073741824`, `512m`, `1.5 GiB`, `-1`; units are powers of 1024. The last digit, dot or space ends the number.
 * @returns bytes, or what is wrong with the text
 */
export function parseSize(text: string): Size | string {
  if (/^[-+]?[0-9]{1,19}$/.test(text)) {
    const bytes = BigInt(text.replace(/^\+/, ''));
    if (bytes >= least && bytes <= most) return toSize(bytes);
  }
  const [, number, suffix = ''] = /^(.*[0-9.]|.*(?= )) ?([^0-9. ]*)$/s.exec(text) ?? [];
  if (number === undefined) return `invalid size: '${text}'`;
  if (!/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(number)) {
    return `strconv.ParseFloat: parsing ${JSON.stringify(number)}: invalid syntax`;
  }
  const unit = /^(?:([kmgtp])(?:i?b)?|b)?$/i.exec(suffix);
  if (unit === null) return `invalid suffix: '${suffix.length > 3 ? suffix : suffix.toLowerCase()}'`;
  const power = unit[1] === undefined ? 0 : powers.indexOf(unit[1].toLowerCase()) + 1;
  const bytes = Math.trunc(Number(number) * 1024 ** power);
  return Number(number) < 0 || bytes >= 2 ** 63 ? `invalid size: '${text}'` : toSize(BigInt(bytes));
}
