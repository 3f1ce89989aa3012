/** `--flag=value` words of a command; a flag without value is `true`. Other words are left out. */
export function readFlags(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const word of words) {
    const match = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(word);
    if (match) flags.set(match[1] ?? '', match[2] ?? 'true');
  }
  return flags;
}

/** Values separated by commas. */
export function readList(value: string): string[] {
  return value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
