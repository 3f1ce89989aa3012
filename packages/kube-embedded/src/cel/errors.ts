/** One thing that is wrong with an expression, and where: an offset in its text. */
export interface Issue {
  readonly at: number;
  readonly message: string;
}

/** An expression that is none, or whose types do not fit. Its message is in the form of cel-go, with the place marked in the text. */
export class CelCompileError extends Error {
  readonly code = 'CelCompileError';
  readonly issues: readonly Issue[];

  constructor(source: string, issues: readonly Issue[]) {
    super(issues.map((issue) => describe(source, issue)).join('\n'));
    this.issues = issues;
  }
}

function describe(source: string, { at, message }: Issue): string {
  const before = source.slice(0, at).split('\n');
  const column = [...(before.at(-1) ?? '')].length;
  const line = source.split('\n')[before.length - 1] ?? '';
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

/** What an expression comes to that has no value: `no such key: x`. `&&`, `||`, `all` and `exists` may pass over it. */
export class CelEvaluationError extends Error {
  readonly code = 'CelEvaluationError';
}

/** An expression costs more than it may. Nothing passes over it. */
export class CelCostExceeded extends Error {
  readonly code = 'CelCostExceeded';

  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

export const noOverload = (): CelEvaluationError => new CelEvaluationError('no such overload');
