const powers = 'kmgtp';

/**
 * Reads a size such as `1073741824`, `512m`, `1.5 GiB`; units are powers of 1024.
 * @returns bytes, or what is wrong with the text
 */
export function parseSize(text: string): number | string {
  if (/^[-+]?[0-9]+$/.test(text)) return Number(text);
  const parts = /^([0-9]+(?:\.[0-9]+)?) ?(?:([kmgtp])i?)?b?$/i.exec(text);
  if (parts === null) return `invalid size: '${text}'`;
  const [, amount = '', unit] = parts;
  const power = unit === undefined ? 0 : powers.indexOf(unit.toLowerCase()) + 1;
  return Math.trunc(Number(amount) * 1024 ** power);
}
