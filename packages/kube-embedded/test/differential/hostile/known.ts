import type { Difference } from '../verdict.js';

/** A kind of hostile request that the embedded server is known to answer otherwise than the real one. */
interface KnownKind {
  /** A line that tells of a difference of this kind. */
  readonly line: RegExp;
  readonly reason: string;
}

const kinds: readonly KnownKind[] = [
  {
    line: /^type: .*the real one says "application\/vnd\.kubernetes\.protobuf"$/,
    reason: 'answers are in JSON or YAML',
  },
];

/** Why the answers to a hostile request are known to differ. */
export const reasonOf = ({ lines }: Difference): string | undefined =>
  kinds.find(({ line }) => lines.some((one) => line.test(one)))?.reason;
