/**
 * Reads a boolean that is written as text.
 * @param warn told when the text is one of YAML 1.1's
 * @returns undefined for a text that is none
 */
export function readFlag(text: string, warn: (text: string) => void): boolean | undefined {
  const value = text.toLowerCase();
  if (value === 'true' || value === 'false') return value === 'true';
  const yes = ['y', 'yes', 'on'].includes(value);
  if (!yes && !['n', 'no', 'off'].includes(value)) return undefined;
  warn(`${JSON.stringify(text)} for boolean is not supported by YAML 1.2, please use \`${yes}\``);
  return yes;
}
