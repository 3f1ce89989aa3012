/** Reads `/readyz?verbose` of an API server, `[+]etcd ok` and `[-]etcd failed: …` a line: which part is ready. */
export function readParts(text: string): ReadonlyMap<string, boolean> {
  const lines = text.split('\n').map((line) => /^\[([+-])\](\S+)/.exec(line));
  return new Map(lines.flatMap((found) => (found ? [[found[2] ?? '', found[1] === '+'] as const] : [])));
}
