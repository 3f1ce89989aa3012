import type { FuzzedRequest } from '../../hostile/request-fuzz.js';
import { reasonOf } from './known.js';
import type { Difference } from '../verdict.js';

/** Differences of one kind. */
export interface Group {
  readonly kind: string;
  readonly differences: readonly Difference[];
}

/** A line of a difference without what is of its request alone: quoted texts, numbers, and what follows the first words. */
const plain = (line: string): string =>
  line
    .replace(/\\*"(?:[^"\\]|\\.)*?\\+"/g, '…')
    .replace(/\d{4,}/g, '…')
    .replace(/'[^']*'/g, '…')
    .slice(0, 160);

/** Groups differences by what differs, the largest group first. */
export function grouped(differences: readonly Difference[]): readonly Group[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const status = difference.lines.find((line) => line.startsWith('status'));
    const kind = plain(status ?? difference.lines[0] ?? '');
    groups.set(kind, [...(groups.get(kind) ?? []), difference]);
  }
  return [...groups]
    .map(([kind, differences]) => ({ kind, differences }))
    .sort((a, b) => b.differences.length - a.differences.length);
}

/** How many differences have each of the reasons that are known. */
export function counted(differences: readonly Difference[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const difference of differences) {
    const reason = reasonOf(difference);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}

/** So much of a body is shown. */
const shown = 1500;

/** A request as it can be told again. */
export function told({ method, path, headers, body }: FuzzedRequest): string {
  const text = body?.toString() ?? '';
  return `${method} ${path} ${JSON.stringify(headers)}${text === '' ? '' : `\n    ${text.slice(0, shown)}${text.length > shown ? ` … (${text.length} letters)` : ''}`}`;
}
