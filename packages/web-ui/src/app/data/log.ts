import { kube } from './kube.js';
import { linesOf } from './lines.js';
import { problemOf } from './problem.js';
import { Retry } from './retry.js';

/** Lines that are kept: older ones scroll out. */
const KEPT = 5_000;
/** Lines of the past that are asked for. */
const PAST = 1_000;
/** Characters of a line: one without an end is shown in pieces. */
const LONGEST = 20_000;
/** Milliseconds between two drawings. */
const INTERVAL = 100;

export interface LogSource {
  namespace: string;
  pod: string;
  container: string;
  /** The log of the run before this one, which is over. */
  previous: boolean;
}

export interface LogView {
  /** The newest lines, at most ten times a second. */
  onLines: (lines: readonly string[]) => void;
  /** How it stands, in words. */
  onState: (state: string) => void;
}

/** Follows the log of a container until it ends or the signal aborts. A connection that breaks is made again. */
export async function followLog(source: LogSource, { onLines, onState }: LogView, signal: AbortSignal): Promise<void> {
  const { namespace, pod, container, previous } = source;
  const path = `api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  const which = previous ? 'previous=true' : 'follow=true';
  const query = `container=${encodeURIComponent(container)}&${which}&tailLines=${PAST}`;
  let kept: string[] = [];
  let drawing: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => {
    drawing ??= setTimeout(() => {
      drawing = undefined;
      kept = kept.slice(-KEPT);
      if (!signal.aborted) onLines(kept);
    }, INTERVAL);
  };
  const retry = new Retry(5_000);
  while (!signal.aborted)
    try {
      onState(previous ? '' : 'Following');
      const { body } = await kube(`${path}?${query}`, { signal });
      kept = [];
      draw();
      if (body)
        for await (const line of linesOf(body, LONGEST)) {
          kept.push(line);
          // Between two drawings there may come more than is kept.
          if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
          draw();
        }
      return onState('The log has ended');
    } catch (error) {
      if (signal.aborted) return;
      onState(`${problemOf(error).message}; trying again`);
      await retry.wait(signal);
    }
}
