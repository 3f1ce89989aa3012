import type { Pod } from '@kmd/kube-client';

export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';

/** The completion index of a pod of an indexed job. */
export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata?.annotations?.[indexAnnotation];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `1,3-5,7` as the set of its numbers. */
export function parseIndexes(text: string | undefined): Set<number> {
  const found = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const [first, last = first] = part.split('-').map(Number);
    if (part === '' || first === undefined || last === undefined || Number.isNaN(first + last)) continue;
    for (let index = first; index <= last; index++) found.add(index);
  }
  return found;
}

/** The text of a set of indexes: three and more in a row, and two, as a range. */
export function printIndexes(indexes: ReadonlySet<number>): string {
  const parts: string[] = [];
  let first: number | undefined;
  let last = -2;
  const close = () => {
    if (first !== undefined)
      parts.push(first === last ? String(first) : last === first + 1 ? `${first},${last}` : `${first}-${last}`);
  };
  for (const index of [...indexes].sort((a, b) => a - b)) {
    if (index !== last + 1) {
      close();
      first = index;
    }
    last = index;
  }
  close();
  return parts.join(',');
}
