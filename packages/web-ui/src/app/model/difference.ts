export interface Line {
  change: ' ' | '+' | '-';
  text: string;
}

/** Lines that are compared with each other at most; beyond that whatever differs is taken as a whole. */
const MOST = 2_000;

/** How to come from one text to the other, in lines: a longest common subsequence stays. */
export function differenceOf(before: string, after: string): Line[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let begin = 0;
  while (begin < a.length && begin < b.length && a[begin] === b[begin]) begin += 1;
  let end = 0;
  while (end < a.length - begin && end < b.length - begin && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ change: ' ', text }));
  return [
    ...same(a.slice(0, begin)),
    ...between(a.slice(begin, a.length - end), b.slice(begin, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

function between(a: readonly string[], b: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ change: '-', text });
  const added = (text: string): Line => ({ change: '+', text });
  if (a.length > MOST || b.length > MOST) return [...a.map(removed), ...b.map(added)];
  // common[i][j]: how many lines the rests of both from i and j have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const lines: Line[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ change: ' ', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(left));
      i += 1;
    } else if (right !== undefined) {
      lines.push(added(right));
      j += 1;
    }
  }
  return lines;
}

/** What has changed, with so many unchanged lines around it; `undefined` stands for lines left out. */
export function hunksOf(lines: readonly Line[], around = 3): (Line | undefined)[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ change }) => change !== ' '),
  );
  return lines.flatMap((line, index) => (near[index] ? [line] : near[index - 1] ? [undefined] : []));
}
