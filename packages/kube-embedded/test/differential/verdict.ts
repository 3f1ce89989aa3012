import { differences } from './compare.js';
import type { Told } from './suite.js';

/** Where the embedded server is known to answer otherwise than the real one, and why. */
export interface Known {
  /** The sequence or command. */
  readonly in: string;
  /** Which of its answers; the first alone when left out, as of a command. */
  readonly steps?: readonly number[];
  readonly reason: string;
}

/** An answer that differs. */
export interface Difference {
  readonly name: string;
  readonly step: number;
  readonly lines: readonly string[];
}

export interface Verdict {
  readonly entries: number;
  readonly agreeing: number;
  readonly answers: number;
  readonly known: readonly (Difference & { readonly reason: string })[];
  /** Those that nobody has said a reason for. */
  readonly unknown: readonly Difference[];
  /** Known differences that are none any more. */
  readonly settled: readonly { readonly name: string; readonly step: number }[];
}

const stepsOf = (known: Known): readonly number[] => known.steps ?? [0];

/** Compares what both said, and tells what is known to differ from what is not. */
export function judge(ours: Told, theirs: Told, list: readonly Known[]): Verdict {
  const found = Object.entries(theirs).flatMap(([name, answers]) =>
    answers
      .map((answer, step) => ({ name, step, lines: differences(ours[name]?.[step], answer) }))
      .filter(({ lines }) => lines.length > 0),
  );
  const reasonOf = ({ name, step }: Difference): string | undefined =>
    list.find((known) => known.in === name && stepsOf(known).includes(step))?.reason;
  const differing = new Set(found.map(({ name }) => name));
  const entries = Object.keys(theirs).length;
  return {
    entries,
    agreeing: entries - differing.size,
    answers: Object.values(theirs).reduce((sum, answers) => sum + answers.length, 0),
    known: found.flatMap((difference) => {
      const reason = reasonOf(difference);
      return reason === undefined ? [] : [{ ...difference, reason }];
    }),
    unknown: found.filter((difference) => reasonOf(difference) === undefined),
    settled: list
      .filter((known) => theirs[known.in] !== undefined)
      .flatMap((known) => stepsOf(known).map((step) => ({ name: known.in, step })))
      .filter(({ name, step }) => !found.some((other) => other.name === name && other.step === step)),
  };
}
