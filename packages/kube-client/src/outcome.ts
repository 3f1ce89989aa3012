/** How a thing that is waited for comes about, or does not. */
export interface Outcome<R> {
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
  /** Aborted when the waiting is over, however it ended: what was started for it ends then. */
  readonly over: AbortSignal;
}

export interface OutcomeOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds; absent: as long as it takes. */
  timeout?: number | undefined;
  /** What a wait that took too long is rejected with. */
  late: () => Error;
}

/** Waits for what `start` brings about. Rejects with the signal's reason, with `late`'s error, or with what `start` rejects with. */
export async function waitForOutcome<R>(
  { signal, timeout, late }: OutcomeOptions,
  start: (outcome: Outcome<R>) => void,
): Promise<R> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  try {
    return await new Promise<R>((resolve, reject) => {
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', abort);
      const timer = timeout === undefined ? undefined : setTimeout(() => reject(late()), timeout);
      stop.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      });
      start({ resolve, reject, over: stop.signal });
    });
  } finally {
    stop.abort();
  }
}
