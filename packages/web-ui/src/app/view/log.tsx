import { useEffect, useRef, useState } from 'preact/hooks';
import { kube } from '../data/kube.js';
import { linesOf } from '../data/lines.js';
import { problemOf } from '../data/problem.js';
import { Retry } from '../data/retry.js';
import type { Pod } from '../model/pod.js';

/** Lines that are kept: older ones scroll out. */
const KEPT = 5_000;
/** Characters of a line: one without an end is shown in pieces. */
const LONGEST = 20_000;

/** The log of one container, followed. Lines are text, whatever they hold. */
export function LogView({ pod }: { pod: Pod }) {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map(({ name }) => name);
  const [container, setContainer] = useState(containers[0] ?? '');
  const [open, setOpen] = useState(false);
  const [lines, setLines] = useState<readonly string[]>([]);
  const [state, setState] = useState('');
  const view = useRef<HTMLPreElement>(null);
  const { name = '', namespace = '', uid } = pod.metadata ?? {};
  // A container that starts anew has a log that starts anew.
  const restarts = pod.status?.containerStatuses?.find((one) => one.name === container)?.restartCount ?? 0;

  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    let kept: string[] = [];
    let drawing: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      drawing ??= setTimeout(() => {
        drawing = undefined;
        kept = kept.slice(-KEPT);
        if (!stop.signal.aborted) setLines(kept);
      }, 100);
    };
    const follow = async (): Promise<void> => {
      const retry = new Retry(5_000);
      while (!stop.signal.aborted) {
        try {
          setState('Following');
          const path = `api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`;
          const query = `container=${encodeURIComponent(container)}&follow=true&tailLines=1000`;
          const { body } = await kube(`${path}?${query}`, { signal: stop.signal });
          kept = [];
          draw();
          if (body)
            for await (const line of linesOf(body, LONGEST)) {
              kept.push(line);
              // Between two drawings there may come more than is kept.
              if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
              draw();
            }
          setState('The log has ended');
          return;
        } catch (error) {
          if (stop.signal.aborted) return;
          setState(`${problemOf(error).message}; trying again`);
          await retry.wait(stop.signal);
        }
      }
    };
    void follow();
    return () => {
      stop.abort();
      clearTimeout(drawing);
    };
  }, [open, container, uid, restarts]);

  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && view.current) view.current.scrollTop = view.current.scrollHeight;
  }, [lines]);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2>Log</h2>
      </summary>
      <p class="line">
        <label>
          Container{' '}
          <select value={container} onChange={({ currentTarget }) => setContainer(currentTarget.value)}>
            {containers.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>{' '}
        <span class="quiet" role="status">
          {state}
        </span>
      </p>
      <pre
        ref={view}
        class="log"
        role="region"
        tabIndex={0}
        aria-label={`Log of ${container}`}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          (atEnd.current = scrollHeight - scrollTop - clientHeight < 8)
        }
      >
        {lines.join('\n')}
      </pre>
    </details>
  );
}
