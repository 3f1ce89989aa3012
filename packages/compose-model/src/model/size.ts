const powers = 'kmgtp';

/**
 * Reads a size such as `1073741824`, `512m`, `1.5 GiB`; units are powers of 1024. The last digit, dot or space ends the number.
 * @returns bytes, or what is wrong with the text
 */
export function parseSize(text: string): number | string {
  const wrong = `invalid size: '${text}'`;
  const parts = /^(\+?[0-9]*\.?[0-9]*(?:e[-+]?[0-9]+)?) ?([a-z]{0,3})$/i.exec(text);
  const [, number = '', suffix = ''] = parts ?? [];
  if (!/[0-9]/.test(number)) return wrong;
  const unit = /^(?:([kmgtp])(?:i?b)?|b)?$/i.exec(suffix);
  if (unit === null) return wrong;
  const power = unit[1] === undefined ? 0 : powers.indexOf(unit[1].toLowerCase()) + 1;
  return Math.trunc(Number(number) * 1024 ** power);
}
