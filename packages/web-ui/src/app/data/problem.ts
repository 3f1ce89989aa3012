/** Why something is not shown as it is. */
export interface Problem {
  kind: 'signed out' | 'forbidden' | 'absent' | 'failed' | 'unreachable';
  /** The server's own words, or the browser's. */
  message: string;
}

export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  /** Of Kubernetes' `Status`, for instance `Expired`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof RequestError))
    return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  const kind = ({ 401: 'signed out', 403: 'forbidden', 404: 'absent' } as const)[error.status] ?? 'failed';
  return { kind, message: error.message };
}

/** Whom what is shown is from, as of now: what is wrong with him, and whether he has told everything once. */
export interface Source {
  problem: Problem | undefined;
  complete: boolean;
}

/** The same, followed: whoever reads it is drawn anew when it changes. */
export interface Followed {
  readonly problem: { readonly value: Problem | undefined };
  readonly complete: { readonly value: boolean };
}

export const sourceOf = ({ problem, complete }: Followed): Source => ({
  problem: problem.value,
  complete: complete.value,
});
